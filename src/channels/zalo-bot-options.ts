import type { Address, Incoming, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import type { Rate } from "./rate.ts";
import type { ZaloWordless } from "./zalo-bot-updates.ts";

/** Zalo names no rate; those who send faster get a page that says 429. */
export const ZALO_BOT_PER_SECOND = 5;

/** Event names, with counts, codes and Zalo's own words: never a token, a text or anybody's id. */
export type ZaloBotLog = (event: string, fields: Record<string, string | number>) => void;

/** What the channel says by itself, in Vietnamese. */
export type ZaloBotPhrases = Record<ZaloWordless | "failed" | "tooFast", string>;

/** How many messages went out in a month (`2026-11`), kept over restarts. */
export type SendCounter = {
  /** Resolves to the sum. */
  count(month: string, sends: number): Promise<number>;
  sentIn(month: string): number;
};

export type ZaloBotOptions = {
  token: string;
  /** Where the API is, without the token. */
  apiRoot: string;
  /** Answers in turn. When it resolves the message is on disk or answered; to `null` for one that came before. */
  receive: (incoming: Incoming) => Promise<Reply | null>;
  /** The reply reached Zalo, was refused, or may have arrived: there is nothing left to do for this message. */
  onAnswered?: (incoming: Incoming) => Promise<void>;
  /** The chat is gone: their subscription ends. */
  onBlocked: (from: Address) => Promise<void>;
  onSent?: (result: SendResult["status"]) => void;
  /** Most of the month's messages are sent, or all: a sentence for staff, each once a month. */
  onQuota: (sentence: string) => void;
  sends: SendCounter;
  /** How many messages the plan allows a month; 0: no limit. */
  monthlyLimit: number;
  log: ZaloBotLog;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  /** Null: the channel asks Zalo for messages itself, which Zalo means for trying out only. Without a secret nothing is taken. */
  webhook: { url: string; secret: string | null } | null;
  phrases: ZaloBotPhrases;
  /** How much one chat may ask. */
  rate?: Rate;
  /** How long Zalo may hold a look for messages open, and how long any other call may take. */
  pollSeconds?: number;
  requestSeconds?: number;
};

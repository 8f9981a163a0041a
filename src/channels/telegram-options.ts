import type { Address, Incoming, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import type { BotAccount, Wordless } from "./telegram-updates.ts";
import type { Rate } from "./rate.ts";

/** Event names, with counts, codes and Telegram's own words: never a token, a text or anybody's id. */
export type TelegramLog = (event: string, fields: Record<string, string | number>) => void;

/** What the channel says by itself, in Vietnamese. `gone` is shown in a small window and may hold 200 characters. */
export type TelegramPhrases = Record<Wordless | "gone" | "failed" | "tooFast", string>;

export type TelegramOptions = {
  token: string;
  /** Where the Bot API is, without the token; Telegram's own unless said. */
  apiRoot?: string;
  /** The bot's account where it is known: then a webhook answers before Telegram was asked. */
  botInfo?: BotAccount;
  /** Answers in turn. When it resolves the message is on disk or answered; to `null` for one that came before. */
  receive: (incoming: Incoming) => Promise<Reply | null>;
  /** The reply reached Telegram, was refused, or may have arrived: there is nothing left to do for this message. */
  onAnswered?: (incoming: Incoming) => Promise<void>;
  /** The person blocked the bot, or the chat is gone: their subscription ends. */
  onBlocked: (from: Address) => Promise<void>;
  /** A group became a supergroup: what is kept under its old address belongs to the new one. */
  onMoved?: (from: Address, to: Address) => Promise<void>;
  onReceived?: () => void;
  onSent?: (result: SendResult["status"]) => void;
  log: TelegramLog;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  /** Without it the channel asks Telegram for messages itself. */
  webhook: { url: string; secret: string } | null;
  commands: { command: string; description: string }[];
  phrases: TelegramPhrases;
  /** How much one chat may ask. */
  rate?: Rate;
  /** How long Telegram may hold a look for messages open, and how long any call may take. */
  pollSeconds?: number;
  requestSeconds?: number;
};

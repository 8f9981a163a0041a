import type { Address, Incoming, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import type { Wordless } from "./zalo-oa-events.ts";
import type { Rate } from "./rate.ts";

/** Event names, with counts and codes: never a token, a text or anybody's id. */
export type ZaloOaLog = (event: string, fields: Record<string, string | number>) => void;

/** What the channel says by itself, in Vietnamese. */
export type ZaloOaPhrases = Record<Wordless | "failed" | "tooFast", string>;

/** What the consoles of Zalo show about an Official Account and its application. */
export type ZaloOaAccount = {
  appId: string;
  /** Of the application: refreshes tokens. */
  appSecret: string;
  oaId: string;
  /** Of the OA: signs webhooks. */
  webhookKey: string;
  /** Where the first tokens come from; each can be used once. */
  refreshToken: string;
};

/** `cs`: the address of today; `v2`: the older one, for kinds of OA that `cs` refuses. */
export type SendWay = "cs" | "v2" | "cs-then-v2";

/** What a signature begins with: accounts differ. */
export type SignFirst = "app_id" | "oa_id";

export type ZaloOaOptions = {
  account: ZaloOaAccount;
  sendWay: SendWay;
  signFirst: SignFirst;
  /** Whether announcements may go to people who wrote two to seven days ago: Zalo bills them. */
  paidAllowed: boolean;
  /** Where the OA API and its tokens are; Zalo's own unless said. */
  apiRoot?: string | undefined;
  oauthRoot?: string | undefined;
  /** Holds the tokens of this account; nobody else may read it. */
  tokenFile: string;
  /** Puts a message where it is not lost; false for one that came before. */
  accept: (incoming: Incoming) => Promise<boolean>;
  /** Answers in turn what was accepted. */
  answer: (incoming: Incoming) => Promise<Reply | null>;
  /** The reply reached Zalo, was refused, or may have arrived: there is nothing left to do for this message. */
  onAnswered: (incoming: Incoming) => Promise<void>;
  /** The person left, or is gone: their subscription ends. */
  onBlocked: (from: Address) => Promise<void>;
  contacts: {
    note: (from: Address, at: Date) => void;
    lastOf: (from: Address) => Date | null;
  };
  onSent?: (result: SendResult["status"]) => void;
  /** A sentence for staff. */
  tell: (sentence: string) => void;
  log: ZaloOaLog;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  phrases: ZaloOaPhrases;
  /** How much one person may ask. */
  rate?: Rate;
  /** How long any call may take. */
  requestMs?: number;
};

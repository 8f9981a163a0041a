import type { Action } from "./action.ts";
import type { Address } from "./reply.ts";

/** What is remembered of a conversation. */
export type Memory = {
  /** The page last spoken about. */
  entitlement: string | null;
  /** The choices offered last, in the order shown. */
  choices: Action[];
  /** The commune the person gave. */
  commune: string | null;
  /** The place was asked for once; it is not asked again. */
  askedForPlace: boolean;
  /** The last question, personal numbers masked; null once it is kept for staff. */
  question: string | null;
  /** What that question was answered with, as a feedback button names it. */
  answered: string | null;
  /** The text of an announcement was asked for: the next message is it. */
  awaitsNotice: boolean;
};

export const NO_MEMORY: Memory = {
  entitlement: null,
  choices: [],
  commune: null,
  askedForPlace: false,
  question: null,
  answered: null,
  awaitsNotice: false,
};

/** A conversation fades this long after its last message. */
export const CONVERSATION_FADES_AFTER_MS = 30 * 60 * 1000;

export type Conversations = {
  recall(from: Address, at: Date): Memory;
  remember(from: Address, at: Date, memory: Memory): void;
};

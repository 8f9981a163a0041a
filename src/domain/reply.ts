import type { Action } from "./action.ts";
import type { Facet } from "./facet.ts";

/** Where somebody writes from. `person` is the channel's own id for them and never leaves the channel and the store. */
export type Address = { channel: string; person: string };

/** One message or one press of a button. `id` is unique within the channel. */
export type Incoming = {
  id: string;
  from: Address;
  at: Date;
  content: { type: "text"; text: string } | { type: "action"; action: Action };
};

/** A piece of a sentence that is ready to be shown. */
export type Span = { text: string; strong?: boolean; url?: string };

export type Block =
  | { type: "heading"; text: string }
  | { type: "text"; spans: Span[] }
  | { type: "list"; ordered: boolean; items: Span[][] }
  | { type: "fields"; rows: { label: string; value: string }[] }
  | { type: "source"; text: string };

export type Button = { label: string; action: Action };

export type Outcome = "answer" | "choose" | "none" | "other";

export type Kind =
  | "entitlement"
  | "agency"
  | "commune"
  | "parameter"
  | "target"
  | "situation"
  | "misconception"
  | "out-of-scope"
  | "scam"
  | "notice"
  | "crisis"
  | "smalltalk"
  | "menu";

/** What a reply is about, for logs, counts and tests: never shown to a person. */
export type About = {
  outcome: Outcome;
  kind: Kind | null;
  facet: Facet | null;
  /** The question under Hỏi đáp that was used. */
  faq: string | null;
  entitlements: string[];
  also: string[];
  agency: string | null;
  /** 0 to 1 */
  confidence: number;
};

/** Of a reply that answers no question. */
export const NO_ABOUT: About = {
  outcome: "other",
  kind: null,
  facet: null,
  faq: null,
  entitlements: [],
  also: [],
  agency: null,
  confidence: 1,
};

/** Asked under an answer, beside its choices and not counted among them. */
export type Feedback = { question: string; yes: Button; no: Button };

export type Reply = {
  blocks: Block[];
  buttons: Button[];
  /** Only under what was answered from the content. */
  feedback: Feedback | null;
  about: About;
  /** Something was changed: when this reply is lost, what was asked for must not be done again, since other things may have been done after it. */
  acted?: true;
};

/** The whole bot. */
export type Answer = (incoming: Incoming) => Promise<Reply>;

import type { Expression } from "./parameter.ts";

/** A piece of a sentence as content files hold it; `value` is filled in for the day of the question. */
export type Inline =
  | { type: "text"; text: string }
  | { type: "strong"; text: string }
  | { type: "link"; text: string; url: string }
  | { type: "value"; expression: Expression };

/** One paragraph or one flat list of a content file. */
export type TextBlock =
  | { type: "paragraph"; content: Inline[] }
  | { type: "list"; ordered: boolean; items: Inline[][] };

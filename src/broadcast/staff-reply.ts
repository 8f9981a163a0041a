import type { Block, Reply } from "../domain/reply.ts";

const ABOUT: Reply["about"] = {
  outcome: "other",
  kind: null,
  facet: null,
  faq: null,
  entitlements: [],
  also: [],
  agency: null,
  confidence: 1,
};

/** A reply to staff: strings become paragraphs. */
export function staffReply(...parts: (string | Block)[]): Reply {
  const blocks = parts.map((part): Block =>
    typeof part === "string" ? { type: "text", spans: [{ text: part }] } : part,
  );
  return { blocks, buttons: [], about: ABOUT };
}

export function listOf(items: string[]): Block {
  return { type: "list", ordered: false, items: items.map((text) => [{ text }]) };
}

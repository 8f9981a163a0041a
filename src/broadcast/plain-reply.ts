import { type Block, NO_ABOUT, type Reply } from "../domain/reply.ts";

/** A reply that answers no question: an announcement, or something for staff. Strings become paragraphs. */
export function plainReply(...parts: (string | Block)[]): Reply {
  const blocks = parts.map((part): Block =>
    typeof part === "string" ? { type: "text", spans: [{ text: part }] } : part,
  );
  return { blocks, buttons: [], feedback: null, about: NO_ABOUT };
}

export function listOf(items: string[]): Block {
  return { type: "list", ordered: false, items: items.map((text) => [{ text }]) };
}

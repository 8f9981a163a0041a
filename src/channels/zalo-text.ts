import { splitText } from "../domain/fold.ts";
import type { Reply } from "../domain/reply.ts";
import { renderText } from "./text-render.ts";

/** Zalo allows 2,000 characters and says not of which kind; this is safe in UTF-16 units. */
const MAX_ZALO_TEXT = 1_900;

/** A reply as the texts to send one after another: Zalo Bot has no buttons, so choices are numbered. Empty when there is nothing to read. */
export function renderZalo(reply: Reply): string[] {
  const text = renderText(reply).trim();
  return text === "" ? [] : splitText(text, MAX_ZALO_TEXT);
}

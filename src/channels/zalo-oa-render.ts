import type { Reply } from "../domain/reply.ts";
import { renderZalo } from "./zalo-text.ts";

/** One message to send. */
export type ZaloOaMessage = { text: string; buttons: ZaloOaButton[] };

export type ZaloOaButton = { title: string; type: "oa.query.show"; payload: string };

const MAX_BUTTONS = 5;
const MAX_TITLE = 100;

/**
 * A reply as the messages to send one after another. All choices stand numbered in the text; the first five are buttons under the last message,
 * too: a press writes their number.
 */
export function renderZaloOa(reply: Reply): ZaloOaMessage[] {
  const texts = renderZalo(reply);
  const buttons = reply.buttons.slice(0, MAX_BUTTONS).map(({ label }, index): ZaloOaButton => ({
    title: shortened(`${index + 1}. ${label}`.normalize("NFC")),
    type: "oa.query.show",
    payload: String(index + 1),
  }));
  return texts.map((text, index) => ({
    text,
    buttons: index === texts.length - 1 ? buttons : [],
  }));
}

/** One sentence of the channel's own. */
export function plainZaloOa(text: string): ZaloOaMessage {
  return { text, buttons: [] };
}

function shortened(title: string): string {
  return title.length <= MAX_TITLE ? title : `${Array.from(title).slice(0, 90).join("")}…`;
}

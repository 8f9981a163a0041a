import { encodeAction, MAX_ACTION_BYTES } from "../domain/action.ts";
import { splitText } from "../domain/fold.ts";
import type { Block, Button, Feedback, Reply, Span } from "../domain/reply.ts";

/** One message to send: `text` is Telegram's HTML. */
export type TelegramMessage = { text: string; keyboard: TelegramButton[][] };

export type TelegramButton = { text: string; callback_data: string };

/** Counted in UTF-16 units after the tags are taken out. */
export const MAX_TEXT = 4096;

/** More than 100 buttons under one message are refused; two ask for feedback. */
const MAX_BUTTONS = 98;

type Run = { text: string; style?: "b" | "i" | undefined; url?: string | undefined };

/**
 * A reply as the messages to send one after another; the keyboard stands under the last. Choices are numbered, since “2” may be typed too.
 * Empty when there is nothing to read.
 */
export function renderTelegram(reply: Omit<Reply, "about">): TelegramMessage[] {
  const parts = splitRuns(joined(reply.blocks.map(renderBlock), "\n\n"), MAX_TEXT);
  return parts.map((runs, index) => ({
    text: runs.map(renderRun).join(""),
    keyboard:
      index === parts.length - 1
        ? [...renderKeyboard(reply.buttons), ...renderFeedback(reply.feedback)]
        : [],
  }));
}

/** One sentence of the channel's own. */
export function plainMessage(text: string): TelegramMessage {
  return { text: escape(text), keyboard: [] };
}

function renderBlock(block: Block): Run[] {
  switch (block.type) {
    case "heading":
      return [{ text: block.text, style: "b" }];
    case "text":
      return block.spans.map(runOf);
    case "list":
      return joined(
        block.items.map((item, index) => [
          { text: block.ordered ? `${index + 1}. ` : "• " },
          ...item.map(runOf),
        ]),
        "\n",
      );
    case "fields":
      return joined(
        block.rows.map(({ label, value }) => [
          { text: `${label}:`, style: "b" },
          { text: ` ${value}` },
        ]),
        "\n",
      );
    case "source":
      return [{ text: block.text, style: "i" }];
  }
}

function runOf({ text, strong, url }: Span): Run {
  return {
    text,
    style: strong === true ? "b" : undefined,
    url: isWebAddress(url) ? url : undefined,
  };
}

function isWebAddress(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function joined(paragraphs: Run[][], separator: string): Run[] {
  return paragraphs
    .filter((runs) => runs.some(({ text }) => text !== ""))
    .flatMap((runs, index) => (index === 0 ? runs : [{ text: separator }, ...runs]));
}

/** Cuts the text where `splitText` does; a run that is cut keeps its style on both sides, so no tag is ever broken. */
function splitRuns(runs: Run[], maxUtf16: number): Run[][] {
  const normal = runs.map((run) => ({ ...run, text: run.text.normalize("NFC") }));
  const whole = normal.map(({ text }) => text).join("");
  let from = 0;
  return splitText(whole, maxUtf16).map((part) => {
    const start = whole.indexOf(part, from);
    from = start + part.length;
    return sliceRuns(normal, start, from);
  });
}

function sliceRuns(runs: Run[], start: number, end: number): Run[] {
  let at = 0;
  return runs.flatMap((run) => {
    const text = run.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    at += run.text.length;
    return text === "" ? [] : [{ ...run, text }];
  });
}

function renderRun({ text, style, url }: Run): string {
  const styled = style === undefined ? escape(text) : `<${style}>${escape(text)}</${style}>`;
  return url === undefined ? styled : `<a href="${escape(url)}">${styled}</a>`;
}

/** Everything Telegram's HTML reads as markup. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A row of its own, without numbers; the labels say what the question would. */
function renderFeedback(feedback: Feedback | null): TelegramButton[][] {
  if (feedback === null) return [];
  const { yes, no } = feedback;
  return [
    [
      { text: `👍 ${yes.label}`.normalize("NFC"), callback_data: encodeAction(yes.action) },
      { text: `👎 ${no.label}`.normalize("NFC"), callback_data: encodeAction(no.action) },
    ],
  ];
}

/** One button a row: labels are sentences, and a phone shows about thirty letters. */
function renderKeyboard(buttons: Button[]): TelegramButton[][] {
  return buttons.slice(0, MAX_BUTTONS).flatMap(({ label, action }, index) => {
    const code = encodeAction(action);
    // Telegram would refuse the whole message.
    if (Buffer.byteLength(code) > MAX_ACTION_BYTES) return [];
    const text = buttons.length > 1 ? `${index + 1}. ${label}` : label;
    return [[{ text: text.normalize("NFC"), callback_data: code }]];
  });
}

import type { Block, Reply, Span } from "../domain/reply.ts";

/** A reply as plain text for a terminal, a log of tests, or a channel without buttons: choices are numbered from 1. */
export function renderText(reply: Reply): string {
  const parts = reply.blocks.map(renderBlock);
  if (reply.buttons.length > 0) {
    parts.push(reply.buttons.map((button, index) => `${index + 1}. ${button.label}`).join("\n"));
  }
  return parts.join("\n\n").normalize("NFC");
}

function renderBlock(block: Block): string {
  switch (block.type) {
    case "heading":
      return block.text.toUpperCase();
    case "text":
      return plain(block.spans);
    case "list":
      return block.items
        .map((item, index) => `${block.ordered ? `${index + 1})` : "-"} ${plain(item)}`)
        .join("\n");
    case "fields":
      return block.rows.map((row) => `${row.label}: ${row.value}`).join("\n");
    case "source":
      return `[${block.text}]`;
  }
}

function plain(spans: Span[]): string {
  return spans
    .map((span) =>
      span.url === undefined || span.url === span.text ? span.text : `${span.text} (${span.url})`,
    )
    .join("");
}

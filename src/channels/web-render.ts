import { encodeAction } from "../domain/action.ts";
import type { Block, Button, Reply, Span } from "../domain/reply.ts";

/** What the page gets. It builds elements with `textContent` only, so every string here is text, never markup. */
export type WebReply = {
  blocks: Block[];
  buttons: WebButton[];
  feedback: { question: string; yes: WebButton; no: WebButton } | null;
};

type WebButton = { label: string; action: string };

/** A reply, or the part of one that is shown, as the page's JSON. Links that are not https become plain text. */
export function renderWeb({ blocks, buttons, feedback }: Omit<Reply, "about">): WebReply {
  return {
    blocks: renderBlocks(blocks),
    buttons: buttons.map(renderButton),
    feedback: feedback && {
      question: feedback.question,
      yes: renderButton(feedback.yes),
      no: renderButton(feedback.no),
    },
  };
}

function renderButton({ label, action }: Button): WebButton {
  return { label, action: encodeAction(action) };
}

export function renderBlocks(blocks: Block[]): Block[] {
  return blocks.map(renderBlock);
}

function renderBlock(block: Block): Block {
  switch (block.type) {
    case "text":
      return { type: "text", spans: block.spans.map(renderSpan) };
    case "list":
      return {
        type: "list",
        ordered: block.ordered,
        items: block.items.map((item) => item.map(renderSpan)),
      };
    case "heading":
    case "fields":
    case "source":
      return block;
  }
}

function renderSpan({ text, strong, url }: Span): Span {
  return {
    text,
    ...(strong === true && { strong }),
    ...(url !== undefined && isHttps(url) && { url }),
  };
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === "https:";
}

/** What the page shows before the first question: who answers, what is kept, and a few ways to begin. */
export type Greeting = Pick<Reply, "blocks" | "buttons">;

/** A greeting as JSON that may stand inside a `<script type="application/json">`. `listens`: the page is to wait for announcements. */
export function renderGreeting(greeting: Greeting, listens: boolean): string {
  return JSON.stringify({ ...renderWeb({ ...greeting, feedback: null }), listens }).replace(
    /</g,
    "\\u003c",
  );
}

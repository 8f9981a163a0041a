import { say, text } from "./answer/compose.ts";
import type { Greeting } from "./channels/web-render.ts";
import type { ContentBase } from "./domain/content-base.ts";

/** More would push the question box off a small screen. */
const SITUATIONS_SHOWN = 4;

/** What the web page says at first contact: what the bot is, what it keeps, and a few ways to begin. */
export function webGreeting(content: ContentBase): Greeting {
  const { office } = content.phrases;
  const sentences = [
    say(content, "greeting", { don_vi: office ?? "" }),
    ...(office === null ? [say(content, "trial")] : []),
    say(content, "privacy"),
  ];
  const situations = content.situations.slice(0, SITUATIONS_SHOWN);
  return {
    blocks: sentences.map(text),
    buttons: [
      ...situations.map(({ id, name }) => ({
        label: name,
        action: { do: "situation" as const, id },
      })),
      { label: say(content, "menuChoice"), action: { do: "menu" } },
    ],
  };
}

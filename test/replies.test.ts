import { beforeAll, describe, expect, test } from "vitest";
import type { Brain } from "../src/answer/brain.ts";
import { composeEntitlement } from "../src/answer/compose.ts";
import { renderText } from "../src/channels/text-render.ts";
import { decodeAction, encodeAction, MAX_ACTION_BYTES } from "../src/domain/action.ts";
import { FACETS, type Facet } from "../src/domain/facet.ts";
import type { Reply } from "../src/domain/reply.ts";
import { realBrain, TODAY, talkTo } from "./brain.ts";

let brain: Brain;
let replies: { what: string; reply: Reply }[];

/** What fits on two screens of an old phone. */
const LONGEST = 900;

beforeAll(async () => {
  brain = await realBrain();
  replies = Object.values(brain.content.entitlements).flatMap((page) => {
    const compose = (facet: Facet | null, faq: number | null) =>
      composeEntitlement(
        { content: brain.content, day: TODAY, commune: null, askForPlace: true },
        { id: page.id, facet, faq, particular: false, also: [], confidence: 1 },
      );
    return [
      { what: page.id, reply: compose(null, null) },
      ...FACETS.map((facet) => ({ what: `${page.id} ${facet}`, reply: compose(facet, null) })),
      ...page.faqs.map((faq, index) => ({
        what: `${page.id} “${faq.question}”`,
        reply: compose(null, index),
      })),
    ];
  });
});

describe("every answer of every page", () => {
  test("is short before its source", () => {
    const long = replies.flatMap(({ what, reply }) => {
      const body = renderText({
        ...reply,
        blocks: reply.blocks.filter((block) => block.type !== "source"),
        buttons: [],
      });
      return body.length > LONGEST ? [`${what}: ${body.length}`] : [];
    });
    expect(long).toEqual([]);
  });

  test("has nothing left unfilled and is composed Vietnamese", () => {
    for (const { what, reply } of replies) {
      const text = renderText(reply);
      expect(text, what).not.toMatch(/\{|\}|undefined|NaN|null/);
      expect(text, what).toBe(text.normalize("NFC"));
    }
  });

  test("ends with a law or instrument, the clause of the plan and the day it was compared", () => {
    for (const { what, reply } of replies) {
      const source = reply.blocks.at(-1);
      expect(source?.type, what).toBe("source");
      expect(renderText({ ...reply, blocks: reply.blocks.slice(-1), buttons: [] })).toMatch(
        /^\[Căn cứ: .+ Kế hoạch 219\/KH-UBND, .*mục .+ Đối chiếu ngày \d\d\/\d\d\/\d{4}, .+\]$/,
      );
    }
  });

  test("has choices that fit into a button and come back the same", () => {
    for (const { reply } of replies) {
      for (const { action } of reply.buttons) {
        expect(Buffer.byteLength(encodeAction(action))).toBeLessThanOrEqual(MAX_ACTION_BYTES);
        expect(decodeAction(encodeAction(action))).toEqual(action);
      }
    }
  });
});

test("every choice can be reached by typing its number", async () => {
  const talk = talkTo(brain);
  const { buttons } = await talk("trợ cấp thất nghiệp");
  for (const [index, button] of buttons.entries()) {
    await talk("trợ cấp thất nghiệp");
    const typed = await talk(String(index + 1));
    const pressed = await talkTo(brain).press(button.action);
    expect(typed.about.facet).toBe(pressed.about.facet);
  }
});

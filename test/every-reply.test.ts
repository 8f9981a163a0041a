import { beforeAll, describe, expect, test } from "vitest";
import { composeDecision } from "../src/answer/answer.ts";
import type { Brain } from "../src/answer/brain.ts";
import { type Action, decodeAction, encodeAction, MAX_ACTION_BYTES } from "../src/domain/action.ts";
import type { ContentBase, Entitlement } from "../src/domain/content-base.ts";
import { formatDay } from "../src/domain/day.ts";
import type { Reply } from "../src/domain/reply.ts";
import { linesAsOf, partsOf } from "./as-of.ts";
import { realBrain, talkTo, textOf, TODAY } from "./brain.ts";

/** Whatever can be said from the content. */
type Said = Parameters<typeof composeDecision>[1];

const SPOKEN = [
  "violence",
  "childAbuse",
  "suicide",
  "emergency",
  "scam",
  "greeting",
  "thanks",
  "identity",
  "human",
  "help",
  "menu",
  "rude",
  "forget",
] as const;

const MAX_CHARACTERS = 900;

let brain: Brain;
let content: ContentBase;
beforeAll(async () => {
  brain = await realBrain();
  content = brain.content;
});

/** The reply to somebody who has not said where they live. */
function replyTo(decision: Said): Reply {
  return composeDecision({ content, day: TODAY, commune: null, askForPlace: true }, decision);
}

function pageReplies(): { page: Entitlement; part: string; lines: string[]; reply: Reply }[] {
  return Object.values(content.entitlements).flatMap((page) =>
    partsOf(page).map(({ name, facet, faq, blocks }) => ({
      page,
      part: `${page.id}, ${name}`,
      lines: linesAsOf(content, blocks, TODAY),
      reply: replyTo({
        say: "entitlement",
        id: page.id,
        facet,
        faq,
        particular: false,
        also: [],
        confidence: 1,
      }),
    })),
  );
}

/** What everything else in the content is answered with. */
function otherReplies(): { part: string; reply: Reply }[] {
  const { misconceptions, plan, situations, outOfScope, parameters, agencies, communes, fields } =
    content;
  const decisions: Said[] = [
    ...misconceptions.map((_, index) => ({
      say: "misconception" as const,
      index,
      also: [],
      confidence: 1,
    })),
    ...Object.keys(plan.clauses).map((id) => ({
      say: "clause" as const,
      id,
      target: null,
      confidence: 1,
    })),
    ...plan.targets.map(({ id, clause }) => ({
      say: "clause" as const,
      id: clause,
      target: id,
      confidence: 1,
    })),
    ...situations.map(({ id }) => ({ say: "situation" as const, id, confidence: 1 })),
    ...outOfScope.map(({ id }) => ({ say: "outOfScope" as const, id, confidence: 1 })),
    ...Object.keys(parameters).map((id) => ({ say: "parameter" as const, id })),
    ...Object.keys(agencies).map((id) => ({ say: "agency" as const, id })),
    ...Object.keys(fields).map((id) => ({ say: "field" as const, id })),
    ...communes.map(({ code }) => ({ say: "commune" as const, code })),
    ...SPOKEN.map((family) => ({ say: "family" as const, family })),
    { say: "unknown", near: Object.keys(fields).slice(0, 3), nearest: null },
    { say: "facetOfWhat" },
    { say: "choiceGone" },
    { say: "empty" },
    { say: "symbols" },
  ];
  return decisions.map((decision) => ({
    part: JSON.stringify(decision),
    reply: replyTo(decision),
  }));
}

describe("a page's answer", () => {
  test("is at most 900 characters before the source line", () => {
    const long = pageReplies().flatMap(({ part, reply }) => {
      const text = textOf({ ...reply, buttons: [] });
      const length = text.lastIndexOf("\n\n[");
      return length > MAX_CHARACTERS ? [`${part}: ${length}`] : [];
    });
    expect(long).toEqual([]);
  });

  test("shows all that the page says there", () => {
    const lost = pageReplies().flatMap(({ part, lines, reply }) => {
      const text = textOf(reply);
      return lines.filter((line) => !text.includes(line)).map((line) => `${part}: ${line}`);
    });
    expect(lost).toEqual([]);
  });

  test("ends with a source line that names the law, the clauses of the plan and the day of the check", () => {
    for (const { page, part, reply } of pageReplies()) {
      const last = reply.blocks.at(-1);
      const source = last?.type === "source" ? last.text : "";
      const [law = ""] = linesAsOf(content, page.sections.legal.body, TODAY);
      expect(source, part).toContain(law.replace(/[.;,\s]+$/, ""));
      expect(source, part).toContain(content.plan.number);
      for (const clause of page.clauses) {
        const number = clause.replace(/^PL\.|\.g\d+$/g, "");
        expect(source.split(content.plan.number).at(-1), `${part} ${clause}`).toContain(
          ` ${number}`,
        );
      }
      expect(source, part).toContain(formatDay(page.reviewedOn));
      expect(reply.blocks.filter((block) => block.type === "source")).toHaveLength(1);
    }
  });

  test("names the page, its heading and its question in what is counted", () => {
    for (const page of Object.values(content.entitlements)) {
      for (const { facet, faq } of partsOf(page)) {
        const { about } = replyTo({
          say: "entitlement",
          id: page.id,
          facet,
          faq,
          particular: false,
          also: [],
          confidence: 1,
        });
        expect(about).toMatchObject({ outcome: "answer", kind: "entitlement" });
        expect(about.entitlements).toEqual([page.id]);
        expect(about.facet).toBe(facet);
        expect(about.faq).toBe(faq === null ? null : page.faqs[faq]?.question);
      }
    }
  });
});

describe("every reply", () => {
  const all = () => [...pageReplies(), ...otherReplies()];

  test("is finished text: no gap is left to fill, nothing is undefined", () => {
    const gap = /\{\{|\}\}|\{\w+\}|undefined|\bnull\b|NaN|\[object/u;
    const faulty = all().filter(({ reply }) => gap.test(textOf(reply)));
    expect(faulty.map(({ part, reply }) => `${part}: ${textOf(reply)}`)).toEqual([]);
  });

  test("has no blank where a word should be, and no doubled full stop", () => {
    const slip = / {2}|\(\)|: ?\.|\s[.,;](?=\s|$)|(?<!\.)\.\.(?!\.)|,\s*[,.]/u;
    const faulty = all().flatMap(({ part, reply }) =>
      textOf(reply)
        .split("\n")
        .filter((line) => slip.test(line))
        .map((line) => `${part}: ${line}`),
    );
    expect(faulty).toEqual([]);
  });

  test("is composed, ordinary text (NFC, no odd spaces, nothing invisible)", () => {
    for (const { part, reply } of all()) {
      const text = textOf(reply);
      expect(text, part).toBe(text.normalize("NFC"));
      expect(text, part).not.toMatch(/(?! |\n)[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u);
      expect(text.trim(), part).not.toBe("");
    }
  });

  test("has buttons that fit in 64 bytes, come back the same, and lead somewhere", async () => {
    const actions = new Map<string, Action>();
    for (const { part, reply } of all()) {
      for (const { label, action } of reply.buttons) {
        const code = encodeAction(action);
        expect(Buffer.byteLength(code), part).toBeLessThanOrEqual(MAX_ACTION_BYTES);
        expect(decodeAction(code), part).toEqual(action);
        expect(label.trim(), part).not.toBe("");
        actions.set(code, action);
      }
    }
    const gone = textOf(replyTo({ say: "choiceGone" }));
    for (const [code, action] of actions) {
      expect(textOf(await talkTo(brain).press(action)), code).not.toBe(gone);
    }
    expect(actions.size).toBeGreaterThan(Object.keys(content.entitlements).length * 5);
  });
});

describe("a choice", () => {
  /** Replies with choices, as somebody comes to see them by pressing alone. */
  const roads = (): Action[] => [
    { do: "menu" },
    { do: "human" },
    ...Object.keys(content.fields).map((id) => ({ do: "field" as const, id })),
    ...content.situations.map(({ id }) => ({ do: "situation" as const, id })),
    ...Object.keys(content.plan.clauses).map((id) => ({ do: "clause" as const, id })),
    ...Object.keys(content.entitlements).map((id) => ({
      do: "entitlement" as const,
      id,
      facet: null,
    })),
  ];

  test("can be reached by typing its number", async () => {
    let typed = 0;
    for (const road of roads()) {
      const { buttons } = await talkTo(brain).press(road);
      for (const [index, { label, action }] of buttons.entries()) {
        const one = talkTo(brain);
        const shown = await one.press(road);
        expect(textOf(shown)).toContain(`\n${index + 1}. ${label}`);
        const other = talkTo(brain);
        await other.press(road);
        expect(await one(String(index + 1))).toEqual(await other.press(action));
        typed += 1;
      }
    }
    expect(typed).toBeGreaterThan(500);
  });

  test.each(["2", "số 2", "so 2", "chọn 2", "2.", " 2) "])("“%s” is the second", async (text) => {
    const talk = talkTo(brain);
    const { buttons } = await talk.press({ do: "menu" });
    const second = buttons[1]?.action;
    expect(second?.do).toBe("field");
    const reply = await talk(text);
    expect(second && (await talkTo(brain).press(second))).toEqual(reply);
  });

  test("of a page shows every heading but the one being read", () => {
    for (const page of Object.values(content.entitlements)) {
      for (const { facet, faq, applies } of partsOf(page)) {
        if (faq !== null || !applies) continue;
        const { buttons } = replyTo({
          say: "entitlement",
          id: page.id,
          facet,
          faq,
          particular: false,
          also: [],
          confidence: 1,
        });
        const offered = buttons.map(({ action }) => action.do === "entitlement" && action.facet);
        const others = partsOf(page).filter(
          (other) => other.facet !== null && other.applies && other.facet !== facet,
        );
        expect(offered).toEqual(others.map((other) => other.facet));
      }
    }
  });
});

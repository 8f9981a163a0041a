import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { composeDecision } from "../src/answer/answer.ts";
import { say } from "../src/answer/compose.ts";
import { renderText } from "../src/channels/text-render.ts";
import type { ContentBase } from "../src/domain/content-base.ts";
import { addDays, type Day, daysBetween, formatDay } from "../src/domain/day.ts";
import { formatAmount } from "../src/domain/parameter.ts";
import { amountAsOf, existsOn, filledIn, linesAsOf, partsOf, rowAsOf, within } from "./as-of.ts";
import { realContent } from "./brain.ts";

/** Whatever can be said from the content. */
type Said = Parameters<typeof composeDecision>[1];

const FIRST: Day = "2024-07-08";
const LAST: Day = "2028-12-31";
const OFFICES_FROM: Day = "2025-07-01";

let content: ContentBase;
beforeAll(async () => {
  content = await realContent();
});

/** Every day on which something begins, and the day before it. */
function turningDays(): Day[] {
  const rows = Object.values(content.parameters).flatMap((parameter) => parameter.values);
  const spans = [...rows, ...Object.values(content.agencies)];
  const texts = [...Object.values(content.entitlements), ...content.misconceptions];
  const begins = [
    ...spans.map(({ from }) => from),
    ...spans.flatMap(({ to }) => (to === null ? [] : [addDays(to, 1)])),
    ...texts.map(({ trueFrom }) => trueFrom),
  ];
  const days = new Set(begins.flatMap((day) => [addDays(day, -1), day]));
  return [FIRST, ...days, LAST].filter((day) => FIRST <= day && day <= LAST);
}

/** Some faults of the first day that has any, of every turning day and of some others. */
function faultsOfAnyDay(faultsOn: (day: Day) => string[]): string[] {
  const examples = turningDays().map((day): [Day] => [day]);
  const day = fc
    .integer({ min: 0, max: daysBetween(FIRST, LAST) })
    .map((offset) => addDays(FIRST, offset));
  const { counterexample } = fc.check(
    fc.property(day, (one) => faultsOn(one).length === 0),
    { examples, numRuns: examples.length + 20 },
  );
  return counterexample === null ? [] : faultsOn(counterexample[0]).slice(0, 5);
}

function textOn(day: Day, decision: Said): string {
  const setting = { content, day, commune: null, askForPlace: true };
  return renderText(composeDecision(setting, decision));
}

function pageTexts(day: Day) {
  return Object.values(content.entitlements).flatMap((page) =>
    partsOf(page).map((part) => ({
      page,
      part,
      where: `${formatDay(day)} ${page.id}, ${part.name}`,
      text: textOn(day, {
        say: "entitlement",
        id: page.id,
        facet: part.facet,
        faq: part.faq,
        particular: false,
        also: [],
        confidence: 1,
      }),
    })),
  );
}

function misconceptionTexts(day: Day) {
  return content.misconceptions.map((row, index) => ({
    row,
    where: `${formatDay(day)} ${row.id}`,
    text: textOn(day, { say: "misconception", index, also: [], confidence: 1 }),
  }));
}

const missing = (where: string, text: string, lines: string[]) =>
  lines.filter((line) => !text.includes(line)).map((line) => `${where} lacks: ${line}`);

test("every amount on a page is the one of the day, and where there is none the page says so", () => {
  const faults = faultsOfAnyDay((day) =>
    pageTexts(day).flatMap(({ page, part, where, text }) =>
      day < page.trueFrom || !part.applies
        ? []
        : missing(where, text, linesAsOf(content, part.blocks, day)),
    ),
  );
  expect(faults).toEqual([]);
});

/** What a reply says for itself: without the door and the source line, which every reply of a page has. */
function ownWords(text: string): string {
  const isOwn = (line: string) =>
    !line.startsWith("[") && filledIn(content, "whereToday", line).length === 0;
  return text.split("\n").filter(isOwn).join("\n");
}

test("before its first day a page says from when it is true and states nothing", () => {
  const faults = faultsOfAnyDay((day) =>
    pageTexts(day).flatMap(({ page, part, where, text }) => {
      const words = { tu: formatDay(page.trueFrom), ngay: formatDay(day) };
      const notYet = text.includes(say(content, "notYetTrue", words));
      if (day >= page.trueFrom) return notYet ? [`${where} says it is not yet true`] : [];
      const own = ownWords(text);
      return [
        ...(notYet ? [] : [`${where} does not say that it is not yet true`]),
        ...linesAsOf(content, part.blocks, day)
          .filter((line) => own.includes(line))
          .map((line) => `${where} states: ${line}`),
      ];
    }),
  );
  expect(faults).toEqual([]);
});

test("what is true instead of a misunderstanding carries the amounts of the day", () => {
  const faults = faultsOfAnyDay((day) =>
    misconceptionTexts(day).flatMap(({ row, where, text }) =>
      day < row.trueFrom ? [] : missing(where, text, linesAsOf(content, row.truth, day)),
    ),
  );
  expect(faults).toEqual([]);
});

test("a misunderstanding is not put right with what is not yet true on the day", () => {
  const faults = faultsOfAnyDay((day) =>
    misconceptionTexts(day).flatMap(({ row, where, text }) =>
      day >= row.trueFrom
        ? []
        : linesAsOf(content, row.truth, day)
            .filter((line) => text.includes(line))
            .map((line) => `${where}, true from ${formatDay(row.trueFrom)}, states: ${line}`),
    ),
  );
  expect(faults).toEqual([]);
});

test("the first step of a life situation carries the amounts of the day", () => {
  const faults = faultsOfAnyDay((day) =>
    content.situations.flatMap(({ id, firstStep }) => {
      const text = textOn(day, { say: "situation", id, confidence: 1 });
      return missing(`${formatDay(day)} ${id}`, text, linesAsOf(content, firstStep, day));
    }),
  );
  expect(faults).toEqual([]);
});

function ownAmount(id: string, day: Day) {
  return amountAsOf(content, { operands: [{ type: "parameter", id }], operators: [] }, day);
}

test("a value asked for by name is the one of the day with its law, or is said not to be known for it", () => {
  const faults = faultsOfAnyDay((day) =>
    Object.keys(content.parameters).flatMap((id) => {
      const text = textOn(day, { say: "parameter", id });
      const amount = ownAmount(id, day);
      const [stated, ...more] = filledIn(content, "parameterIs", text);
      const where = `${formatDay(day)} ${id}`;
      if (amount === undefined) {
        const says = text.toLowerCase().includes(say(content, "noValueOnDay"));
        return stated === undefined && says ? [] : [`${where} has no value but states: ${text}`];
      }
      const law = rowAsOf(content, id, day)?.legal ?? "";
      const states = stated?.["muc"]?.toLowerCase().startsWith(formatAmount(amount)) === true;
      return [
        ...(states && more.length === 0 ? [] : [`${where} does not state ${formatAmount(amount)}`]),
        ...(text.includes(law) ? [] : [`${where} does not name ${law}`]),
      ];
    }),
  );
  expect(faults).toEqual([]);
});

const HISTORY = /^- Từ (\d\d)\/(\d\d)\/(\d{4})(?: đến (\d\d)\/(\d\d)\/(\d{4}))?: (.+)$/gmu;

test("what a value was or will be at other times is true on the first and the last day told", () => {
  const faults: string[] = [];
  let told = 0;
  for (const id of Object.keys(content.parameters)) {
    for (const day of [FIRST, OFFICES_FROM, LAST]) {
      for (const found of textOn(day, { say: "parameter", id }).matchAll(HISTORY)) {
        const [line, d1, m1, y1, d2, m2, y2, stated] = found;
        told += 1;
        const days = [`${y1}-${m1}-${d1}`, ...(y2 === undefined ? [] : [`${y2}-${m2}-${d2}`])];
        for (const other of days as Day[]) {
          const amount = ownAmount(id, other);
          if (amount === undefined || formatAmount(amount) !== stated) faults.push(`${id} ${line}`);
        }
        if (days.some((other) => other === day)) faults.push(`${id} tells ${day} as another time`);
      }
    }
  }
  expect(faults).toEqual([]);
  expect(told).toBeGreaterThan(100);
});

test("the office named as the door exists on that day; where none is known the page says so", () => {
  const faults = faultsOfAnyDay((day) =>
    [...pageTexts(day), ...misconceptionTexts(day)].flatMap(({ where, text }) => {
      const doors = filledIn(content, "whereToday", text).map((words) => words["ten"]);
      const unknown = text.includes(say(content, "agencyNoneOnDay", { ngay: formatDay(day) }));
      if (doors.length + (unknown ? 1 : 0) !== 1) return [`${where} has not one door: ${text}`];
      return doors
        .filter((name) => !existsOn(content, name, day))
        .map((name) => `${where} names ${name}`);
    }),
  );
  expect(faults).toEqual([]);
});

test("an office asked for by name is told as it is on the day, and one that has ended leads to offices that exist", () => {
  const faults = faultsOfAnyDay((day) =>
    Object.values(content.agencies).flatMap((agency) => {
      if (day < agency.from) return [];
      const text = textOn(day, { say: "agency", id: agency.id });
      const where = `${formatDay(day)} ${agency.id}`;
      const ended = filledIn(content, "agencyEnded", text);
      if (within(day, agency)) return ended.length === 0 ? [] : [`${where} is said to have ended`];
      const heirs = [...text.matchAll(/^- .+?: (.+)$/gmu)].map((found) => found[1]);
      return [
        ...(ended[0]?.["ngay"] === formatDay(agency.to ?? LAST)
          ? []
          : [`${where} is not said to have ended`]),
        ...(heirs.length > 0 ? [] : [`${where} leads nowhere`]),
        ...heirs
          .filter((name) => day >= OFFICES_FROM && !existsOn(content, name, day))
          .map((name) => `${where} leads to ${name}`),
      ];
    }),
  );
  expect(faults).toEqual([]);
});

test("an office that does not exist yet is not said to have ended", () => {
  const faults = faultsOfAnyDay((day) =>
    Object.values(content.agencies).flatMap((agency) => {
      if (day >= agency.from) return [];
      const text = textOn(day, { say: "agency", id: agency.id });
      const ended = filledIn(content, "agencyEnded", text);
      return ended.length === 0 ? [] : [`${formatDay(day)} ${agency.id}: ${text}`];
    }),
  );
  expect(faults).toEqual([]);
});

test("who answers for a target of the plan today is an office that exists", () => {
  const faults = faultsOfAnyDay((day) =>
    day < OFFICES_FROM
      ? []
      : content.plan.targets.flatMap(({ id, clause, agencyThen }) => {
          const text = textOn(day, { say: "clause", id: clause, target: id, confidence: 1 });
          const [told, ...more] = filledIn(content, "targetAgency", text);
          const right =
            more.length === 0 &&
            told?.["truoc"] === content.agencies[agencyThen]?.name &&
            existsOn(content, told?.["nay"], day);
          return right ? [] : [`${formatDay(day)} ${id}: ${text}`];
        }),
  );
  expect(faults).toEqual([]);
});

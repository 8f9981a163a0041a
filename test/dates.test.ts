import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { composeEntitlement, type Setting } from "../src/answer/compose.ts";
import { rehearse } from "../src/answer/rehearse.ts";
import { renderText } from "../src/channels/text-render.ts";
import { isAlive } from "../src/domain/agency.ts";
import type { ContentBase, Entitlement } from "../src/domain/content-base.ts";
import { addDays, type Day, daysBetween, formatDay } from "../src/domain/day.ts";
import { FACETS, type Facet } from "../src/domain/facet.ts";
import {
  datedValueOn,
  evaluate,
  type Expression,
  formatAmount,
  periodsOf,
} from "../src/domain/parameter.ts";
import type { TextBlock } from "../src/domain/text.ts";
import { realContent, TODAY } from "./brain.ts";

const FIRST: Day = "2024-07-08";
const LAST: Day = "2028-12-31";
const OFFICES_FROM: Day = "2025-07-01";

let content: ContentBase;
let days: Day[];
beforeAll(async () => {
  content = await realContent();
  const changes = Object.keys(content.parameters)
    .flatMap((id) => periodsOf(content.parameters, id))
    .flatMap(({ from, to }) => [from, addDays(from, -1), ...(to === null ? [] : [to])])
    .filter((day) => FIRST <= day && day <= LAST);
  days = [...new Set([FIRST, LAST, ...changes])];
});

/** Some days at random and every day on which a value changes, with the day before it. */
function someDays(): fc.Arbitrary<Day> {
  const random = fc
    .integer({ min: 0, max: daysBetween(FIRST, LAST) })
    .map((n) => addDays(FIRST, n));
  return fc.oneof(random, fc.constantFrom(...days));
}

function valuesIn(blocks: TextBlock[]): Expression[] {
  return blocks
    .flatMap((block) => (block.type === "paragraph" ? block.content : block.items.flat()))
    .flatMap((inline) => (inline.type === "value" ? [inline.expression] : []));
}

function answerOn(page: Entitlement, facet: Facet | null, faq: number | null, day: Day): string {
  const setting: Setting = { content, day, commune: null, askForPlace: false };
  const said = { id: page.id, facet, faq, particular: false, also: [], confidence: 1 };
  return renderText({ ...composeEntitlement(setting, said), buttons: [] });
}

describe("on any day from the plan to the end of 2028", () => {
  test("an answer states each amount as it is on that day, and says so where there is none", () => {
    fc.assert(
      fc.property(someDays(), (day) => {
        for (const page of Object.values(content.entitlements)) {
          if (day < page.trueFrom) continue;
          for (const facet of [null, ...FACETS]) {
            const blocks = facet === null ? page.summary : page.sections[facet].body;
            const values = valuesIn(blocks);
            if (values.length === 0) continue;
            const text = answerOn(page, facet, null, day);
            for (const expression of values) {
              const amount = evaluate(content.parameters, expression, day);
              const shown =
                amount === undefined ? "chưa có số liệu cho ngày này" : formatAmount(amount);
              expect(text, `${page.id} ${facet} ${day}`).toContain(shown);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("no value is taken from another period", () => {
    fc.assert(
      fc.property(someDays(), (day) => {
        for (const parameter of Object.values(content.parameters)) {
          const row = datedValueOn(parameter, day);
          if (row === undefined) continue;
          expect(row.from <= day && (row.to === null || day <= row.to)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("no page answers before the day from which its text is true", () => {
    fc.assert(
      fc.property(
        someDays(),
        fc.constantFrom(...Object.values(content.entitlements)),
        (day, page) => {
          const text = answerOn(page, "benefit", null, day);
          const refuses = text.includes(`chỉ đúng từ ngày ${formatDay(page.trueFrom)}`);
          expect(refuses).toBe(day < page.trueFrom);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("from July 2025 on, the office named exists on that day", () => {
    fc.assert(
      fc.property(
        someDays(),
        fc.constantFrom(...Object.values(content.entitlements)),
        (day, page) => {
          if (day < OFFICES_FROM) return;
          const setting: Setting = { content, day, commune: null, askForPlace: false };
          const said = { facet: null, faq: null, particular: false, also: [], confidence: 1 };
          const { agency } = composeEntitlement(setting, { id: page.id, ...said }).about;
          const found = content.agencies[agency ?? ""];
          expect(found !== undefined && isAlive(found, day), `${page.id} ${day}`).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe("rehearsing a day", () => {
  test("the new poverty line of 2027 is listed with both values and its decree", () => {
    const changes = rehearse(content, TODAY, "2027-01-01");
    const line = changes.find(({ where }) => where === "mức chuan-ngheo-nong-thon");
    expect(line?.why.join()).toContain("1.500.000 đồng → 2.200.000 đồng");
    expect(line?.why.join()).toContain("351/2025");
    expect(changes.some(({ where }) => where.startsWith("cong-nhan-ho-ngheo"))).toBe(true);
  });

  test("nothing differs from itself", () => {
    expect(rehearse(content, TODAY, TODAY)).toEqual([]);
  });

  test("a page that is not yet true on an earlier day is listed as lost", () => {
    const lost = rehearse(content, TODAY, "2025-08-01").filter((change) => change.lost);
    expect(lost.some(({ where }) => where === "thuong-binh: cả trang")).toBe(true);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, type Day } from "../src/domain/day.ts";
import {
  amountOn,
  datedValueOn,
  evaluate,
  type Expression,
  formatAmount,
  formatNumber,
  parseExpression,
  type Parameter,
} from "../src/domain/parameter.ts";

function parameter(
  id: string,
  rows: [Day, Day | null, string][],
  unit: Parameter["unit"] = "đồng/tháng",
): Parameter {
  return {
    id,
    name: id,
    aliases: [],
    unit,
    entitlements: [],
    reviewedOn: "2026-11-24",
    values: rows.map(([from, to, value]) => ({
      from,
      to,
      value: read(value),
      legal: "Nghị định 161/2026/NĐ-CP",
      confidence: "verified",
      note: null,
    })),
  };
}

function read(source: string): Expression {
  const expression = parseExpression(source);
  if ("problem" in expression) throw new Error(expression.problem);
  return expression;
}

const parameters = {
  "luong-co-so": parameter("luong-co-so", [
    ["2024-07-01", "2026-06-30", "2340000"],
    ["2026-07-01", null, "2530000"],
  ]),
  "muc-dong": parameter("muc-dong", [["2025-07-01", null, "luong-co-so * 4,5%"]]),
};

test("a value counts from its first to its last day and on no other", () => {
  const wage = parameters["luong-co-so"];
  expect(amountOn(parameters, "luong-co-so", "2026-06-30")?.value).toBe(2340000);
  expect(amountOn(parameters, "luong-co-so", "2026-07-01")?.value).toBe(2530000);
  expect(datedValueOn(wage, "2024-06-30")).toBeUndefined();
});

test("a value computed from another follows it from day to day", () => {
  expect(amountOn(parameters, "muc-dong", "2026-06-30")?.value).toBeCloseTo(105300);
  expect(amountOn(parameters, "muc-dong", "2026-07-01")?.value).toBeCloseTo(113850);
  expect(amountOn(parameters, "muc-dong", "2025-06-30")).toBeUndefined();
});

test("a day without a value gives nothing, also inside a sum", () => {
  expect(evaluate(parameters, read("muc-dong + luong-co-so"), "2024-08-01")).toBeUndefined();
});

test("a day never gets a value of another period, whatever the periods are", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 60 })), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.integer({ min: -50, max: 2500 }),
      (lengths, offset) => {
        let start = 0;
        const rows = lengths.map(([length, gap], index): [Day, Day | null, string] => {
          const from = addDays("2024-01-01", start);
          const to = addDays("2024-01-01", start + length - 1);
          start += length + gap;
          return [from, to, String(index + 1)];
        });
        const day = addDays("2024-01-01", offset);
        const found = datedValueOn(parameter("x", rows), day);
        const covering = rows.find(([from, to]) => from <= day && to !== null && day <= to);
        expect(found?.from).toBe(covering?.[0]);
      },
    ),
  );
});

test("multiplying comes before adding", () => {
  expect(evaluate({}, read("2 + 3 * 4 - 6 / 2"), "2026-01-01")?.value).toBe(11);
});

test("an expression that cannot be read says why", () => {
  for (const source of ["", "luong-co-so *", "luong-co-so x 2", "2 3", "Lương * 2"]) {
    expect(parseExpression(source)).toHaveProperty("problem");
  }
});

test("amounts are written with dots for thousands and a comma for decimals", () => {
  expect(formatNumber(2530000)).toBe("2.530.000");
  expect(formatNumber(4.5)).toBe("4,5");
  expect(formatNumber(999)).toBe("999");
  const shown = (value: number, unit: Parameter["unit"], computed = false) =>
    formatAmount({ value, unit, computed, legal: [] });
  expect(shown(2530000, "đồng/tháng")).toBe("2.530.000 đồng");
  expect(shown(22, "%")).toBe("22%");
  expect(shown(6.24, "%/năm")).toBe("6,24%");
  expect(shown(738, "tháng tuổi")).toBe("61 tuổi 6 tháng");
  expect(shown(744, "tháng tuổi")).toBe("62 tuổi");
  expect(shown(5, "ngày làm việc")).toBe("5 ngày làm việc");
  expect(shown(9656000, "đồng/tháng", true)).toBe("khoảng 9.656.000 đồng");
});

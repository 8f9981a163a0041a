import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayOf, daysBetween, formatDay, isDay, noonOf } from "../src/domain/day.ts";

test("a day that does not exist is no day", () => {
  expect(isDay("2026-02-29")).toBe(false);
  expect(isDay("2028-02-29")).toBe(true);
  expect(isDay("2026-2-1")).toBe(false);
  expect(isDay("")).toBe(false);
});

test("the day begins at midnight in Viet Nam, not in London", () => {
  expect(dayOf(new Date("2026-06-30T16:59:59Z"))).toBe("2026-06-30");
  expect(dayOf(new Date("2026-06-30T17:00:00Z"))).toBe("2026-07-01");
});

test("a day is written as people here write it", () => {
  expect(formatDay("2026-07-01")).toBe("01/07/2026");
});

test("noon of a day lies in that day, and moving by days and counting them agree", () => {
  fc.assert(
    fc.property(fc.integer({ min: -4000, max: 4000 }), (days) => {
      const day = addDays("2026-07-01", days);
      expect(isDay(day)).toBe(true);
      expect(dayOf(noonOf(day))).toBe(day);
      expect(daysBetween("2026-07-01", day)).toBe(days);
    }),
  );
});

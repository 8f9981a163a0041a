import type { Day } from "../domain/day.ts";
import { amountOn, formatAmount, type Parameter, type Unit } from "../domain/parameter.ts";
import type { Prose } from "./marks.ts";
import type { ParameterEntry } from "./parameters.ts";
import type { Place, Report } from "./report.ts";

/** Not part of a longer number, date or instrument: "12/2026", "1.500". */
const ALONE = String.raw`(?<![\p{L}\d.,/-])`;

/**
 * Money as people type it: 1.500.000 đồng, 500.000đ, 2 triệu, 1,5 tỷ, 500 nghìn, 500k, 2.530.000. Counts of people and things are not money.
 * A single letter counts as a unit only where it touches the number ("khoản 1 đ" is not money).
 */
const MONEY = new RegExp(
  [
    String.raw`${ALONE}\d+(?:[.,]\d+)*\s*(?:nghìn|ngàn|triệu|tỷ|tỉ)(?![\p{L}\d])(?:\s*đồng)?(?!\s+(?:người|hộ|lượt|thẻ|bản|ha|m²))`,
    String.raw`${ALONE}\d+(?:[.,]\d+)*\s*(?:đồng|vnđ|vnd)(?![\p{L}\d])`,
    String.raw`${ALONE}\d+(?:[.,]\d+)*(?:đ|k|tr)(?![\p{L}\d])`,
    String.raw`${ALONE}\d{1,3}(?:\.\d{3}){2,}(?![\p{L}\d])(?!\s+(?:người|hộ|lượt|thẻ|bản|ha|m²))`,
    String.raw`${ALONE}\d{1,3}(?:\.\d{3})+\s+đ(?![\p{L}\d])`,
  ].join("|"),
  "giu",
);

/** A rate, age, duration or count. Not "tháng 7 năm 2026", "ngày 12 tháng 7", "Điều 5 năm". */
const RATE = new RegExp(
  String.raw`(?<!(?:tháng|ngày|quý|điều|khoản|mục|số|mẫu)\s+)${ALONE}(\d+(?:,\d+)?)\s*(%|tuổi(?:\s+\d+\s+tháng)?|ngày\s+làm\s+việc|ngày|tháng|năm|lần)(?!\p{L})(?!\s+\d)`,
  "giu",
);

/** Dated values are never typed into prose: nobody would find them when the law changes. */
export function checkProse(
  prose: Prose[],
  parameters: ParameterEntry[],
  today: Day,
  report: Report,
): void {
  const figures = figuresByPage(parameters, today);
  for (const { text, place, entitlement, legal } of prose) {
    for (const match of text.matchAll(MONEY)) {
      report.blocks(
        placeIn(place, text, match.index),
        `có số tiền "${match[0].trim()}" viết thẳng trong câu`,
        "ghi mức vào muc.yaml rồi viết {{tên-mức}}",
      );
    }
    if (legal || entitlement === null) continue;
    const known = figures.get(entitlement);
    for (const match of text.matchAll(RATE)) {
      const id = known?.get(figureOf(match[0]));
      if (id === undefined || isInExample(text, match.index)) continue;
      report.blocks(
        placeIn(place, text, match.index),
        `"${match[0]}" là mức có trong muc.yaml`,
        `viết {{${id}}}`,
      );
    }
  }
}

/** For each page, what its parameters look like when typed, now and from the days to come. */
function figuresByPage(parameters: ParameterEntry[], today: Day): Map<string, Map<string, string>> {
  const byId = Object.fromEntries(parameters.map(({ id, row }) => [id, row]));
  const pages = new Map<string, Map<string, string>>();
  for (const { id, row } of parameters) {
    const figures = figuresOf(row, byId, today);
    for (const page of row.entitlements) {
      const known = pages.get(page) ?? new Map<string, string>();
      for (const figure of figures) if (!known.has(figure)) known.set(figure, id);
      pages.set(page, known);
    }
  }
  return pages;
}

function figuresOf(parameter: Parameter, byId: Record<string, Parameter>, today: Day): string[] {
  if (!isTyped(parameter.unit)) return [];
  return parameter.values
    .filter(({ to }) => to === null || to >= today)
    .flatMap(({ from }) => {
      const amount = amountOn(byId, parameter.id, from < today ? today : from);
      return amount === undefined ? [] : [figureOf(formatAmount({ ...amount, computed: false }))];
    });
}

function isTyped(unit: Unit): boolean {
  return (
    unit.startsWith("%") ||
    ["tuổi", "tháng tuổi", "năm", "tháng", "ngày", "ngày làm việc", "lần"].includes(unit)
  );
}

/** "4,5 %" and "4,5%" are one figure. */
function figureOf(typed: string): string {
  return typed.toLowerCase().replace(/\s+/g, "");
}

/** An example may have an age or a number of years of its own: "Ví dụ ông A 75 tuổi". */
function isInExample(text: string, offset: number): boolean {
  const sentence =
    text
      .slice(0, offset)
      .split(/[.!?…]\s/u)
      .at(-1) ?? "";
  return /ví dụ|chẳng hạn/iu.test(sentence);
}

function placeIn(place: Place, text: string, offset: number): Place {
  return { file: place.file, line: place.line + text.slice(0, offset).split("\n").length - 1 };
}

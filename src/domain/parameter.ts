import { addDays, type Day } from "./day.ts";

export const UNITS = [
  "đồng",
  "đồng/tháng",
  "đồng/năm",
  "đồng/ngày",
  "đồng/giờ",
  "đồng/khóa",
  "%",
  "%/năm",
  "tuổi",
  "tháng tuổi",
  "năm",
  "tháng",
  "ngày",
  "ngày làm việc",
  "lần",
  "loại",
  "người",
  "m²",
  "kg",
  "km",
] as const;

export type Unit = (typeof UNITS)[number];

/** verified: the text was read; secondHand: a report of it was read; computed: arithmetic, shown with "khoảng". */
export type Confidence = "verified" | "secondHand" | "computed";

/** One value of a parameter and the days it counts for, both ends included; `to` null: until further notice. */
export type DatedValue = {
  from: Day;
  to: Day | null;
  value: Expression;
  legal: string;
  confidence: Confidence;
  note: string | null;
};

/** Anything set by law with a date: money, a rate, an age, a number of days (mức). */
export type Parameter = {
  id: string;
  name: string;
  aliases: string[];
  unit: Unit;
  /** Pages that state it, the best one first. */
  entitlements: string[];
  values: DatedValue[];
  reviewedOn: Day;
};

/** `{{luong-co-so * 4,5%}}`: operands and operators from left to right, × and ÷ before + and −. */
export type Expression = { operands: Operand[]; operators: Operator[] };
export type Operand = { type: "number"; value: number } | { type: "parameter"; id: string };
export type Operator = "+" | "-" | "*" | "/";

/** A value for one day. `computed` is true when any part of it is only arithmetic. */
export type Amount = { value: number; unit: Unit; computed: boolean; legal: string[] };

const OPERATORS: ReadonlySet<string> = new Set(["+", "-", "*", "/"]);

/** Reads `luong-co-so * 4,5%`. Returns what is wrong, in Vietnamese, when it cannot be read. */
export function parseExpression(source: string): Expression | { problem: string } {
  const tokens = source.trim().split(/\s+/u);
  const operands: Operand[] = [];
  const operators: Operator[] = [];
  for (const [index, token] of tokens.entries()) {
    if (index % 2 === 1) {
      if (!isOperator(token)) {
        return {
          problem: `"${token}" không phải phép tính; giữa hai số cần + - * / có dấu cách hai bên`,
        };
      }
      operators.push(token);
      continue;
    }
    const operand = parseOperand(token);
    if (operand === undefined) return { problem: `"${token}" không phải tên mức hay con số` };
    operands.push(operand);
  }
  if (operands.length !== operators.length + 1)
    return { problem: `biểu thức "${source}" thiếu một vế` };
  return { operands, operators };
}

function isOperator(token: string): token is Operator {
  return OPERATORS.has(token);
}

function parseOperand(token: string): Operand | undefined {
  const number = /^(\d+(?:[.,]\d+)?)(%?)$/.exec(token);
  if (number) {
    const value = Number(number[1]?.replace(",", "."));
    return { type: "number", value: number[2] === "%" ? value / 100 : value };
  }
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(token) ? { type: "parameter", id: token } : undefined;
}

/** The value in force on `day`, or nothing: never a guess from another period. */
export function datedValueOn(parameter: Parameter, day: Day): DatedValue | undefined {
  return parameter.values.find((row) => row.from <= day && (row.to === null || day <= row.to));
}

/** The amount of a parameter on a day, or nothing when no row covers the day (or a value it is computed from). */
export function amountOn(
  parameters: Record<string, Parameter>,
  id: string,
  day: Day,
): Amount | undefined {
  const parameter = parameters[id];
  if (parameter === undefined) return undefined;
  const row = datedValueOn(parameter, day);
  if (row === undefined) return undefined;
  const computed = evaluate(parameters, row.value, day);
  if (computed === undefined) return undefined;
  return {
    value: computed.value,
    unit: parameter.unit,
    computed: computed.computed || row.confidence === "computed",
    legal: [...new Set([row.legal, ...computed.legal])],
  };
}

/** An amount and the days on which it stays the same, both ends included; `to` null: until further notice. */
export type Period = { from: Day; to: Day | null; amount: Amount; note: string | null };

/**
 * All amounts of a parameter in order of time. A value computed from another one changes on the days the other one does:
 * its period begins there, not where its formula began.
 */
export function periodsOf(parameters: Record<string, Parameter>, id: string): Period[] {
  const periods: Period[] = [];
  for (const from of [...changeDaysOf(parameters, id, new Set())].sort()) {
    const amount = amountOn(parameters, id, from);
    const last = periods.at(-1);
    const open = last?.to === null ? last : undefined;
    if (open !== undefined && open.amount.value === amount?.value) continue;
    if (open !== undefined) open.to = addDays(from, -1);
    const parameter = parameters[id];
    if (amount === undefined || parameter === undefined) continue;
    periods.push({ from, to: null, amount, note: datedValueOn(parameter, from)?.note ?? null });
  }
  return periods;
}

function changeDaysOf(
  parameters: Record<string, Parameter>,
  id: string,
  seen: Set<string>,
): Set<Day> {
  const days = new Set<Day>();
  if (seen.has(id)) return days;
  seen.add(id);
  for (const row of parameters[id]?.values ?? []) {
    days.add(row.from);
    if (row.to !== null) days.add(addDays(row.to, 1));
    for (const operand of row.value.operands) {
      if (operand.type !== "parameter") continue;
      for (const day of changeDaysOf(parameters, operand.id, seen)) days.add(day);
    }
  }
  return days;
}

/** The amount of an expression on a day; its unit is that of the first parameter in it. */
export function evaluate(
  parameters: Record<string, Parameter>,
  expression: Expression,
  day: Day,
): Amount | undefined {
  const values: number[] = [];
  let unit: Unit | undefined;
  let computed = false;
  const legal: string[] = [];
  for (const operand of expression.operands) {
    if (operand.type === "number") {
      values.push(operand.value);
      continue;
    }
    const amount = amountOn(parameters, operand.id, day);
    if (amount === undefined) return undefined;
    unit ??= amount.unit;
    computed ||= amount.computed;
    legal.push(...amount.legal);
    values.push(amount.value);
  }
  const value = calculate(values, expression.operators);
  if (!Number.isFinite(value)) return undefined;
  return { value, unit: unit ?? "đồng", computed, legal };
}

function calculate(values: number[], operators: Operator[]): number {
  const terms: number[] = [values[0] ?? Number.NaN];
  for (const [index, operator] of operators.entries()) {
    const value = values[index + 1] ?? Number.NaN;
    const last = terms.pop() ?? Number.NaN;
    if (operator === "*") terms.push(last * value);
    else if (operator === "/") terms.push(last / value);
    else terms.push(last, operator === "+" ? value : -value);
  }
  return terms.reduce((sum, term) => sum + term, 0);
}

/** "2.530.000 đồng", "4,5%", "61 tuổi 6 tháng", "khoảng 9.656.000 đồng". "/tháng" is left to the sentence around it. */
export function formatAmount(amount: Amount): string {
  const about = amount.computed ? "khoảng " : "";
  const money = amount.unit.startsWith("đồng");
  if (amount.unit === "tháng tuổi") {
    const months = Math.round(amount.value);
    const rest = months % 12;
    return `${about}${Math.floor(months / 12)} tuổi${rest === 0 ? "" : ` ${rest} tháng`}`;
  }
  const number = formatNumber(money ? Math.round(amount.value) : amount.value);
  if (amount.unit.startsWith("%")) return `${about}${number}%`;
  return `${about}${number} ${money ? "đồng" : amount.unit}`;
}

/** 2530000 → "2.530.000", 4.5 → "4,5": dots for thousands, a comma for decimals, at most three of them. */
export function formatNumber(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  const [whole = "0", fraction] = String(Math.abs(rounded)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return `${rounded < 0 ? "-" : ""}${grouped}${fraction === undefined ? "" : `,${fraction}`}`;
}

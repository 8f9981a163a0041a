import * as z from "zod";
import { parseExpression, UNITS, type Expression, type Parameter } from "../domain/parameter.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { blame, day, optionalText, nonEmpty, texts } from "./schema.ts";
import { readMap, type Entry } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const CONFIDENCES = {
  "da-doi-chieu": "verified",
  "nguon-thu-hai": "secondHand",
  "tinh-toan": "computed",
} as const;

const NUMBER_ADVICE =
  "viết số liền, không ngoặc kép, không dấu chấm ngàn, ví dụ 2530000; số lẻ dùng dấu chấm: 4.5";

/** A number, or a formula in quotes. A number in quotes is refused: "2.340" could be meant as thousands. */
const expression = z
  .union([z.number(), z.string()], blame("phải là số hoặc công thức", NUMBER_ADVICE))
  .transform((typed, context): Expression => {
    if (typeof typed === "number")
      return { operands: [{ type: "number", value: typed }], operators: [] };
    const parsed = parseExpression(typed);
    if ("problem" in parsed) {
      const advice = /^[\d.,\s%đồng]+$/u.test(typed) ? NUMBER_ADVICE : 'ví dụ "luong-co-so * 4,5%"';
      context.addIssue(blame(`không đọc được công thức: ${parsed.problem}`, advice));
      return z.NEVER;
    }
    if (!parsed.operands.some((operand) => operand.type === "parameter")) {
      context.addIssue(blame(`"${typed}" là chữ, không phải số`, NUMBER_ADVICE));
      return z.NEVER;
    }
    return parsed;
  });

const parameterSchema = z.strictObject({
  ten: nonEmpty,
  ten_goi_khac: texts,
  don_vi: z.enum(UNITS),
  che_do: texts,
  gia_tri: z
    .array(
      z.strictObject({
        tu: day,
        den: day.nullish(),
        muc: expression,
        can_cu: nonEmpty,
        do_tin: z.enum(["da-doi-chieu", "nguon-thu-hai", "tinh-toan"]).nullish(),
        ghi_chu: optionalText,
      }),
    )
    .min(1, blame("còn trống", "ghi ít nhất một dòng { tu, muc, can_cu }")),
  soat_ngay: day,
});

export type ParameterEntry = Entry<Parameter>;

export function readParameters(
  source: YamlSource,
  marks: Marks,
  report: Report,
): { parameters: ParameterEntry[]; ids: string[] } {
  const { entries, ids } = readMap(source, [], parameterSchema, report);
  const parameters = entries.map((entry) => ({ ...entry, row: toParameter(entry.id, entry.row) }));
  for (const parameter of parameters) mark(parameter, marks);
  return { parameters, ids };
}

function toParameter(id: string, row: z.output<typeof parameterSchema>): Parameter {
  return {
    id,
    name: row.ten,
    aliases: row.ten_goi_khac,
    unit: row.don_vi,
    entitlements: row.che_do,
    values: row.gia_tri.map((value) => ({
      from: value.tu,
      to: value.den ?? null,
      value: value.muc,
      legal: value.can_cu,
      confidence: CONFIDENCES[value.do_tin ?? "da-doi-chieu"],
      note: value.ghi_chu,
    })),
    reviewedOn: row.soat_ngay,
  };
}

function mark({ id, row, placeOf }: ParameterEntry, marks: Marks): void {
  for (const [index, page] of row.entitlements.entries()) {
    marks.citations.push({ kind: "entitlement", id: page, place: placeOf("che_do", index) });
  }
  for (const [index, { value }] of row.values.entries()) {
    for (const operand of value.operands) {
      if (operand.type === "parameter") {
        marks.citations.push({
          kind: "parameter",
          id: operand.id,
          place: placeOf("gia_tri", index, "muc"),
        });
      }
    }
  }
  marks.names.push({ among: "parameter", text: row.name, owner: id, place: placeOf("ten") });
  for (const [index, name] of row.aliases.entries()) {
    marks.names.push({
      among: "parameter",
      text: name,
      owner: id,
      place: placeOf("ten_goi_khac", index),
    });
  }
  marks.reviews.push({ what: `mức ${id}`, on: row.reviewedOn, place: placeOf("soat_ngay") });
}

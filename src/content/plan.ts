import * as z from "zod";
import type { Clause, Plan, Target } from "../domain/content-base.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { clauseId, day, flag, contentId, optionalText, nonEmpty, texts } from "./schema.ts";
import { readAt, readList, readMap, type Entry } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const planSchema = z.strictObject({
  so_hieu: nonEmpty,
  ngay: day,
  co_quan_ban_hanh: nonEmpty,
  cau_hoi_mau_chung: texts,
  muc: z.unknown(),
  chi_tieu: z.unknown(),
});

const clauseSchema = z.strictObject({ tom_tat: nonEmpty, cho_dan: flag, cau_hoi_mau: texts });

const targetSchema = z.strictObject({
  id: contentId,
  ten: nonEmpty,
  ten_goi_khac: texts,
  muc: nonEmpty,
  so_sanh: z.enum(["=", "<", ">", "xóa bỏ hoàn toàn", "giải quyết cơ bản"]),
  gia_tri: z.number().nullish(),
  don_vi: nonEmpty,
  pham_vi: optionalText,
  phu_trach: contentId,
  linh_vuc: contentId,
  che_do: texts,
  cau_hoi_mau: texts,
});

export type PlanRead = { plan: Plan | null; clauses: Entry<Clause>[]; clauseIds: string[] };

export function readPlan(source: YamlSource, marks: Marks, report: Report): PlanRead {
  const head = readAt(source, [], planSchema, report);
  const { entries, ids } = readMap(source, ["muc"], clauseSchema, report, clauseId);
  const clauses = entries.map((entry) => ({ ...entry, row: toClause(entry.id, entry.row) }));
  const targets = readList(source, ["chi_tieu"], targetSchema, (row) => row.id, report).map(
    (entry) => ({ ...entry, row: toTarget(entry.row) }),
  );
  for (const clause of clauses) markClause(clause, marks);
  for (const target of targets) markTarget(target, marks);
  for (const [index, sample] of (head?.cau_hoi_mau_chung ?? []).entries()) {
    marks.samples.push({
      text: sample,
      owner: "kế hoạch",
      place: source.placeOf("cau_hoi_mau_chung", index),
    });
  }
  const plan: Plan | null = head && {
    number: head.so_hieu,
    issuedOn: head.ngay,
    issuedBy: head.co_quan_ban_hanh,
    clauses: Object.fromEntries(clauses.map(({ id, row }) => [id, row])),
    targets: targets.map(({ row }) => row),
    samples: head.cau_hoi_mau_chung,
  };
  return { plan, clauses, clauseIds: ids };
}

function toClause(id: string, row: z.output<typeof clauseSchema>): Clause {
  return { id, summary: row.tom_tat, forCitizens: row.cho_dan, samples: row.cau_hoi_mau };
}

function toTarget(row: z.output<typeof targetSchema>): Target {
  return {
    id: row.id,
    name: row.ten,
    aliases: row.ten_goi_khac,
    clause: row.muc,
    comparison: row.so_sanh,
    value: row.gia_tri ?? null,
    unit: row.don_vi,
    scope: row.pham_vi,
    agencyThen: row.phu_trach,
    field: row.linh_vuc,
    entitlements: row.che_do,
    samples: row.cau_hoi_mau,
  };
}

function markClause({ id, row, placeOf, textPlaceOf }: Entry<Clause>, marks: Marks): void {
  const place = textPlaceOf("tom_tat");
  marks.prose.push({ text: row.summary, place, entitlement: null, legal: false });
  for (const [index, sample] of row.samples.entries()) {
    marks.samples.push({ text: sample, owner: `mục ${id}`, place: placeOf("cau_hoi_mau", index) });
  }
}

function markTarget({ id, row, placeOf }: Entry<Target>, marks: Marks): void {
  marks.citations.push(
    { kind: "clause", id: row.clause, place: placeOf("muc") },
    { kind: "agency", id: row.agencyThen, place: placeOf("phu_trach") },
    { kind: "field", id: row.field, place: placeOf("linh_vuc") },
  );
  for (const [index, page] of row.entitlements.entries()) {
    marks.citations.push({ kind: "entitlement", id: page, place: placeOf("che_do", index) });
  }
  for (const [index, sample] of row.samples.entries()) {
    marks.samples.push({
      text: sample,
      owner: `chỉ tiêu ${id}`,
      place: placeOf("cau_hoi_mau", index),
    });
  }
}

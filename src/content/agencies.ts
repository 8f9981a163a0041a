import * as z from "zod";
import type { Agency } from "../domain/agency.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { day, flag, optionalText, nonEmpty, texts } from "./schema.ts";
import { readMap, type Entry } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const agencySchema = z.strictObject({
  ten: nonEmpty,
  ten_ngan: optionalText,
  ten_goi_khac: texts,
  viec: nonEmpty,
  linh_vuc: z.array(nonEmpty),
  tu: day,
  den: day.nullish(),
  ke_thua: z.array(z.strictObject({ linh_vuc: z.array(nonEmpty), sang: nonEmpty })).nullish(),
  dia_chi: optionalText,
  dien_thoai: optionalText,
  trang_mang: optionalText,
  do_tin: z.enum(["da-xac-nhan", "chua-xac-nhan"]),
  chung: flag.nullish(),
  ghi_chu: optionalText,
  can_cu: optionalText,
  soat_ngay: day,
});

export type AgencyEntry = Entry<Agency>;

export function readAgencies(
  source: YamlSource,
  marks: Marks,
  report: Report,
): { agencies: AgencyEntry[]; ids: string[] } {
  const { entries, ids } = readMap(source, [], agencySchema, report);
  const agencies = entries.map((entry) => ({ ...entry, row: toAgency(entry.id, entry.row) }));
  for (const agency of agencies) mark(agency, marks);
  return { agencies, ids };
}

function toAgency(id: string, row: z.output<typeof agencySchema>): Agency {
  return {
    id,
    name: row.ten,
    shortName: row.ten_ngan ?? row.ten,
    aliases: row.ten_goi_khac,
    about: row.viec,
    fields: row.linh_vuc,
    from: row.tu,
    to: row.den ?? null,
    successors: (row.ke_thua ?? []).map((heir) => ({
      fields: heir.linh_vuc,
      agency: heir.sang,
    })),
    address: row.dia_chi,
    phone: row.dien_thoai,
    website: row.trang_mang,
    confirmed: row.do_tin === "da-xac-nhan",
    generic: row.chung ?? false,
    note: row.ghi_chu,
    legal: row.can_cu,
    reviewedOn: row.soat_ngay,
  };
}

function mark({ id, row, placeOf }: AgencyEntry, marks: Marks): void {
  for (const [index, field] of row.fields.entries()) {
    marks.citations.push({ kind: "field", id: field, place: placeOf("linh_vuc", index) });
  }
  for (const [index, heir] of row.successors.entries()) {
    marks.citations.push({
      kind: "agency",
      id: heir.agency,
      place: placeOf("ke_thua", index, "sang"),
    });
    for (const field of heir.fields) {
      if (field !== "*")
        marks.citations.push({
          kind: "field",
          id: field,
          place: placeOf("ke_thua", index, "linh_vuc"),
        });
    }
  }
  if (row.website !== null) marks.links.push({ url: row.website, place: placeOf("trang_mang") });
  marks.names.push({ among: "agency", text: row.name, owner: id, place: placeOf("ten") });
  for (const [index, name] of row.aliases.entries()) {
    marks.names.push({
      among: "agency",
      text: name,
      owner: id,
      place: placeOf("ten_goi_khac", index),
    });
  }
  marks.reviews.push({ what: `cơ quan ${id}`, on: row.reviewedOn, place: placeOf("soat_ngay") });
}

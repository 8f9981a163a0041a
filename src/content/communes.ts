import * as z from "zod";
import type { Commune } from "../domain/commune.ts";
import type { Report } from "./report.ts";
import { blame, flag, optionalText, nonEmpty } from "./schema.ts";
import { readList } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const NAME = /^(Xã|Phường|Đặc khu) /u;

const communeSchema = z.strictObject({
  ma: z
    .string()
    .regex(/^\d{5}$/, blame("phải là năm chữ số", "viết trong ngoặc đơn, ví dụ '30742'")),
  ten: nonEmpty.regex(
    NAME,
    blame("phải bắt đầu bằng Xã, Phường hoặc Đặc khu", "ví dụ Phường Rạch Giá"),
  ),
  tinh_cu: z.enum(["Kiên Giang", "An Giang"]),
  dac_diem: z.array(z.enum(["dac-khu", "xa-dao-chua-xac-nhan"])).nullish(),
  gom: z
    .array(z.strictObject({ ten: nonEmpty, huyen: nonEmpty, mot_phan: flag.nullish() }))
    .min(1, blame("còn trống", "ghi ít nhất một xã, phường cũ")),
  dia_chi: optionalText,
  dien_thoai: optionalText,
});

export function readCommunes(source: YamlSource, report: Report): Commune[] {
  return readList(source, [], communeSchema, (row) => row.ma, report).map(({ row }) => ({
    code: row.ma,
    name: row.ten,
    kind: kindOf(row.ten),
    formerProvince: row.tinh_cu,
    madeFrom: row.gom.map((unit) => ({
      name: unit.ten,
      district: unit.huyen,
      divided: unit.mot_phan ?? false,
    })),
    island: islandOf(row.dac_diem ?? []),
    address: row.dia_chi,
    phone: row.dien_thoai,
  }));
}

function kindOf(name: string): Commune["kind"] {
  if (name.startsWith("Đặc khu")) return "đặc khu";
  return name.startsWith("Phường") ? "phường" : "xã";
}

function islandOf(traits: string[]): Commune["island"] {
  if (traits.includes("dac-khu")) return "yes";
  return traits.includes("xa-dao-chua-xac-nhan") ? "unconfirmed" : "no";
}

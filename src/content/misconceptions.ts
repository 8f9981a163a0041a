import * as z from "zod";
import type { Misconception } from "../domain/content-base.ts";
import { readText } from "./markdown.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { atLeast, day, contentId, nonEmpty, markdown } from "./schema.ts";
import { readList } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const MIN_SAMPLES = 5;

const misconceptionSchema = z.strictObject({
  id: contentId,
  hieu_lam: nonEmpty,
  su_that: markdown,
  che_do: nonEmpty,
  can_cu: nonEmpty,
  cau_hoi_mau: atLeast(nonEmpty, MIN_SAMPLES, "câu hỏi mẫu"),
  hieu_luc_tu: day,
  soat_ngay: day,
});

export function readMisconceptions(
  source: YamlSource,
  marks: Marks,
  report: Report,
): Misconception[] {
  const entries = readList(source, [], misconceptionSchema, (row) => row.id, report);
  return entries.map(({ id, row, placeOf, textPlaceOf }) => {
    const { blocks, plain } = readText(row.su_that, textPlaceOf("su_that"), marks, report);
    marks.prose.push(...plain.map((part) => ({ ...part, entitlement: row.che_do, legal: false })));
    marks.citations.push({ kind: "entitlement", id: row.che_do, place: placeOf("che_do") });
    marks.reviews.push({ what: `hiểu lầm ${id}`, on: row.soat_ngay, place: placeOf("soat_ngay") });
    for (const [index, sample] of row.cau_hoi_mau.entries()) {
      marks.samples.push({
        text: sample,
        owner: `hiểu lầm ${id}`,
        place: placeOf("cau_hoi_mau", index),
      });
    }
    return {
      id,
      belief: row.hieu_lam,
      truth: blocks,
      entitlement: row.che_do,
      legal: row.can_cu,
      samples: row.cau_hoi_mau,
      reviewedOn: row.soat_ngay,
      trueFrom: row.hieu_luc_tu,
    };
  });
}

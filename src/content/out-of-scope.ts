import * as z from "zod";
import type { OutOfScopeTopic } from "../domain/content-base.ts";
import { readText } from "./markdown.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { atLeast, contentId, nonEmpty, markdown } from "./schema.ts";
import { readList } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const topicSchema = z.strictObject({
  id: contentId,
  ten: nonEmpty,
  tra_loi: markdown,
  cau_hoi_mau: atLeast(nonEmpty, 1, "câu hỏi mẫu"),
});

export function readOutOfScope(
  source: YamlSource,
  marks: Marks,
  report: Report,
): OutOfScopeTopic[] {
  const entries = readList(source, [], topicSchema, (row) => row.id, report);
  return entries.map(({ id, row, placeOf, textPlaceOf }) => {
    const { blocks, plain } = readText(row.tra_loi, textPlaceOf("tra_loi"), marks, report);
    marks.prose.push(...plain.map((part) => ({ ...part, entitlement: null, legal: false })));
    for (const [index, sample] of row.cau_hoi_mau.entries()) {
      marks.samples.push({
        text: sample,
        owner: `ngoài phạm vi ${id}`,
        place: placeOf("cau_hoi_mau", index),
      });
    }
    return { id, name: row.ten, answer: blocks, samples: row.cau_hoi_mau };
  });
}

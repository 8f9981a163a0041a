import * as z from "zod";
import type { Situation } from "../domain/content-base.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { readText } from "./markdown.ts";
import type { Marks } from "./marks.ts";
import type { ContentFile } from "./read-files.ts";
import type { Report } from "./report.ts";
import { atLeast, day, contentId, nonEmpty } from "./schema.ts";
import { readAt } from "./yaml-read.ts";
import { parseYaml } from "./yaml-source.ts";

const PATH = /^tinh-huong\/([^/]+)\.md$/;
const MIN_SAMPLES = 10;

const situationSchema = z.strictObject({
  ten: nonEmpty,
  cau_hoi_mau: atLeast(nonEmpty, MIN_SAMPLES, "câu hỏi mẫu"),
  che_do: atLeast(z.strictObject({ id: nonEmpty, cho: nonEmpty }), 1, "chế độ"),
  soat_ngay: day,
  soat_boi: nonEmpty,
});

export function isSituationPath(path: string): boolean {
  return PATH.test(path);
}

/** A life situation: who it is for and which pages, then the first step as text. */
export function readSituation(file: ContentFile, marks: Marks, report: Report): Situation | null {
  const id = PATH.exec(file.path)?.[1] ?? "";
  for (const issue of contentId.safeParse(id).error?.issues ?? []) {
    const [wrong = "", instead = ""] = issue.message.split(" — ");
    report.blocks({ file: file.path, line: 0 }, `tên tệp: ${wrong}`, instead);
  }
  const split = splitFrontMatter(file, report);
  if (split === null) return null;
  const start = { file: file.path, line: split.bodyLine };
  const { blocks, plain } = readText(split.body, start, marks, report);
  marks.prose.push(...plain.map((piece) => ({ ...piece, entitlement: null, legal: false })));
  if (blocks.length === 0)
    report.blocks(start, "chưa viết bước đầu tiên", "viết việc cần làm trước hết, dưới dòng ---");
  const source = parseYaml(
    { path: file.path, text: split.yaml, firstLine: split.yamlLine },
    report,
  );
  const row = source && readAt(source, [], situationSchema, report);
  if (source === null || row === null) return null;

  const listed = new Set<string>();
  for (const [index, page] of row.che_do.entries()) {
    const place = source.placeOf("che_do", index, "id");
    if (listed.has(page.id))
      report.blocks(place, `chế độ "${page.id}" đã có ở trên`, "mỗi chế độ ghi một lần");
    listed.add(page.id);
    marks.citations.push({ kind: "entitlement", id: page.id, place });
  }
  for (const [index, sample] of row.cau_hoi_mau.entries()) {
    marks.samples.push({
      text: sample,
      owner: `tình huống ${id}`,
      place: source.placeOf("cau_hoi_mau", index),
    });
  }
  marks.reviews.push({
    what: `tình huống ${id}`,
    on: row.soat_ngay,
    place: source.placeOf("soat_ngay"),
  });
  return {
    id,
    name: row.ten,
    samples: row.cau_hoi_mau,
    firstStep: blocks,
    entitlements: row.che_do.map((page) => ({ id: page.id, forWhom: page.cho })),
    reviewedOn: row.soat_ngay,
    reviewedBy: row.soat_boi,
  };
}

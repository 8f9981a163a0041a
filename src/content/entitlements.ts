import type { Entitlement } from "../domain/content-base.ts";
import { readBody } from "./entitlement-body.ts";
import { readHead, readPlaceNotes } from "./entitlement-head.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { readMarkdown } from "./markdown.ts";
import type { Marks } from "./marks.ts";
import type { ContentFile } from "./read-files.ts";
import type { Report } from "./report.ts";
import { contentId } from "./schema.ts";
import { parseYaml } from "./yaml-source.ts";

/** A page below `che-do/`: the folder is its field, the file name its id. */
const PATH = /^che-do\/([^/]+)\/([^/]+)\.md$/;

export function isEntitlementPath(path: string): boolean {
  return PATH.test(path);
}

export function entitlementIdOf(path: string): string {
  return PATH.exec(path)?.[2] ?? "";
}

/** The page, or null and all that is wrong with it. */
export function readEntitlement(
  file: ContentFile,
  marks: Marks,
  report: Report,
): Entitlement | null {
  const [, folder = "", id = ""] = PATH.exec(file.path) ?? [];
  const key = contentId.safeParse(id);
  for (const issue of key.error?.issues ?? []) {
    const [wrong = "", instead = ""] = issue.message.split(" — ");
    report.blocks({ file: file.path, line: 0 }, `tên tệp: ${wrong}`, instead);
  }
  const split = splitFrontMatter(file, report);
  if (split === null) return null;
  const source = parseYaml(
    { path: file.path, text: split.yaml, firstLine: split.yamlLine },
    report,
  );
  const head = source && readHead(id, source, marks, report);
  if (source && head && head.linh_vuc !== folder) {
    report.blocks(
      source.placeOf("linh_vuc"),
      `linh_vuc là "${head.linh_vuc}" nhưng tệp nằm trong thư mục ${folder}`,
      `viết linh_vuc: ${folder}, hoặc chuyển tệp sang che-do/${head.linh_vuc}`,
    );
  }
  const parts = readMarkdown(split.body, { file: file.path, line: split.bodyLine }, marks, report);
  for (const part of parts) {
    const legal = part.heading === "Căn cứ";
    marks.prose.push(...part.plain.map((piece) => ({ ...piece, entitlement: id, legal })));
  }
  const body = readBody(parts, file.path, report);
  if (head === null || body === null) return null;
  return {
    id,
    name: head.ten,
    aliases: head.ten_goi_khac,
    field: head.linh_vuc,
    agency: head.co_quan,
    clauses: head.ke_hoach,
    trueFrom: head.hieu_luc_tu,
    samples: head.cau_hoi_mau,
    reviewedOn: head.soat_ngay,
    reviewedBy: head.soat_boi,
    approvedBy: head.duyet_boi,
    placeNotes: source === null ? {} : readPlaceNotes(id, head, source, marks, report),
    ...body,
  };
}

import type { Citation, CitedKind } from "./marks.ts";
import { didYouMean } from "./near-miss.ts";
import type { Report } from "./report.ts";

/** The ids there are; null when their file could not be read, so that one broken file is not told a hundred times. */
export type Known = Record<CitedKind, string[] | null>;

const WORDS: Record<CitedKind, { what: string; where: string }> = {
  agency: { what: "cơ quan", where: "co-quan.yaml" },
  clause: { what: "mục kế hoạch", where: "ke-hoach.yaml" },
  entitlement: { what: "trang chế độ", where: "thư mục che-do" },
  field: { what: "lĩnh vực", where: "linh-vuc.yaml" },
  parameter: { what: "mức", where: "muc.yaml" },
};

/** Every id that is cited must exist. */
export function checkCitations(citations: Citation[], known: Known, report: Report): void {
  for (const { kind, id, place } of citations) {
    const ids = known[kind];
    if (ids === null || ids.includes(id)) continue;
    const { what, where } = WORDS[kind];
    report.blocks(
      place,
      `không có ${what} "${id}"`,
      didYouMean(id, ids, `xem các tên mã trong ${where}`),
    );
  }
}

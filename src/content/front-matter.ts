import type { ContentFile } from "./read-files.ts";
import type { Report } from "./report.ts";

/** The two halves of a page, and the line of the file that each begins on. */
export type SplitPage = { yaml: string; yamlLine: number; body: string; bodyLine: number };

/** Parts the block between the two `---` lines from the text below it. */
export function splitFrontMatter({ path, text }: ContentFile, report: Report): SplitPage | null {
  const lines = text.split("\n");
  if (lines[0]?.trimEnd() !== "---") {
    report.blocks(
      { file: path, line: 1 },
      "thiếu dòng --- ở đầu trang",
      "bắt đầu tệp bằng dòng ---, rồi các dòng khoa: nội dung",
    );
    return null;
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === "---");
  if (end === -1) {
    report.blocks(
      { file: path, line: 1 },
      "phần đầu trang không có dòng --- để kết thúc",
      "thêm dòng --- trước đoạn văn đầu tiên",
    );
    return null;
  }
  return {
    yaml: lines.slice(1, end).join("\n"),
    yamlLine: 2,
    body: lines.slice(end + 1).join("\n"),
    bodyLine: end + 2,
  };
}

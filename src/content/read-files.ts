import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Report } from "./report.ts";

/** One file of the content folder: its path below the folder, with `/`, and its text as `normaliseText` leaves it. */
export type ContentFile = { path: string; text: string };

/** Every file below the folder, in the order of their paths. Hidden files are left out. */
export async function readContentFiles(folder: string): Promise<ContentFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split(sep).some((part) => part.startsWith(".")));
  const files = await Promise.all(
    paths.map(async (path) => ({
      path: path.split(sep).join("/").normalize("NFC"),
      text: normaliseText(await readFile(join(folder, path), "utf8")),
    })),
  );
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * NFC, lines that end at \n, ordinary spaces, no byte-order mark: macOS writes NFD, Windows CRLF, and text pasted from Word or Zalo
 * brings hard spaces and zero-width characters that nobody can see. Lines keep their numbers.
 */
export function normaliseText(text: string): string {
  return text
    .replace(/\u200B|\u200C|\u200D|\u2060|\uFEFF/g, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[\u00A0\u2007\u202F]/g, " ")
    .normalize("NFC");
}

/** A file in another encoding was read with signs that stand for what is lost. */
export function reportBadEncoding({ path, text }: ContentFile, report: Report): void {
  if (!text.includes("\uFFFD")) return;
  report.blocks(
    { file: path, line: 0 },
    "tệp không phải UTF-8, chữ có dấu bị hỏng",
    "mở lại và lưu tệp với mã UTF-8",
  );
}

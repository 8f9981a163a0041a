import * as z from "zod";
import { didYouMean } from "./near-miss.ts";
import type { Place, Report } from "./report.ts";
import { contentId } from "./schema.ts";
import type { YamlSource } from "./yaml-source.ts";

type Path = PropertyKey[];

/** One entry of a list or map that was read. `placeOf` takes a path inside the entry. */
export type Entry<T> = {
  id: string;
  row: T;
  placeOf: (...path: Path) => Place;
  textPlaceOf: (...path: Path) => Place;
};

/** The value at a path as its schema has it, or null and a problem for each thing that is wrong. */
export function readAt<S extends z.ZodType>(
  source: YamlSource,
  path: Path,
  schema: S,
  report: Report,
): z.output<S> | null {
  const value = valueAt(source.value, path);
  const result = schema.safeParse(value, { error: knownKeysOf, reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) explainIssue(issue, source, path, report);
  return null;
}

/** The entries of a map from id to row. A wrong one is reported and left out; the ids are those of all of them. */
export function readMap<S extends z.ZodType>(
  source: YamlSource,
  path: Path,
  schema: S,
  report: Report,
  keySchema: z.ZodType<string> = contentId,
): { entries: Entry<z.output<S>>[]; ids: string[] } {
  const map = readAt(source, path, z.record(z.string(), z.unknown()), report);
  const ids = Object.keys(map ?? {});
  const entries: Entry<z.output<S>>[] = [];
  for (const id of ids) {
    const key = keySchema.safeParse(id);
    for (const issue of key.error?.issues ?? []) explainIssue(issue, source, [...path, id], report);
    const row = readAt(source, [...path, id], schema, report);
    if (row !== null && key.success) entries.push(entryAt(source, [...path, id], id, row));
  }
  return { entries, ids };
}

/** The entries of a list whose rows carry their own id under `idKey`. Two with the same id are reported. */
export function readList<S extends z.ZodType>(
  source: YamlSource,
  path: Path,
  schema: S,
  idOf: (row: z.output<S>) => string,
  report: Report,
): Entry<z.output<S>>[] {
  const list = readAt(source, path, z.array(z.unknown()), report) ?? [];
  const entries = new Map<string, Entry<z.output<S>>>();
  for (const index of list.keys()) {
    const row = readAt(source, [...path, index], schema, report);
    if (row === null) continue;
    const entry = entryAt(source, [...path, index], idOf(row), row);
    const earlier = entries.get(entry.id);
    if (earlier === undefined) entries.set(entry.id, entry);
    else {
      const line = earlier.placeOf().line;
      report.blocks(
        entry.placeOf(),
        `mã "${entry.id}" đã có ở dòng ${line}`,
        "đặt mã khác cho một trong hai",
      );
    }
  }
  return [...entries.values()];
}

function entryAt<T>(source: YamlSource, at: Path, id: string, row: T): Entry<T> {
  return {
    id,
    row,
    placeOf: (...path) => source.placeOf(...at, ...path),
    textPlaceOf: (...path) => source.textPlaceOf(...at, ...path),
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}

/** For an unknown key the message carries the keys there are, since only here the schema is at hand. */
function knownKeysOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(" ") : "";
}

function explainIssue(
  issue: z.core.$ZodIssue,
  source: YamlSource,
  base: Path,
  report: Report,
): void {
  const path = [...base, ...issue.path];
  const place = source.placeOf(...path);
  const last = path.at(-1);
  const name = typeof last === "string" ? `"${last}"` : "mục này";
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys)
        explainKey(key, issue.message.split(" "), source.placeOf(...path, key), report);
      return;
    case "invalid_type":
      explainType(issue, name, source.typedAt(path), place, report);
      return;
    case "invalid_value": {
      if (explainMissing(issue.input, name, place, report)) return;
      const values = issue.values.map(String);
      report.blocks(
        place,
        `${name} không nhận "${shown(issue.input)}"`,
        didYouMean(shown(issue.input), values, `viết một trong: ${values.join(", ")}`),
      );
      return;
    }
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "invalid_format":
    case "not_multiple_of":
    case "too_big":
    case "too_small":
    case "custom": {
      const [wrong = "", ...instead] = issue.message.split(" — ");
      report.blocks(place, `${name} ${wrong}`, instead.join(" — ") || "xem mẫu trong HUONG-DAN.md");
    }
  }
}

function explainKey(key: string, known: string[], place: Place, report: Report): void {
  if (/\s/.test(key)) {
    report.blocks(
      place,
      `"${key}:" không phải khóa`,
      "câu có dấu hai chấm thì đặt cả câu trong ngoặc kép",
    );
  } else if (/^\d+%?$/.test(key)) {
    report.blocks(
      place,
      `"${key}" không phải khóa`,
      "số thập phân dùng dấu chấm (4.5), hoặc đặt trong ngoặc kép",
    );
  } else {
    const list = `xóa dòng này; các khóa dùng được: ${known.join(", ")}`;
    report.blocks(place, `không có khóa "${key}"`, didYouMean(key, known, list));
  }
}

const TYPE_ADVICE: Record<string, [wrong: string, instead: string]> = {
  string: ["phải là chữ", 'viết một câu; câu có dấu hai chấm thì đặt trong ngoặc kép "…"'],
  number: [
    "phải là số",
    "viết số liền, không dấu chấm ngàn, không ngoặc kép, ví dụ 2530000 hoặc 4.5",
  ],
  boolean: ["phải là true hoặc false", "viết true (có) hoặc false (không)"],
  array: ["phải là danh sách", "viết [a, b], hoặc mỗi mục một dòng bắt đầu bằng dấu -"],
  object: ["phải gồm các dòng khoa: nội dung", "thụt vào 2 dấu cách, mỗi dòng một khóa"],
  record: ["phải gồm các dòng khoa: nội dung", "thụt vào 2 dấu cách, mỗi dòng một khóa"],
};

function explainType(
  issue: z.core.$ZodIssueInvalidType,
  name: string,
  typed: string | undefined,
  place: Place,
  report: Report,
): void {
  if (explainMissing(issue.input, name, place, report)) return;
  if (issue.expected === "string" && typeof issue.input !== "object") {
    const quoted = typed ?? shown(issue.input);
    const why = /^0\d/.test(quoted) ? ", số 0 ở đầu sẽ mất" : "";
    report.blocks(
      place,
      `${name} bị đọc thành số hoặc true/false${why}`,
      `đặt trong ngoặc kép: "${quoted}"`,
    );
  } else {
    const [wrong, instead] = TYPE_ADVICE[issue.expected] ?? [
      "sai kiểu",
      "xem mẫu trong HUONG-DAN.md",
    ];
    report.blocks(place, `${name} ${wrong}`, instead);
  }
}

function explainMissing(input: unknown, name: string, place: Place, report: Report): boolean {
  if (input === undefined) {
    report.blocks(place, `thiếu ${name}`, `thêm dòng ${name.replaceAll('"', "")}: …`);
  } else if (input === null) {
    report.blocks(place, `${name} còn trống`, "viết nội dung sau dấu hai chấm");
  }
  return input === undefined || input === null;
}

function shown(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input);
}

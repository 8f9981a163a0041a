import * as z from "zod";
import type { Field } from "../domain/content-base.ts";
import type { Report } from "./report.ts";
import { blame, nonEmpty } from "./schema.ts";
import { readMap } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

/** A button on a small phone shows no more. */
const MAX_SHORT_NAME = 24;

const fieldSchema = z.strictObject({
  ten: nonEmpty,
  ten_ngan: nonEmpty.max(
    MAX_SHORT_NAME,
    blame(`dài quá ${MAX_SHORT_NAME} ký tự`, "viết ngắn hơn để vừa nút bấm"),
  ),
  mo_ta: nonEmpty,
});

export function readFields(
  source: YamlSource,
  report: Report,
): { fields: Record<string, Field>; ids: string[] } {
  const { entries, ids } = readMap(source, [], fieldSchema, report);
  const fields = entries.map(({ id, row }): [string, Field] => [
    id,
    { id, name: row.ten, shortName: row.ten_ngan, about: row.mo_ta },
  ]);
  return { fields: Object.fromEntries(fields), ids };
}

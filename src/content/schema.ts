import * as z from "zod";
import { MAX_ID_LENGTH } from "../domain/action.ts";
import { isDay, type Day } from "../domain/day.ts";

/** A message of ours: `explainIssue` parts it into what is wrong and what to write. */
export function blame(wrong: string, instead: string): string {
  return `${wrong} — ${instead}`;
}

/** A text in which `{{…}}` is filled in: `readText` reads it. */
export const markdown = z
  .string()
  .trim()
  .min(1, blame("còn trống", "viết nội dung, hoặc xóa cả dòng nếu không bắt buộc"));

/** One or more words, shown as they are. */
export const nonEmpty = markdown.refine(
  (words) => !/\{\{|\}\}/.test(words),
  blame("có {{…}}, mà chỗ này không điền mức được", "viết bằng chữ"),
);

export const optionalText = nonEmpty.nullish().transform((value) => value ?? null);

/** A list that may be left out or empty. */
export const texts = z
  .array(nonEmpty)
  .nullish()
  .transform((value) => value ?? []);

export const flag = z.boolean(
  blame("phải là true hoặc false", "viết true (có) hoặc false (không)"),
);

export const day = z.string().transform((typed, context): Day => {
  if (isDay(typed)) return typed;
  context.addIssue(
    blame(`ngày "${typed}" sai hoặc không có thật`, `viết năm-tháng-ngày, ${exampleDay(typed)}`),
  );
  return z.NEVER;
});

function exampleDay(typed: string): string {
  const [, date = "", month = "", year = ""] =
    /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed) ?? [];
  const turned = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  return isDay(turned) ? `có phải ${turned}?` : "ví dụ 2026-11-23";
}

/** An id of ours: it also names a file, and a button must be able to carry it. */
export const contentId = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    blame(
      "không đúng dạng tên mã",
      "chỉ dùng chữ thường không dấu, số và gạch ngang, ví dụ huu-tri-xa-hoi",
    ),
  )
  .max(MAX_ID_LENGTH, blame(`dài quá ${MAX_ID_LENGTH} ký tự`, "đặt tên mã ngắn hơn"));

/** A number of the plan's clauses: `III.6.h.g2`, `PL.4`. */
export const clauseId = z
  .string()
  .regex(
    /^[A-Z]+(?:\.[A-Za-z0-9]+)*$/,
    blame("không đúng dạng số mục của kế hoạch", "viết như III.6.h.g2 hoặc PL.4"),
  )
  .max(MAX_ID_LENGTH, blame(`dài quá ${MAX_ID_LENGTH} ký tự`, "viết ngắn hơn"));

/** At least so many entries, said in words an editor knows. */
export function atLeast<T extends z.ZodType>(item: T, count: number, what: string): z.ZodArray<T> {
  return z.array(item).min(count, {
    error: ({ input }) =>
      blame(
        `mới có ${Array.isArray(input) ? input.length : 0} ${what}`,
        `cần ít nhất ${count} ${what}`,
      ),
  });
}

import * as z from "zod";
import { addDays, type Day, isDay } from "../domain/day.ts";
import { fold } from "../domain/fold.ts";
import type { Marks } from "./marks.ts";
import type { Report } from "./report.ts";
import { blame, nonEmpty, optionalText, texts } from "./schema.ts";
import { readAt } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const CHANNELS = ["telegram", "web", "zalo-bot", "zalo-oa"] as const;

const EVERYONE = "tất cả";
const AUDIENCE_EXAMPLE = `viết gui_toi: ${EVERYONE}, hoặc gui_toi: { linh_vuc: [tên mã lĩnh vực], xa: [tên xã] }`;

/** `2026-12-01` or `2026-12-01 08:00`, in Viet Nam. */
type Moment = { day: Day; time: string | null };

function momentOf(typed: string): Moment | undefined {
  const [day = "", time = null, ...rest] = typed.trim().split(/ +/);
  if (!isDay(day) || rest.length > 0) return undefined;
  if (time !== null && !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)) return undefined;
  return { day, time };
}

/** The moment as it should have been typed, where `1/12/2026 8h30` or the like shows which one is meant. */
function meantMoment(typed: string): string | undefined {
  const [, date = "", month = "", year = "", hour, minute = "00"] =
    /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[^\d]+(\d{1,2})(?:[:hg](\d{2})?)?)?$/.exec(typed) ?? [];
  const day = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  const meant = hour === undefined ? day : `${day} ${hour.padStart(2, "0")}:${minute}`;
  return momentOf(meant) === undefined ? undefined : meant;
}

const moment = z.string().transform((typed, context): Moment => {
  const read = momentOf(typed);
  if (read !== undefined) return read;
  const meant = meantMoment(typed.trim());
  const advice = meant === undefined ? "viết như 2026-12-01 08:00" : `có phải ${meant}?`;
  context.addIssue(blame(`ngày giờ "${typed}" sai hoặc không có thật`, advice));
  return z.NEVER;
});

const sendTime = moment.transform(({ day, time }, context): Date => {
  if (time !== null) return instantOf(day, time);
  context.addIssue(blame("chưa có giờ", `viết cả giờ, ví dụ ${day} 08:00`));
  return z.NEVER;
});

/** A day alone counts to its end. */
const expiry = moment.transform(({ day, time }) =>
  time === null ? instantOf(addDays(day, 1), "00:00") : instantOf(day, time),
);

function instantOf(day: Day, time: string): Date {
  return new Date(`${day}T${time}:00+07:00`);
}

/** One word is a yes, not a reason. */
const reason = z
  .unknown()
  .optional()
  .transform((typed, context): string | null => {
    if (typed === undefined || typed === null) return null;
    if (typeof typed === "string" && /\S\s+\S/.test(typed)) return typed.trim();
    context.addIssue(
      blame(
        "chưa ghi lý do",
        "viết vì sao gấp thành một câu, ví dụ khan: bão vào đất liền đêm nay; không gấp thì xóa dòng này",
      ),
    );
    return z.NEVER;
  });

const headSchema = z.strictObject({
  tieu_de: nonEmpty,
  gui_toi: z.unknown().optional(),
  kenh: z
    .array(z.enum(CHANNELS))
    .min(1, blame("còn trống", "ghi tên kênh, hoặc xóa dòng này để gửi trên mọi kênh"))
    .nullish(),
  gui_luc: sendTime.nullish(),
  het_han: expiry,
  khan: reason,
  dinh_chinh: optionalText,
  soan_boi: optionalText,
});

export type NoticeHead = z.output<typeof headSchema>;

/** The part of a notice between the `---` lines, but for whom it is meant. */
export function readNoticeHead(source: YamlSource, report: Report): NoticeHead | null {
  const head = readAt(source, [], headSchema, report);
  const { gui_luc: sendAt, het_han: expiresAt } = head ?? {};
  if (sendAt && expiresAt && expiresAt <= sendAt) {
    report.blocks(
      source.placeOf("het_han"),
      "het_han không sau gui_luc, tin sẽ hết hạn trước khi gửi",
      "sửa một trong hai",
    );
  }
  return head;
}

/** Field ids and communes as they are typed, not looked up yet. */
export type TypedAudience = { everyone: boolean; fields: string[]; communes: string[] };

const NOBODY: TypedAudience = { everyone: false, fields: [], communes: [] };

const audienceSchema = z.strictObject({ linh_vuc: texts, xa: texts });

/** Whom a notice is meant for; a correction says nothing about that. */
export function readAudience(
  source: YamlSource,
  marks: Marks,
  report: Report,
): TypedAudience | null {
  const { gui_toi: typed, dinh_chinh: corrects } = typedIn(source);
  const place = source.placeOf("gui_toi");
  const missing = typed === undefined || typed === null;
  if (corrects !== undefined && corrects !== null) {
    if (missing) return NOBODY;
    report.blocks(
      place,
      "tin đính chính gửi tới chính những người đã nhận tin được sửa",
      "xóa dòng gui_toi",
    );
    return null;
  }
  if (missing) {
    report.blocks(place, "chưa ghi ai nhận", AUDIENCE_EXAMPLE);
    return null;
  }
  if (typeof typed !== "object") {
    const said = typeof typed === "string" ? typed.trim() : (source.typedAt(["gui_toi"]) ?? "");
    if (said.toLowerCase() === EVERYONE) return { ...NOBODY, everyone: true };
    const advice = fold(said) === fold(EVERYONE) ? `có phải "${EVERYONE}"?` : AUDIENCE_EXAMPLE;
    report.blocks(place, `"gui_toi" không nhận "${said}"`, advice);
    return null;
  }
  const row = readAt(source, ["gui_toi"], audienceSchema, report);
  if (row === null) return null;
  if (row.linh_vuc.length + row.xa.length === 0) {
    report.blocks(place, '"gui_toi" chưa ghi lĩnh vực hay xã nào', AUDIENCE_EXAMPLE);
    return null;
  }
  marks.citations.push(
    ...row.linh_vuc.map((id, index) => ({
      kind: "field" as const,
      id,
      place: source.placeOf("gui_toi", "linh_vuc", index),
    })),
  );
  return { everyone: false, fields: [...new Set(row.linh_vuc)], communes: row.xa };
}

const typedSchema = z.object({
  gui_toi: z.unknown().optional(),
  dinh_chinh: z.unknown().optional(),
});

function typedIn(source: YamlSource): z.output<typeof typedSchema> {
  return typedSchema.safeParse(source.value).data ?? {};
}

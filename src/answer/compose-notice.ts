import { createHash } from "node:crypto";
import type { ContentBase } from "../domain/content-base.ts";
import type { Day } from "../domain/day.ts";
import type { Notice } from "../domain/notice.ts";
import type { Block } from "../domain/reply.ts";
import { fill, say, text } from "./compose.ts";

/** Everything a person reads of a notice, as of `day`: the last block says who sends it, its code and how to stop. */
export function composeNotice(
  content: ContentBase,
  notice: Notice,
  day: Day,
  code: string,
  corrected: { title: string } | null,
): Block[] {
  const setting = { content, day, commune: null, askForPlace: false };
  const { office } = content.phrases;
  const from =
    office === null
      ? say(content, "noticeFromTrial", { ma: code })
      : say(content, "noticeFrom", { don_vi: office, ma: code });
  return [
    { type: "heading", text: headingOf(notice) },
    ...(corrected === null
      ? []
      : [text(say(content, "noticeCorrects", { tieu_de: corrected.title }))]),
    ...fill(setting, notice.body),
    text(from),
  ];
}

const CORRECTION = "Đính chính";

function headingOf({ title, corrects }: Notice): string {
  const says = title.toLowerCase().startsWith(CORRECTION.toLowerCase());
  return corrects === null || says ? title : `${CORRECTION}: ${title}`;
}

/** Tells whether a notice's file still says the same: SHA-256 in hex. */
export function digestOf(notice: Notice): string {
  return createHash("sha256").update(JSON.stringify(notice)).digest("hex");
}

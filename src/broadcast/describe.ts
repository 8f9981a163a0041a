import type { Broadcast, Draft } from "../domain/broadcast.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { clockOf, dayOf, formatDay } from "../domain/day.ts";
import type { Audience, Notice } from "../domain/notice.ts";
import type { Block } from "../domain/reply.ts";
import {
  channelName,
  durationInWords,
  expectedSeconds,
  peopleInWords,
  type Reach,
  sumOf,
  unreachable,
} from "./reach.ts";

/** What is said of a broadcast, or of a notice that is not submitted yet. */
export type Described = Pick<Draft, "audience" | "sendAt" | "expiresAt" | "urgent" | "corrects">;

/** Stands where the code will be in a text that is not submitted yet; never a code itself. */
export const SAMPLE_CODE = "TB00000";

type Places = Pick<ContentBase, "fields" | "communes">;

export function describedBy({ audience, urgent, corrects, ...notice }: Notice): Described {
  return {
    audience,
    urgent,
    corrects,
    sendAt: notice.sendAt === null ? null : new Date(notice.sendAt),
    expiresAt: new Date(notice.expiresAt),
  };
}

/** For whom, how many, when, until when, why urgent: the label and value of each. */
export function factsOf(
  described: Described,
  people: Record<string, number>,
  places: Places,
): { label: string; value: string }[] {
  const { audience, sendAt, expiresAt, urgent, corrects } = described;
  const total = sumOf(people);
  const counts = total === 0 ? "không có ai" : `${total} (${peopleInWords(people)})`;
  return [
    {
      label: "Gửi tới",
      value: corrects === null ? audienceInWords(audience, places) : `người đã nhận ${corrects}`,
    },
    {
      label: "Kênh",
      value: audience.channels === null ? "tất cả" : audience.channels.map(channelName).join(", "),
    },
    { label: "Số người", value: counts },
    { label: "Giờ gửi", value: sendAt === null ? "ngay khi duyệt" : instantInWords(sendAt) },
    { label: "Hết hạn", value: instantInWords(expiresAt) },
    ...(urgent === null ? [] : [{ label: "Khẩn vì", value: urgent }]),
  ];
}

/** With the year: it may be the next. */
function instantInWords(at: Date): string {
  return `${clockOf(at)} ${formatDay(dayOf(at))}`;
}

const NAMES_SHOWN = 10;

function audienceInWords(
  { everyone, fields, communes }: Audience,
  { fields: known, communes: places }: Places,
): string {
  if (everyone) return "tất cả người đăng ký";
  const named = [
    ...fields.map((id) => known[id]?.name ?? id),
    ...communes.map((code) => places.find((place) => place.code === code)?.name ?? code),
  ];
  const more = named.length - NAMES_SHOWN;
  return named.slice(0, NAMES_SHOWN).join(", ") + (more > 0 ? ` và ${more} nơi khác` : "");
}

/** Who cannot be reached, and how long it takes where somebody has to be sent to. */
export function reachLines(
  { people, audience, urgent }: Pick<Broadcast, "people" | "audience" | "urgent">,
  reach: Record<string, Reach>,
): string[] {
  const closed = unreachable(people, audience.channels, reach);
  const seconds = expectedSeconds(people, reach);
  const quiet = urgent === null ? ", không kể giờ yên lặng 21:00–07:00" : "";
  return [
    ...closed.map((line) => `Không gửi được: ${line}.`),
    ...(seconds === 0 ? [] : [`Thời gian gửi: ${durationInWords(seconds)}${quiet}.`]),
  ];
}

/** What the approver types. */
export function approveCommand({ id, people }: Pick<Broadcast, "id" | "people">): string {
  return `/duyet ${id} ${sumOf(people)}`;
}

/** A line that is no part of the text a person gets. */
export function label(text: string): Block {
  return { type: "source", text };
}

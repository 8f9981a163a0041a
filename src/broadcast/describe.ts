import type { Broadcast, Broadcasts, Draft } from "../domain/broadcast.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { clockOf, dayOf, formatDay } from "../domain/day.ts";
import type { Audience, Notice } from "../domain/notice.ts";
import { formatNumber } from "../domain/parameter.ts";
import type { Block } from "../domain/reply.ts";
import { plannedIn, type PlanUse, planUse, stillToSend, type ToSend } from "./plan.ts";
import {
  channelName,
  expectedSeconds,
  peopleInWords,
  type Reach,
  sendingInWords,
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

/** Beside which a send is looked at. */
export type Outlook = {
  reach: Record<string, Reach>;
  /** Other announcements that wait to be sent. */
  planned: ToSend[];
  /** Whom this one still has to be sent to; null: everybody on its list. */
  toSend: Record<string, number> | null;
  now: Date;
};

export function outlookOf(
  store: Pick<Broadcasts, "released" | "tallies">,
  broadcast: Broadcast | null,
  reach: Record<string, Reach>,
  now: Date,
): Outlook {
  return {
    reach,
    planned: plannedIn(store, broadcast?.id ?? null),
    toSend: broadcast === null ? null : stillToSend(store, broadcast),
    now,
  };
}

/** Who cannot be reached, whether the month's messages are enough, and how long it takes where somebody has to be sent to. */
export function reachLines(
  described: Pick<Broadcast, "people" | "audience" | "urgent" | "sendAt">,
  outlook: Outlook,
): string[] {
  const { people, audience, urgent, sendAt } = described;
  const { reach, now } = outlook;
  const closed = unreachable(people, audience.channels, reach);
  const seconds = expectedSeconds(people, reach);
  const start = sendAt === null || sendAt < now ? now : sendAt;
  return [
    ...closed.map((line) => `Không gửi được: ${line}.`),
    ...outOfReachLines(people, reach),
    ...planLines(described, outlook),
    ...(seconds === 0
      ? []
      : [`Thời gian gửi: ${sendingInWords(seconds, start, urgent !== null)}.`]),
  ];
}

function outOfReachLines(people: Record<string, number>, reach: Record<string, Reach>): string[] {
  return Object.keys(people).flatMap((channel) => {
    const out = reach[channel]?.outOfReach ?? 0;
    const all = "trong mọi người đăng ký kênh này";
    return out === 0
      ? []
      : [`${channelName(channel)}, ngoài khung liên hệ: ${formatNumber(out)} người (${all}).`];
  });
}

function planLines(
  { people, sendAt }: Pick<Broadcast, "people" | "sendAt">,
  { reach, planned, toSend, now }: Outlook,
): string[] {
  return Object.keys(people).flatMap((channel) => {
    const plan = reach[channel]?.plan ?? null;
    if (plan === null) return [];
    const own = { sendAt, people: toSend ?? people };
    const use = planUse(channel, plan, own, planned, now);
    return use.needs === 0 ? [] : [`${channelName(channel)}, ${planInWords(use)}`];
  });
}

function planInWords({ month, left, planned, needs, short }: PlanUse): string {
  const [year, number] = month.split("-");
  const fits =
    short === 0
      ? "đủ"
      : `thiếu ${formatNumber(short)}, phần thiếu chờ sang tháng sau nếu tin còn hạn`;
  const others = planned === 0 ? "" : `, các tin đã duyệt cần ${formatNumber(planned)}`;
  return `hạn mức tháng ${number}/${year}: còn ${formatNumber(left)}${others}, tin này cần ${formatNumber(needs)}: ${fits}.`;
}

/** What the approver types. */
export function approveCommand({ id, people }: Pick<Broadcast, "id" | "people">): string {
  return `/duyet ${id} ${sumOf(people)}`;
}

/** A line that is no part of the text a person gets. */
export function label(text: string): Block {
  return { type: "source", text };
}

import { meetsQuiet } from "../domain/quiet-hours.ts";
import type { MonthlyPlan } from "./plan.ts";

/** How a channel takes announcements. */
export type Reach = {
  /** How many people get one in a second; null: people get it when they open the page. */
  perSecond: number | null;
  /** Why it takes none just now, in a few words for staff; null: it does. */
  closed: string | null;
  /** Where the platform sells so many messages a month. */
  plan?: MonthlyPlan | null;
  /** How many of the channel's subscribers the platform lets nobody write to just now. */
  outOfReach?: number;
};

const CHANNELS: Record<string, string> = {
  telegram: "Telegram",
  web: "Trang web",
  "zalo-bot": "Zalo Bot",
  "zalo-oa": "Zalo OA",
};

/** A channel as staff call it. */
export function channelName(channel: string): string {
  return CHANNELS[channel] ?? channel;
}

export function sumOf(people: Record<string, number>): number {
  return Object.values(people).reduce((sum, count) => sum + count, 0);
}

/** "Telegram 120, Trang web 4". */
export function peopleInWords(people: Record<string, number>): string {
  return Object.entries(people)
    .map(([channel, count]) => `${channelName(channel)} ${count}`)
    .join(", ");
}

/** Who cannot be reached and why, a line for each channel: people of one that takes nothing, and channels a notice names that are off. */
export function unreachable(
  people: Record<string, number>,
  named: string[] | null,
  reach: Record<string, Reach>,
): string[] {
  const channels = new Set([...Object.keys(people), ...(named ?? [])]);
  return [...channels].flatMap((channel) => {
    const ofChannel = reach[channel];
    const why = ofChannel === undefined ? "kênh chưa được cài đặt" : ofChannel.closed;
    return why === null ? [] : [`${channelName(channel)}: ${people[channel] ?? 0} người, ${why}`];
  });
}

/** How long sending takes when nothing holds it up: channels send side by side. */
export function expectedSeconds(
  people: Record<string, number>,
  reach: Record<string, Reach>,
): number {
  const seconds = Object.entries(people).map(([channel, count]) => {
    const perSecond = reach[channel]?.perSecond ?? null;
    return perSecond === null || reach[channel]?.closed !== null ? 0 : count / perSecond;
  });
  return Math.ceil(Math.max(0, ...seconds));
}

/** "khoảng 2 giờ, phần còn lại gửi từ 07:00 sáng hôm sau": how long a send takes that may begin at `start`; urgent ones know no quiet hours. */
export function sendingInWords(seconds: number, start: Date, isUrgent: boolean): string {
  const duration = durationInWords(seconds);
  switch (isUrgent ? "never" : meetsQuiet(start, seconds)) {
    case "never":
      return duration;
    case "at-start":
      return `${duration}, tính từ 07:00 vì lúc bắt đầu là giờ yên lặng 21:00–07:00`;
    case "on-the-way":
      return `${duration}; 21:00 tạm nghỉ, phần còn lại gửi từ 07:00 sáng hôm sau`;
  }
}

/** "khoảng 2 giờ 10 phút" */
export function durationInWords(seconds: number): string {
  if (seconds < 60) return "dưới một phút";
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `khoảng ${minutes} phút`;
  const rest = minutes % 60;
  return `khoảng ${Math.floor(minutes / 60)} giờ${rest === 0 ? "" : ` ${rest} phút`}`;
}

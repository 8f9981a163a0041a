import type { Broadcast } from "../domain/broadcast.ts";
import { isQuiet } from "../domain/quiet-hours.ts";

const HOUR_MS = 60 * 60 * 1000;

const LATE_AFTER_MS = 30 * 60 * 1000;

/** Where an announcement is kept for somebody who does not open the page. */
export const PAGE = "web";
const PAGE_WAITS_MS = 7 * 24 * HOUR_MS;

/** What a released broadcast may do: wait for its time, ask staff because that passed long ago, begin, go on, or end because it is too old. */
export type Stage = "not-yet" | "late" | "due" | "under-way" | "expired";

export function stageOf(
  { sendAt, startedAt, expiresAt }: Pick<Broadcast, "sendAt" | "startedAt" | "expiresAt">,
  now: Date,
): Stage {
  if (now >= expiresAt) return "expired";
  if (startedAt !== null) return "under-way";
  if (sendAt === null) return "due";
  if (now < sendAt) return "not-yet";
  return now.getTime() - sendAt.getTime() > LATE_AFTER_MS ? "late" : "due";
}

/** True while it may be sent to people's phones. An open page does not ring: there quiet hours do not count. */
export function mayRing(
  broadcast: Pick<Broadcast, "sendAt" | "startedAt" | "expiresAt" | "urgent">,
  now: Date,
): boolean {
  return stageOf(broadcast, now) === "under-way" && (broadcast.urgent !== null || !isQuiet(now));
}

/** True while a page that is opened shows it. */
export function mayShowOnPage(
  broadcast: Pick<Broadcast, "sendAt" | "startedAt" | "expiresAt">,
  now: Date,
): boolean {
  return stageOf(broadcast, now) === "under-way" && !hasWaitedLongOnPage(broadcast, now);
}

export function hasWaitedLongOnPage(
  { startedAt }: Pick<Broadcast, "startedAt">,
  now: Date,
): boolean {
  return startedAt !== null && now.getTime() - startedAt.getTime() >= PAGE_WAITS_MS;
}

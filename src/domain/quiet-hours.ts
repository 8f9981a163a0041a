import { dayOf, noonOf } from "./day.ts";

const VIETNAM_OFFSET_HOURS = 7;
const QUIET_FROM_HOUR = 21;
const QUIET_UNTIL_HOUR = 7;

/** From 21:00 to 07:00 in Viet Nam nothing is announced that is not urgent. */
export function isQuiet(instant: Date): boolean {
  const hour = (instant.getUTCHours() + VIETNAM_OFFSET_HOURS) % 24;
  return hour >= QUIET_FROM_HOUR || hour < QUIET_UNTIL_HOUR;
}

/** How a send of so many seconds meets quiet hours: not at all, only after them, or it pauses and goes on after them. */
export function meetsQuiet(start: Date, seconds: number): "never" | "at-start" | "on-the-way" {
  if (isQuiet(start)) return "at-start";
  const hours = QUIET_FROM_HOUR - 12;
  const quietFrom = noonOf(dayOf(start)).getTime() + hours * 60 * 60 * 1000;
  return start.getTime() + seconds * 1000 > quietFrom ? "on-the-way" : "never";
}

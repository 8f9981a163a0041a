/** A calendar day in Viet Nam, as `2026-11-23`. Days compare as strings. */
export type Day = `${number}-${number}-${number}`;

const VIETNAM_OFFSET_MS = 7 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** True for a day that exists: `2026-02-30` does not. */
export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && isoDate(instant) === text;
}

/** The calendar day in Viet Nam (UTC+7 all year, no summer time since 1975) at an instant. */
export function dayOf(instant: Date): Day {
  return isoDate(new Date(instant.getTime() + VIETNAM_OFFSET_MS)) as Day;
}

/** Noon in Viet Nam on a day: an instant that is safely inside it. */
export function noonOf(day: Day): Date {
  return new Date(`${day}T12:00:00+07:00`);
}

export function addDays(day: Day, days: number): Day {
  return isoDate(new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS)) as Day;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** `2026-07-01` as people write it: `01/07/2026`. */
export function formatDay(day: Day): string {
  const [year, month, date] = day.split("-");
  return `${date}/${month}/${year}`;
}

/** An instant as a clock in Viet Nam shows it: `01/07 07:30`. */
export function formatMoment(instant: Date): string {
  const [, month, date] = dayOf(instant).split("-");
  return `${date}/${month} ${clockOf(instant)}`;
}

/** The time of day in Viet Nam: `07:30`. Times compare as strings. */
export function clockOf(instant: Date): string {
  return new Date(instant.getTime() + VIETNAM_OFFSET_MS).toISOString().slice(11, 16);
}

function isoDate(instant: Date): string {
  const year = String(instant.getUTCFullYear()).padStart(4, "0");
  const month = String(instant.getUTCMonth() + 1).padStart(2, "0");
  const date = String(instant.getUTCDate()).padStart(2, "0");
  return `${year}-${month}-${date}`;
}

const VIETNAM_OFFSET_HOURS = 7;
const QUIET_FROM_HOUR = 21;
const QUIET_UNTIL_HOUR = 7;

/** From 21:00 to 07:00 in Viet Nam nothing is announced that is not urgent. */
export function isQuiet(instant: Date): boolean {
  const hour = (instant.getUTCHours() + VIETNAM_OFFSET_HOURS) % 24;
  return hour >= QUIET_FROM_HOUR || hour < QUIET_UNTIL_HOUR;
}

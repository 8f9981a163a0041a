const HOUR_MS = 60 * 60 * 1000;
/** https://docs.zaloplatforms.com: free and unlimited for 48 hours after somebody wrote, billed until seven days, then refused. */
const FREE_FOR_MS = 48 * HOUR_MS;
const PAID_FOR_MS = 7 * 24 * HOUR_MS;

/** How long after somebody wrote one may write to them. */
export function zaloOaWindowMs(paidAllowed: boolean): number {
  return paidAllowed ? PAID_FOR_MS : FREE_FOR_MS;
}

/** Whether one may write to somebody who last wrote then. Null: never, or too long ago to be remembered. */
export function windowOf(
  lastContact: Date | null,
  now: Date,
  paidAllowed: boolean,
): "free" | "paid" | "closed" {
  if (lastContact === null) return "closed";
  const since = now.getTime() - lastContact.getTime();
  if (since <= FREE_FOR_MS) return "free";
  return paidAllowed && since <= PAID_FOR_MS ? "paid" : "closed";
}

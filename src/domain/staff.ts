import type { Address } from "./reply.ts";

/** An author submits announcements, an approver releases them; neither their own. */
export type StaffRole = "author" | "approver";

/** Somebody of the office that runs the bot, known by where they write from: always a private chat. */
export type Staff = { address: Address; roles: StaffRole[] };

/** `telegram:123`: how staff stand in settings and in the record of acts. */
export function staffName({ channel, person }: Address): string {
  return `${channel}:${person}`;
}

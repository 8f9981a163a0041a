import { type Broadcast, type Broadcasts, wasReleased } from "../domain/broadcast.ts";
import { dayOf } from "../domain/day.ts";

/** Messages a month that a platform's plan allows, and how many of them were used this month. */
export type MonthlyPlan = { monthlyLimit: number; sent: number };

/** People to be sent to on each channel, at a time or (null) at once. */
export type ToSend = { sendAt: Date | null; people: Record<string, number> };

/** `left` before anything is sent, what others have `planned`, what this one `needs`, and how many messages are `short` in all. */
export type PlanUse = {
  /** `2026-11`: the month in which it is sent. */
  month: string;
  left: number;
  planned: number;
  needs: number;
  short: number;
};

/** Whether a channel's plan has room for a send beside those that wait already, in the month in which it begins: one message a person. */
export function planUse(
  channel: string,
  plan: MonthlyPlan,
  own: ToSend,
  others: ToSend[],
  now: Date,
): PlanUse {
  const month = monthOf(own, now);
  const used = month === monthAt(now) ? plan.sent : 0;
  const left = Math.max(0, plan.monthlyLimit - used);
  const planned = others
    .filter((other) => monthOf(other, now) === month)
    .reduce((sum, { people }) => sum + (people[channel] ?? 0), 0);
  const needs = own.people[channel] ?? 0;
  return { month, left, planned, needs, short: Math.max(0, planned + needs - left) };
}

/** What is released and still waits, but for one. */
export function plannedIn(
  store: Pick<Broadcasts, "released" | "tallies">,
  except: string | null,
): ToSend[] {
  return store
    .released()
    .filter(({ id }) => id !== except)
    .map(({ id, sendAt }) => ({ sendAt, people: waitingIn(store, id) }));
}

/** Whom a broadcast still has to be sent to: all of its list before the release. */
export function stillToSend(
  store: Pick<Broadcasts, "tallies">,
  broadcast: Broadcast,
): Record<string, number> {
  return wasReleased(broadcast) ? waitingIn(store, broadcast.id) : broadcast.people;
}

function waitingIn(store: Pick<Broadcasts, "tallies">, id: string): Record<string, number> {
  const tallies = Object.entries(store.tallies(id));
  return Object.fromEntries(tallies.map(([channel, { waiting }]) => [channel, waiting]));
}

function monthOf({ sendAt }: ToSend, now: Date): string {
  return monthAt(sendAt === null || sendAt < now ? now : sendAt);
}

function monthAt(at: Date): string {
  return dayOf(at).slice(0, 7);
}

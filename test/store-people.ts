import type { Address, Incoming } from "../src/domain/reply.ts";
import type { Store, Subscription, Unanswered } from "../src/domain/store.ts";

export const MORNING = new Date("2026-11-25T01:00:00Z");

export function person(name: string): Address {
  return { channel: "telegram", person: name };
}

export function message(id: string, from = person("an")): Incoming {
  return { id, from, at: MORNING, content: { type: "text", text: `câu hỏi ${id}` } };
}

export function subscription(field = "viec-lam"): Subscription {
  return { topics: [{ type: "field", id: field }], since: MORNING, consent: "2026-11" };
}

export function unanswered(text: string): Unanswered {
  return { text, day: "2026-11-25", reason: "unknown", nearest: null };
}

/** How many people subscribed on Telegram. */
export function subscribersOf(store: Pick<Store, "subscriberCounts">): number {
  return store.subscriberCounts()["telegram"]?.people ?? 0;
}

import type { SubscriptionTopic } from "../domain/action.ts";
import type { Address } from "../domain/reply.ts";
import type { Kept } from "./kept.ts";
import { rerouted } from "./rerouted.ts";
import {
  conversationKey,
  deliveryKey,
  personKeyOf,
  type Put,
  type RowOf,
  subscriptionKey,
} from "./rows.ts";
import type { View } from "./changes.ts";

/** What to change when all that is kept under one address of a channel belongs to another of it; nothing the second time. */
export function moved(kept: Kept, view: View, from: Address, to: Address, now: Date): Put[] {
  if (from.person === to.person) return [];
  return [
    ...movedSubscription(kept, view, from, to, now),
    ...movedConversation(kept, from, to),
    ...movedMessages(view, from, to),
  ];
}

/** Also to another channel. Announcements that wait for the old address wait for the new one. */
export function movedSubscription(
  kept: Kept,
  view: View,
  from: Address,
  to: Address,
  now: Date,
): Put[] {
  const old = view.row(subscriptionKey(from));
  if (old?.type !== "subscription") return [];
  const known = view.row(subscriptionKey(to));
  const row: RowOf<"subscription"> =
    known?.type === "subscription"
      ? { ...known, subscription: merged(known, old) }
      : { ...old, from: to, key: personKeyOf(old) };
  const there = { channel: to.channel, person: personKeyOf(row) };
  const isElsewhere = there.channel !== from.channel || there.person !== personKeyOf(old);
  // Taken away first: taking it away also forgets its person key.
  return [
    [subscriptionKey(from), null],
    [subscriptionKey(to), row],
    ...(isElsewhere
      ? waitingFor(kept, view, old).flatMap((delivery) => rerouted(view, delivery, there, now))
      : []),
  ];
}

function waitingFor(kept: Kept, view: View, subscriber: RowOf<"subscription">) {
  const { channel } = subscriber.from;
  const person = personKeyOf(subscriber);
  return [...kept.rows.broadcast.values()].flatMap(({ broadcast }) => {
    const row = view.row(deliveryKey({ broadcast: broadcast.id, channel, person }));
    return row?.type === "delivery" && row.delivery.status === "waiting" ? [row] : [];
  });
}

function merged({ subscription }: RowOf<"subscription">, old: RowOf<"subscription">) {
  const known = new Set(subscription.topics.map(topicKey));
  const more = old.subscription.topics.filter((topic) => !known.has(topicKey(topic)));
  return { ...subscription, topics: [...subscription.topics, ...more] };
}

function topicKey(topic: SubscriptionTopic): string {
  switch (topic.type) {
    case "all":
      return "all";
    case "field":
      return `field ${topic.id}`;
    case "commune":
      return `commune ${topic.code}`;
  }
}

/** The newer of two conversations goes on. */
function movedConversation(kept: Kept, from: Address, to: Address): Put[] {
  const old = kept.rows.conversation.get(conversationKey(from));
  if (old === undefined) return [];
  const known = kept.rows.conversation.get(conversationKey(to));
  const removal: Put = [conversationKey(from), null];
  if (known !== undefined && known.at > old.at) return [removal];
  return [removal, [conversationKey(to), { ...old, from: to }]];
}

function movedMessages(view: View, from: Address, to: Address): Put[] {
  return [...view.messages()]
    .filter(([, { incoming }]) => {
      return incoming.from.channel === from.channel && incoming.from.person === from.person;
    })
    .map(([key, row]): Put => [key, { ...row, incoming: { ...row.incoming, from: to } }]);
}

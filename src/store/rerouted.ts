import type { Broadcast, Delivery } from "../domain/broadcast.ts";
import { broadcastKey, deliveryKey, type Put, type RowOf } from "./rows.ts";
import type { View } from "./changes.ts";

/**
 * What to change when somebody whose row waits goes on in another channel: they wait there, and the frozen list counts them there. Where the
 * announcement is not for that channel, or they stand on its list already, the row counts as left: nobody gets it twice.
 */
export function rerouted(
  view: View,
  row: RowOf<"delivery">,
  to: { channel: string; person: string },
  now: Date,
): Put[] {
  const { delivery } = row;
  const there: Delivery = { ...delivery, ...to };
  const owner = view.row(broadcastKey(delivery.broadcast));
  const isKnownThere = view.row(deliveryKey(there)) !== undefined;
  if (owner?.type !== "broadcast" || !goesTo(owner.broadcast, to.channel) || isKnownThere) {
    return [
      [deliveryKey(delivery), { ...row, delivery: { ...delivery, status: "left", at: now } }],
    ];
  }
  const people = shifted(owner.broadcast.people, delivery.channel, to.channel);
  return [
    [deliveryKey(delivery), null],
    [deliveryKey(there), { ...row, delivery: there }],
    [broadcastKey(delivery.broadcast), { ...owner, broadcast: { ...owner.broadcast, people } }],
  ];
}

function goesTo({ audience: { channels } }: Broadcast, channel: string): boolean {
  return channels === null || channels.includes(channel);
}

function shifted(people: Record<string, number>, from: string, to: string): Record<string, number> {
  const counts = { ...people, [to]: (people[to] ?? 0) + 1 };
  const left = (counts[from] ?? 0) - 1;
  const others = Object.entries(counts).filter(([channel]) => channel !== from);
  return Object.fromEntries(left > 0 ? [...others, [from, left]] : others);
}

import { type Delivery, EMPTY_TALLY, type Tally } from "../domain/broadcast.ts";

/** Finds deliveries without looking at all of them: what waits next, and how many stand where. */
export type DeliveryIndex = {
  put(key: string, delivery: Delivery): void;
  /** Does nothing for a key that is no delivery's. */
  drop(key: string): void;
  /** Keys of the rows of a broadcast. */
  keys(broadcast: string): Iterable<string>;
  all(broadcast: string): Iterable<Delivery>;
  /** Keys of the waiting rows, in the order they came to wait. */
  waiting(broadcast: string, channel: string): Iterable<string>;
  tallies(broadcast: string): Record<string, Tally>;
};

type OfBroadcast = {
  rows: Map<string, Delivery>;
  waiting: Map<string, Set<string>>;
  tallies: Map<string, Tally>;
};

export function createDeliveryIndex(): DeliveryIndex {
  const broadcasts = new Map<string, OfBroadcast>();
  const broadcastOf = new Map<string, string>();

  function remove(key: string): void {
    const known = broadcasts.get(broadcastOf.get(key) ?? "");
    const before = known?.rows.get(key);
    if (known === undefined || before === undefined) return;
    count(known, before, -1);
    if (before.status === "waiting") known.waiting.get(before.channel)?.delete(key);
  }

  return {
    put(key, delivery) {
      remove(key);
      const { broadcast, channel } = delivery;
      const known = broadcasts.get(broadcast) ?? {
        rows: new Map(),
        waiting: new Map(),
        tallies: new Map(),
      };
      broadcasts.set(broadcast, known);
      broadcastOf.set(key, broadcast);
      known.rows.set(key, delivery);
      count(known, delivery, 1);
      if (delivery.status !== "waiting") return;
      const waiting = known.waiting.get(channel) ?? new Set();
      known.waiting.set(channel, waiting.add(key));
    },
    drop(key) {
      remove(key);
      const broadcast = broadcastOf.get(key) ?? "";
      broadcastOf.delete(key);
      const rows = broadcasts.get(broadcast)?.rows;
      rows?.delete(key);
      if (rows?.size === 0) broadcasts.delete(broadcast);
    },
    keys: (broadcast) => broadcasts.get(broadcast)?.rows.keys() ?? [],
    all: (broadcast) => broadcasts.get(broadcast)?.rows.values() ?? [],
    waiting: (broadcast, channel) => broadcasts.get(broadcast)?.waiting.get(channel) ?? [],
    tallies: (broadcast) =>
      structuredClone(Object.fromEntries(broadcasts.get(broadcast)?.tallies ?? [])),
  };
}

function count({ tallies }: OfBroadcast, delivery: Delivery, by: number): void {
  const { channel, status, reason } = delivery;
  const tally = tallies.get(channel) ?? structuredClone(EMPTY_TALLY);
  tallies.set(channel, tally);
  if (status === "refused") tally.refused[reason ?? "rejected"] += by;
  else tally[status] += by;
}

import { crc32 } from "node:zlib";
import type { Broadcast } from "../domain/broadcast.ts";
import { CONVERSATION_FADES_AFTER_MS } from "../domain/conversation.ts";
import { addDays, dayOf } from "../domain/day.ts";
import { LIMITS } from "../domain/store.ts";
import { createDeliveryIndex, type DeliveryIndex } from "./delivery-index.ts";
import { personKeyOf, type Put, type Row, type RowOf } from "./rows.ts";
import type { Shard } from "./shard-file.ts";

/** What is on disk, in memory: rows in shards, and by type in the order they came. */
export type Kept = {
  rows: { [T in Row["type"]]: Map<string, RowOf<T>> };
  row(key: string): Row | undefined;
  deliveries: DeliveryIndex;
  /** The subscription behind a delivery's person key; none: they left. */
  subscriptionOf(personKey: string): RowOf<"subscription"> | undefined;
  /** Number of the last change. */
  seq(): number;
  /** A number for the next thing taken over. */
  nextOrder(): number;
  /** Takes in what was written as change `seq`. */
  apply(seq: number, puts: readonly Put[]): void;
  /** A conversation is known before it is on disk. */
  recallFrom(key: string, row: RowOf<"conversation">): void;
  /** Drops what is older than it may be kept. */
  sweep(now: Date): void;
};

const MAX_CONVERSATIONS = 20_000;

export function shardOf(key: string, shards: readonly Shard[]): Shard {
  const shard = shards[crc32(key) % shards.length];
  if (shard === undefined) throw new Error("a store needs at least one shard");
  return shard;
}

/** Takes over shards that are up to change `seq`; `now` decides what of them is too old. */
export function createKept(shards: readonly Shard[], seq: number, now: Date): Kept {
  const rows: Kept["rows"] = {
    subscription: new Map(),
    message: new Map(),
    processed: new Map(),
    unanswered: new Map(),
    conversation: new Map(),
    broadcast: new Map(),
    delivery: new Map(),
    heartbeat: new Map(),
    sends: new Map(),
    contact: new Map(),
    carry: new Map(),
  };
  const deliveries = createDeliveryIndex();
  const subscriptions = new Map<string, RowOf<"subscription">>();
  let last = seq;
  const found = shards.flatMap((shard) => [...shard.rows]);
  for (const [key, row] of found.sort(([, one], [, other]) => ageOf(one) - ageOf(other))) {
    index(key, row);
  }
  let order = found.reduce(
    (most, [, row]) => ("order" in row ? Math.max(most, row.order) : most),
    0,
  );
  sweep(now);
  dropBeyondLimits();

  return {
    rows,
    deliveries,
    subscriptionOf: (personKey) => subscriptions.get(personKey),
    row: (key) => shardOf(key, shards).rows.get(key),
    seq: () => last,
    nextOrder: () => ++order,
    apply(change, puts) {
      last = change;
      for (const [key, row] of puts) {
        if (row === null) drop(key);
        else {
          shardOf(key, shards).rows.set(key, row);
          index(key, row);
        }
      }
      dropBeyondLimits();
    },
    recallFrom(key, row) {
      rows.conversation.delete(key);
      rows.conversation.set(key, row);
      dropBeyondLimits();
    },
    sweep,
  };

  function index(key: string, row: Row): void {
    switch (row.type) {
      case "subscription":
        forgetPerson(key);
        rows.subscription.set(key, row);
        subscriptions.set(personKeyOf(row), row);
        break;
      case "message":
        rows.message.set(key, row);
        break;
      case "broadcast":
        rows.broadcast.set(key, row);
        break;
      case "delivery":
        rows.delivery.set(key, row);
        deliveries.put(key, row.delivery);
        break;
      case "heartbeat":
        rows.heartbeat.set(key, row);
        break;
      case "sends":
        rows.sends.set(key, row);
        break;
      case "contact":
        rows.contact.set(key, row);
        break;
      case "carry":
        rows.carry.set(key, row);
        break;
      case "processed":
        rows.processed.delete(key);
        rows.processed.set(key, row);
        break;
      case "unanswered":
        rows.unanswered.set(key, row);
        break;
      case "conversation": {
        const known = rows.conversation.get(key);
        if (known === undefined || known.at <= row.at) rows.conversation.set(key, row);
        break;
      }
    }
  }

  function forgetPerson(key: string): void {
    const known = rows.subscription.get(key);
    if (known !== undefined) subscriptions.delete(personKeyOf(known));
  }

  function drop(key: string): void {
    forgetPerson(key);
    deliveries.drop(key);
    const broadcast = rows.broadcast.get(key)?.broadcast.id;
    if (broadcast !== undefined) [...deliveries.keys(broadcast)].forEach(drop);
    shardOf(key, shards).rows.delete(key);
    for (const ofType of Object.values(rows)) ofType.delete(key);
  }

  function dropBeyondLimits(): void {
    dropOldest(rows.processed, LIMITS.processedIds);
    dropOldest(rows.unanswered, LIMITS.unanswered);
    dropOldest(rows.conversation, MAX_CONVERSATIONS);
    dropOldest(rows.sends, LIMITS.sendMonths);
    dropOldest(rows.broadcast, LIMITS.broadcasts);
  }

  function dropOldest(ofType: Map<string, Row>, most: number): void {
    // The first key is not near: Map walks over all that were removed before it.
    if (ofType.size <= most) return;
    for (const key of ofType.keys()) {
      drop(key);
      if (ofType.size <= most) return;
    }
  }

  function sweep(at: Date): void {
    for (const [key, row] of rows.processed) if (!isRecent(row, at)) drop(key);
    for (const [key, row] of rows.unanswered) if (!isFresh(row, at)) drop(key);
    for (const [key, row] of rows.conversation) if (hasFaded(row, at)) drop(key);
    for (const [key, row] of rows.contact) {
      if (at.getTime() - row.at.getTime() > LIMITS.contactForMs) drop(key);
    }
    for (const [key, row] of rows.carry) if (row.expiresAt <= at) drop(key);
    for (const { broadcast } of rows.broadcast.values()) {
      if (!isOver(broadcast, at)) continue;
      [...deliveries.keys(broadcast.id)].forEach(drop);
    }
  }
}

/** Whether an id still counts as processed. */
export function isRecent(row: RowOf<"processed">, now: Date): boolean {
  return now.getTime() - row.at.getTime() < LIMITS.processedForMs;
}

/** Whether an unanswered question may still be kept. */
export function isFresh(row: RowOf<"unanswered">, now: Date): boolean {
  return row.entry.day >= addDays(dayOf(now), -LIMITS.unansweredForDays);
}

/** Its sums stay with the broadcast; who stood on the list need not be known any more. */
function isOver({ status, endedAt }: Broadcast, at: Date): boolean {
  if (status === "replaced") return true;
  return endedAt !== null && at.getTime() - endedAt.getTime() > LIMITS.deliveriesForMs;
}

export function hasFaded(row: RowOf<"conversation">, at: Date): boolean {
  return at.getTime() - row.at.getTime() > CONVERSATION_FADES_AFTER_MS;
}

/** Sorts rows of one type by age; between types it means nothing. */
function ageOf(row: Row): number {
  switch (row.type) {
    case "message":
    case "unanswered":
    case "broadcast":
      return row.order;
    case "delivery":
      return row.delivery.at.getTime();
    case "processed":
    case "conversation":
      return row.at.getTime();
    case "contact":
      return row.at.getTime();
    case "subscription":
    case "heartbeat":
    case "sends":
    case "carry":
      return 0;
  }
}

import { crc32 } from "node:zlib";
import { CONVERSATION_FADES_AFTER_MS } from "../domain/conversation.ts";
import { addDays, dayOf } from "../domain/day.ts";
import { LIMITS } from "../domain/store.ts";
import type { Put, Row, RowOf } from "./rows.ts";
import type { Shard } from "./shard-file.ts";

/** What is on disk, in memory: rows in shards, and by type in the order they came. */
export type Kept = {
  rows: { [T in Row["type"]]: Map<string, RowOf<T>> };
  row(key: string): Row | undefined;
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
  };
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
        rows.subscription.set(key, row);
        break;
      case "message":
        rows.message.set(key, row);
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

  function drop(key: string): void {
    shardOf(key, shards).rows.delete(key);
    for (const ofType of Object.values(rows)) ofType.delete(key);
  }

  function dropBeyondLimits(): void {
    dropOldest(rows.processed, LIMITS.processedIds);
    dropOldest(rows.unanswered, LIMITS.unanswered);
    dropOldest(rows.conversation, MAX_CONVERSATIONS);
  }

  function dropOldest(ofType: Map<string, Row>, most: number): void {
    for (const key of ofType.keys()) {
      if (ofType.size <= most) return;
      drop(key);
    }
  }

  function sweep(at: Date): void {
    for (const [key, row] of rows.processed) if (!isRecent(row, at)) drop(key);
    for (const [key, row] of rows.unanswered) if (!isFresh(row, at)) drop(key);
    for (const [key, row] of rows.conversation) if (hasFaded(row, at)) drop(key);
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

export function hasFaded(row: RowOf<"conversation">, at: Date): boolean {
  return at.getTime() - row.at.getTime() > CONVERSATION_FADES_AFTER_MS;
}

/** Sorts rows of one type by age; between types it means nothing. */
function ageOf(row: Row): number {
  switch (row.type) {
    case "message":
    case "unanswered":
      return row.order;
    case "processed":
    case "conversation":
      return row.at.getTime();
    case "subscription":
      return 0;
  }
}

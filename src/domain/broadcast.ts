import type { Audience } from "./notice.ts";
import type { Address, Block } from "./reply.ts";
import type { RefusedReason } from "./send-result.ts";

/**
 * freezing: its list is being written; a crash here leaves nothing behind. submitted: waits for another person's release. replaced: a newer
 * version was submitted, or it expired unreleased. released: it is being sent, or waits for its time. stopped: by staff. halted: by itself.
 */
export type BroadcastStatus =
  | "freezing"
  | "submitted"
  | "replaced"
  | "released"
  | "stopped"
  | "halted"
  | "finished";

/**
 * nobody-found: everybody tried was blocked or gone. refusals: too many recipients could not be sent to. late: its time passed more than half an hour ago. broken: it cannot be sent at all.
 * sums: rows are missing.
 */
export type HaltReason = "refusals" | "nobody-found" | "late" | "broken" | "sums";

export type ActKind =
  | "submitted"
  | "released"
  | "started"
  | "stopped"
  | "resumed"
  | "halted"
  | "finished"
  | "dismissed-doubtful"
  | "resent-doubtful";

/** What was done, by whom (`telegram:123`; null: by the bot itself) and when. */
export type Act = { did: ActKind; by: string | null; at: Date };

/** One release of a notice, or one waiting for release: text and list are frozen, whatever becomes of the file. */
export type Broadcast = {
  /** What people and staff call it: `TB7K3FQ`. */
  id: string;
  notice: string;
  /** Counts the submissions of the notice, from 1. */
  version: number;
  /** Tells whether the file still says the same. */
  digest: string;
  title: string;
  /** Everything a person reads, as of the day it was submitted. */
  blocks: Block[];
  audience: Audience;
  sendAt: Date | null;
  expiresAt: Date;
  urgent: string | null;
  /** The broadcast it puts right. */
  corrects: string | null;
  status: BroadcastStatus;
  halted: HaltReason | null;
  /** How many people stand on the frozen list, by channel. */
  people: Record<string, number>;
  /** When the first row could go. */
  startedAt: Date | null;
  endedAt: Date | null;
  acts: Act[];
  /** The sums at the end; rows are kept for a month after it, these stay. */
  totals: Record<string, Tally> | null;
};

/** True once it could go to people: its notice is not frozen again. */
export function wasReleased({ status }: Pick<Broadcast, "status">): boolean {
  return !["freezing", "submitted", "replaced"].includes(status);
}

/** What submitting freezes. */
export type Draft = Pick<
  Broadcast,
  | "notice"
  | "digest"
  | "title"
  | "blocks"
  | "audience"
  | "sendAt"
  | "expiresAt"
  | "urgent"
  | "corrects"
> & { id: string };

/** A row is this: one person of one broadcast. `person` is a random key that erasing or unsubscribing takes the meaning from. */
export type DeliveryId = { broadcast: string; channel: string; person: string };

/**
 * waiting → claimed → sent, refused or doubtful. left: unsubscribed before it was sent. expired: not sent (or, on the page, not opened) in
 * time. dismissed: doubtful, and staff decided to leave it so.
 */
export type DeliveryStatus =
  | "waiting"
  | "claimed"
  | "sent"
  | "refused"
  | "doubtful"
  | "left"
  | "expired"
  | "dismissed";

export type Delivery = DeliveryId & {
  status: DeliveryStatus;
  reason: RefusedReason | null;
  at: Date;
};

/** How many rows of one broadcast on one channel stand where. */
export type Tally = Record<Exclude<DeliveryStatus, "refused">, number> & {
  refused: Record<RefusedReason, number>;
};

export const EMPTY_TALLY: Tally = {
  waiting: 0,
  claimed: 0,
  sent: 0,
  doubtful: 0,
  left: 0,
  expired: 0,
  dismissed: 0,
  refused: { blocked: 0, gone: 0, rejected: 0, "out-of-window": 0, capped: 0 },
};

export function totalOf(tally: Tally): number {
  const { refused, ...others } = tally;
  return [...Object.values(others), ...Object.values(refused)].reduce((sum, n) => sum + n, 0);
}

/** Where a row may go from where it stands. */
export type Turn = { from: readonly DeliveryStatus[]; to: DeliveryStatus; reason?: RefusedReason };

/** A row whose turn has come, and where its person is now. */
export type Claimed = { delivery: DeliveryId; to: Address };

/** How many people subscribed, by channel and by topic (`all`, a field's id, a commune's code). */
export type SubscriberCounts = Record<string, { people: number; topics: Record<string, number> }>;

/** Announcements in the store. As everywhere there: a promise that resolves is on disk. */
export type Broadcasts = {
  /**
   * Freezes text and list: a row for everybody who is meant at this moment, or who got the broadcast it corrects. An earlier version that was not
   * released is replaced. Resolves to null when a version of the notice was released already: it is not frozen twice.
   */
  submit(draft: Draft, act: Act): Promise<Broadcast | null>;
  broadcast(id: string): Broadcast | null;
  /** All, newest first. */
  broadcasts(): Broadcast[];
  /** Those being sent or waiting for their time. */
  released(): Broadcast[];
  /** Changes a broadcast as `decide` says from where it stands at that moment; null: nothing is changed, and null comes back. */
  change(id: string, decide: (current: Broadcast) => Broadcast | null): Promise<Broadcast | null>;
  /** The next waiting row becomes claimed. Those who left are passed over. Null: none waits. */
  claim(broadcast: string, channel: string): Promise<Claimed | null>;
  /** False: the row does not stand where it would have to, and stays as it is. */
  turn(delivery: DeliveryId, turn: Turn): Promise<boolean>;
  /** Turns all rows of a broadcast that stand where `turn` says, on one channel or on all; resolves to how many. */
  turnAll(broadcast: string, channel: string | null, turn: Turn): Promise<number>;
  /** By channel. */
  tallies(broadcast: string): Record<string, Tally>;
  deliveries(broadcast: string): Delivery[];
  /** The broadcasts for which this person's row on a channel waits. Work grows with broadcasts under way, not with people. */
  waitingFor(from: Address): { delivery: DeliveryId; broadcast: Broadcast }[];
  /** After a start: rows found claimed become doubtful, half-frozen broadcasts go. Resolves to the broadcasts with new doubtful rows. */
  recoverBroadcasts(): Promise<string[]>;
  subscriberCounts(): SubscriberCounts;
  /** How many would be meant just now, by channel. */
  countMeant(draft: Pick<Draft, "audience" | "corrects">): Record<string, number>;
  /** The last day on which a channel proved that it works; kept so that a restart does not prove it twice. */
  heartbeatOf(channel: string): string | null;
  setHeartbeat(channel: string, day: string): Promise<void>;
};

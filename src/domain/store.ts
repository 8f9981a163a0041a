import type { SubscriptionTopic } from "./action.ts";
import type { Broadcasts } from "./broadcast.ts";
import type { Conversations } from "./conversation.ts";
import type { Day } from "./day.ts";
import type { Address, Incoming } from "./reply.ts";

export type Subscription = {
  topics: SubscriptionTopic[];
  since: Date;
  /** Which wording of the consent the person agreed to. */
  consent: string;
};

/** A question the bot could not answer well, without who asked it. Personal numbers are masked before it comes here. */
export type Unanswered = {
  text: string;
  day: Day;
  reason: "unknown" | "not-helpful" | "choice-declined";
  /** The page that came nearest, and its score, 0 to 1. */
  nearest: { entitlement: string; score: number } | null;
};

/** Everything kept about one person, for them to see. */
export type PersonalData = {
  subscription: Subscription | null;
  hasConversation: boolean;
  commune: string | null;
  /** A code to go on in another channel that can still be used. */
  hasCarryCode: boolean;
};

/** What came of a code typed in another chat. `subscription` and `commune`: what was moved there. */
export type Carried =
  | { status: "carried"; subscription: Subscription | null; commune: string | null }
  /** Wrong, used or expired, or nothing is there any more to be moved: not told apart, so that codes cannot be probed. */
  | { status: "unknown" }
  /** It is that chat's own code. */
  | { status: "same-chat" };

/** Whether a promise to keep something can be made just now. */
export type StoreHealth = { writable: boolean; reason: string | null };

/** What a promise of the store rejects with when something cannot be written just now. */
export type StoreUnavailable = Error & { code: "STORE_UNAVAILABLE" };

export function isStoreUnavailable(error: unknown): error is StoreUnavailable {
  return error instanceof Error && "code" in error && error.code === "STORE_UNAVAILABLE";
}

/** Limits of what is kept. */
export const LIMITS = {
  processedIds: 50_000,
  processedForMs: 24 * 60 * 60 * 1000,
  unanswered: 10_000,
  unansweredForDays: 90,
  broadcasts: 1_000,
  sendMonths: 36,
  /** No platform lets us write longer than seven days after somebody wrote. */
  contactForMs: 8 * 24 * 60 * 60 * 1000,
  /** After its end. */
  deliveriesForMs: 30 * 24 * 60 * 60 * 1000,
} as const;

/** What the bot itself needs of the store to answer. */
export type People = Conversations &
  Pick<
    Store,
    | "broadcast"
    | "broadcasts"
    | "subscribe"
    | "unsubscribe"
    | "subscriptionOf"
    | "recordUnanswered"
    | "dataOf"
    | "erase"
    | "offerCarry"
    | "carry"
  >;

/**
 * What must survive a restart. Every promise that resolves says: it is on disk and survives `kill -9` and a power cut. It rejects with
 * `StoreUnavailable` when it cannot be written (disk full); what was kept before stays, and reading goes on.
 */
export type Store = Conversations &
  Broadcasts & {
    /** Takes a message over: from now on it is not lost until `settle`. False: its id was processed before, nothing is to be done. */
    accept(incoming: Incoming): Promise<boolean>;
    /** What the message asked for was done, though its reply may not have left: it must not be done again. */
    markDone(incoming: Incoming): Promise<void>;
    wasDone(incoming: Incoming): boolean;
    /** The message was answered (or cannot be). */
    settle(incoming: Incoming): Promise<void>;
    /** Messages accepted but not settled, oldest first: a restart answers them. */
    pending(): Incoming[];

    subscribe(from: Address, subscription: Subscription): Promise<void>;
    /** Resolves to false when there was no subscription. */
    unsubscribe(from: Address): Promise<boolean>;
    subscriptionOf(from: Address): Subscription | null;

    /** Counts sends on a channel whose plan allows so many a month (`2026-11`); resolves to the sum. */
    countSends(channel: string, month: string, sends: number): Promise<number>;
    sendsIn(channel: string, month: string): number;
    /** The person wrote: some platforms let us write only for so long afterwards. Nobody waits for it. */
    noteContact(from: Address, at: Date): void;
    lastContactOf(from: Address): Date | null;
    /** Subscribers of a channel who did not write since. Who is not known to have written at all counts too. */
    countOutOfWindow(channel: string, since: Date): number;

    recordUnanswered(entry: Unanswered): Promise<void>;
    unanswered(): Unanswered[];

    dataOf(from: Address, at: Date): PersonalData;
    /** Removes everything about a person: subscription, conversation, waiting messages. */
    erase(from: Address): Promise<PersonalData>;
    /**
     * Everything kept under one address belongs to another of the same channel from now on: subscription (topics add up where the new one
     * has its own), conversation, waiting messages. The second time there is nothing to do.
     */
    move(from: Address, to: Address): Promise<void>;

    /** From now on `code` moves what is kept at this address to where it is typed; an earlier code of it is void. False: another address has this code. */
    offerCarry(from: Address, code: string, expiresAt: Date): Promise<boolean>;
    /**
     * Whoever types the code goes on at `to`, in whatever channel that is: subscription (topics add up), commune, and the announcements that wait.
     * Once, and all or nothing.
     */
    carry(code: string, to: Address, at: Date): Promise<Carried>;

    health(): StoreHealth;
    /** Writes a last snapshot and lets go of the lock. */
    close(): Promise<void>;
  };

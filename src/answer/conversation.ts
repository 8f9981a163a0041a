import type { Action } from "../domain/action.ts";
import type { Address } from "../domain/reply.ts";

/** What is remembered of a conversation. */
export type Memory = {
  /** The page last spoken about. */
  entitlement: string | null;
  /** The choices offered last, in the order shown. */
  choices: Action[];
  /** The commune the person gave. */
  commune: string | null;
  /** The place was asked for once; it is not asked again. */
  askedForPlace: boolean;
};

export const NO_MEMORY: Memory = {
  entitlement: null,
  choices: [],
  commune: null,
  askedForPlace: false,
};

export type Conversations = {
  recall(from: Address, at: Date): Memory;
  remember(from: Address, at: Date, memory: Memory): void;
};

const FADES_AFTER_MS = 30 * 60 * 1000;
const MAX_CONVERSATIONS = 20_000;

/** Conversations in memory. Each fades 30 minutes after the last message; beyond 20,000 the oldest go first. */
export function createConversations(): Conversations {
  const memories = new Map<string, { at: number; memory: Memory }>();
  return {
    recall(from, at) {
      const found = memories.get(keyOf(from));
      if (found === undefined || at.getTime() - found.at > FADES_AFTER_MS) return NO_MEMORY;
      return found.memory;
    },
    remember(from, at, memory) {
      const key = keyOf(from);
      memories.delete(key);
      memories.set(key, { at: at.getTime(), memory });
      if (memories.size > MAX_CONVERSATIONS) {
        const oldest = memories.keys().next();
        if (!oldest.done) memories.delete(oldest.value);
      }
    },
  };
}

function keyOf(from: Address): string {
  return `${from.channel}\n${from.person}`;
}

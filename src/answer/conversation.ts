import type { Address } from "../domain/reply.ts";
import {
  CONVERSATION_FADES_AFTER_MS,
  type Conversations,
  type Memory,
  NO_MEMORY,
} from "../domain/conversation.ts";

const MAX_CONVERSATIONS = 20_000;

/** Conversations in memory. Each fades 30 minutes after the last message; beyond 20,000 the oldest go first. */
export function createConversations(): Conversations {
  const memories = new Map<string, { at: number; memory: Memory }>();
  return {
    recall(from, at) {
      const found = memories.get(keyOf(from));
      if (found === undefined || at.getTime() - found.at > CONVERSATION_FADES_AFTER_MS)
        return NO_MEMORY;
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

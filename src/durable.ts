import { inTurn } from "./answer/in-turn.ts";
import type { Answer, Incoming, Reply } from "./domain/reply.ts";
import { isStoreUnavailable, type Store } from "./domain/store.ts";

/** Messages that are not lost on the way to their answer. While nothing can be saved, people are answered all the same. */
export type Durable = {
  /** Takes a message over and answers it in turn; null for one that was taken over before. */
  receive(incoming: Incoming): Promise<Reply | null>;
  /** The reply has left: a restart need not answer it again. */
  left(incoming: Incoming): Promise<void>;
  /** Answers a message that the last run took over and did not get to. */
  resume(incoming: Incoming): Promise<Reply | null>;
};

export function createDurable(answer: Answer, store: Store): Durable {
  const turn = inTurn(answer);
  return {
    async receive(incoming) {
      const isNew = await unlessUnavailable(store.accept(incoming), true);
      return isNew ? turn(incoming) : null;
    },
    async left(incoming) {
      await unlessUnavailable(store.settle(incoming), undefined);
    },
    resume: turn,
  };
}

async function unlessUnavailable<T>(promise: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (isStoreUnavailable(error)) return otherwise;
    throw error;
  }
}

import { inTurn } from "./answer/in-turn.ts";
import type { Answer, Incoming, Reply } from "./domain/reply.ts";
import { isStoreUnavailable, type Store } from "./domain/store.ts";

/** Messages that are not lost on the way to their answer. While nothing can be saved, people are answered all the same. */
export type Durable = {
  /** Takes a message over and answers it in turn; null for one that was taken over before. */
  receive(incoming: Incoming): Promise<Reply | null>;
  /** Only takes a message over, where a platform does not wait for its answer; false for one that was taken over before. */
  accept(incoming: Incoming): Promise<boolean>;
  /** The reply has left: a restart need not answer it again. */
  left(incoming: Incoming): Promise<void>;
  /** Answers a message that was taken over, by `accept` or by the last run, which did not get to it. */
  resume(incoming: Incoming): Promise<Reply | null>;
};

/** `alreadyDone`: what is said when a restart finds that what was asked for was done, but not whether the person was told. */
export function createDurable(answer: Answer, store: Store, alreadyDone: () => Reply): Durable {
  const turn = inTurn(async (incoming) => {
    if (store.wasDone(incoming)) return alreadyDone();
    const reply = await answer(incoming);
    if (reply.acted === true) await unlessUnavailable(store.markDone(incoming), undefined);
    return reply;
  });
  const accept = (incoming: Incoming) => unlessUnavailable(store.accept(incoming), true);
  return {
    async receive(incoming) {
      return (await accept(incoming)) ? turn(incoming) : null;
    },
    accept,
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

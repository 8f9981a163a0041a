/** Work that nobody waits for until the channel stops. */
export type Background = {
  run(work: Promise<unknown>): void;
  /** Resolves when nothing is under way any more. */
  finished(): Promise<void>;
};

export function createBackground(onError: (error: unknown) => void): Background {
  const atWork = new Set<Promise<unknown>>();
  return {
    run(work) {
      const watched = work.catch(onError).finally(() => atWork.delete(watched));
      atWork.add(watched);
    },
    async finished() {
      while (atWork.size > 0) await Promise.all(atWork);
    },
  };
}

/** Does one thing after another for each key; different keys do not wait for each other. */
export function createLanes(): (key: string, work: () => Promise<unknown>) => Promise<unknown> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const turn = before.then(work, work).finally(() => {
      if (last.get(key) === turn) last.delete(key);
    });
    last.set(key, turn);
    return turn;
  };
}

/** Resolves with `promise`, or at once when stopped. */
export async function unlessStopped(
  stopped: AbortSignal,
  promise: Promise<unknown>,
): Promise<void> {
  if (stopped.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      stopped.removeEventListener("abort", finish);
      resolve();
    };
    stopped.addEventListener("abort", finish);
    promise.then(finish, finish);
  });
}

const KEPT_PER_PERSON = 6;
const KEPT_IN_ALL = 2_000;
const KEPT_FOR_MS = 10 * 60_000;

export type KeptReplies<T> = {
  /** The reply already given to this message or still being made, else what `make` gives. One that fails is not kept. */
  once(person: string, id: string, make: () => Promise<T>): Promise<T>;
  /** Drops all replies of a person, also those still being made. */
  forget(person: string): void;
};

/** The last few replies of each person for ten minutes, so that a message sent again after a lost answer is answered the same, not anew. */
export function createKeptReplies<T>(now: () => Date): KeptReplies<T> {
  const kept = new Map<string, { person: string; at: number; reply: Promise<T> }>();
  const idsOf = new Map<string, string[]>();

  function drop(key: string): void {
    const person = kept.get(key)?.person;
    kept.delete(key);
    if (person === undefined) return;
    const rest = (idsOf.get(person) ?? []).filter((other) => other !== key);
    if (rest.length === 0) idsOf.delete(person);
    else idsOf.set(person, rest);
  }

  function forgetOld(at: number): void {
    for (const [key, { at: since }] of kept) {
      if (kept.size <= KEPT_IN_ALL && at - since < KEPT_FOR_MS) return;
      drop(key);
    }
  }

  return {
    once(person, id, make) {
      const at = now().getTime();
      forgetOld(at);
      const key = `${person}\n${id}`;
      const before = kept.get(key);
      if (before !== undefined) return before.reply;
      const reply = make();
      kept.set(key, { person, at, reply });
      const keys = [...(idsOf.get(person) ?? []), key];
      idsOf.set(person, keys);
      for (const old of keys.slice(0, -KEPT_PER_PERSON)) drop(old);
      reply.catch(() => {
        drop(key);
      });
      return reply;
    },
    forget(person) {
      for (const key of idsOf.get(person) ?? []) drop(key);
    },
  };
}

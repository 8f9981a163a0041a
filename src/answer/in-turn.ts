import type { Answer, Incoming, Reply } from "../domain/reply.ts";

const REMEMBERED_IDS = 10_000;

/**
 * Answers one message at a time per person, in the order they came, and each message once: a repeated id resolves to `null`.
 * People do not wait for each other.
 */
export function inTurn(answer: Answer): (incoming: Incoming) => Promise<Reply | null> {
  const last = new Map<string, Promise<unknown>>();
  const seen = new Set<string>();
  return async (incoming) => {
    const id = `${incoming.from.channel}\n${incoming.id}`;
    if (seen.has(id)) return null;
    seen.add(id);
    if (seen.size > REMEMBERED_IDS) seen.delete(seen.values().next().value ?? id);
    const person = `${incoming.from.channel}\n${incoming.from.person}`;
    const before = last.get(person) ?? Promise.resolve();
    const turn = before.then(
      () => answer(incoming),
      () => answer(incoming),
    );
    last.set(person, turn);
    try {
      return await turn;
    } finally {
      if (last.get(person) === turn) last.delete(person);
    }
  };
}

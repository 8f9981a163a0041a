import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../domain/store.ts";
import { openStore } from "../store/open-store.ts";
import type { Visitor, Visitors } from "./bench-visitors.ts";

/** People whom the bot said something to that its store does not know. */
export type Losses = {
  /** Compares the store, as it lies there while no bot runs, with what people heard. Resolves with how many messages wait in it. */
  note(): Promise<number>;
  /** Told that they are subscribed. */
  subscriptions(): number;
  /** Told that An Sinh does not know, and promised that staff will. */
  unanswered(): number;
};

export function createLosses(storeFolder: string, visitors: Visitors): Losses {
  const subscriptions = new Set<number>();
  const unanswered = new Set<number>();
  return {
    async note() {
      const { store, remove } = await openCopy(storeFolder);
      const kept = new Set(store.unanswered().map((entry) => entry.text));
      for (const visitor of visitors.all()) {
        const { person } = visitor;
        const from = { channel: "telegram", person: String(person) };
        if (isSubscribed(visitor) && store.subscriptionOf(from) === null) subscriptions.add(person);
        if (isBaffled(visitor) && !kept.has(visitor.text)) unanswered.add(person);
      }
      const waiting = store.pending().length;
      await remove();
      return waiting;
    },
    subscriptions: () => subscriptions.size,
    unanswered: () => unanswered.size,
  };
}

/** Told so: the first reply offers the topics, the second confirms. */
export function isSubscribed({ comes, heard }: Visitor): boolean {
  return comes === "subscribes" && heard.size > 1;
}

export function isBaffled({ comes, heard }: Visitor): boolean {
  return comes === "baffles" && heard.size > 0;
}

/** What a kill left, opened elsewhere, so that nothing is put in order before the bot does it. */
async function openCopy(folder: string): Promise<{ store: Store; remove: () => Promise<void> }> {
  const copy = await mkdtemp(join(tmpdir(), "an-sinh-kill-"));
  await cp(folder, copy, { recursive: true, filter: (file) => !file.endsWith("/lock") });
  const store = await openStore({ folder: copy, now: () => new Date(), onProblem: console.error });
  if ("refused" in store) throw new Error(store.refused);
  return {
    store,
    async remove() {
      await store.close();
      await rm(copy, { recursive: true });
    },
  };
}

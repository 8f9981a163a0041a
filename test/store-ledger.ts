import { NO_MEMORY } from "../src/domain/conversation.ts";
import type { Store } from "../src/domain/store.ts";
import { message, person, subscription, unanswered } from "./store-people.ts";

/** What a store was asked to do for one person after the other, and whether it said that it was done. */
export type Deed = "subscribe" | "accept" | "unanswered" | "settle" | "unsubscribe";
/** Once it resolves the note is safe, whatever happens to the process. */
export type Note = (stage: "begun" | "done", deed: Deed, who: number) => Promise<void>;

/** One person comes by: some are answered, some leave again. Rejects when the store does. */
export async function comeBy(store: Store, who: number, note: Note): Promise<void> {
  const from = person(`${who}`);
  const keep = async (deed: Deed, act: () => Promise<unknown>): Promise<void> => {
    await note("begun", deed, who);
    await act();
    await note("done", deed, who);
  };
  await keep("subscribe", () => store.subscribe(from, subscription()));
  await keep("accept", () => store.accept(message(`${who}`, from)));
  store.remember(from, new Date(), { ...NO_MEMORY, entitlement: "mai-tang" });
  await keep("unanswered", () => store.recordUnanswered(unanswered(`${who}`)));
  if (who % 3 === 0) await keep("settle", () => store.settle(message(`${who}`, from)));
  if (who % 4 === 0) await keep("unsubscribe", () => store.unsubscribe(from));
}

/** Collects notes, and says what a store has lost of what it promised. */
export function createLedger(): { note: Note; promises(): number; broken(store: Store): string[] } {
  const begun = new Set<string>();
  const done: { deed: Deed; who: string }[] = [];
  return {
    note(stage, deed, who) {
      if (stage === "begun") begun.add(`${deed} ${who}`);
      else done.push({ deed, who: `${who}` });
      return Promise.resolve();
    },
    promises: () => done.length,
    broken(store) {
      const waiting = new Set(store.pending().map((incoming) => incoming.id));
      const questions = new Set(store.unanswered().map((entry) => entry.text));
      const isBroken = ({ deed, who }: { deed: Deed; who: string }): boolean => {
        switch (deed) {
          case "subscribe":
            if (begun.has(`unsubscribe ${who}`)) return false;
            return store.subscriptionOf(person(who)) === null;
          case "unsubscribe":
            return store.subscriptionOf(person(who)) !== null;
          case "accept":
            return !begun.has(`settle ${who}`) && !waiting.has(who);
          case "settle":
            return waiting.has(who);
          case "unanswered":
            return !questions.has(who);
        }
      };
      return done.filter(isBroken).map(({ deed, who }) => `${deed} ${who}`);
    },
  };
}

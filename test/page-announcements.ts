import { createPageNotices } from "../src/broadcast/page.ts";
import { release, start } from "../src/broadcast/transitions.ts";
import type { Draft } from "../src/domain/broadcast.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { MORNING, subscription } from "./store-people.ts";

export type Announcements = ReturnType<typeof createPageNotices> & {
  store: Store;
  clock: { at: Date };
  subscribe: (person: string) => Promise<void>;
  unsubscribe: (person: string) => Promise<void>;
  /** Submits and releases an announcement for all who are subscribed now. */
  released: (id: string, draft?: Partial<Draft>) => Promise<void>;
  /** The same, and it starts: open pages are told. */
  started: (id: string, draft?: Partial<Draft>) => Promise<void>;
  /** Where its rows on the page stand. */
  tally: (id: string) => { waiting: number; sent: number };
};

/** Real announcements in a store that forgets, with a clock that only a test moves. */
export function pageAnnouncements(): Announcements {
  const clock = { at: MORNING };
  const now = () => clock.at;
  const store = createMemoryStore(now);
  const isSubscribed: Announcements["isSubscribed"] = (from) => store.subscriptionOf(from) !== null;
  const notices = createPageNotices({ store, isSubscribed, now });

  async function released(id: string, draft: Partial<Draft> = {}): Promise<void> {
    await submitted(store, { ...draftOf(id), notice: `2026-12-01-${id.toLowerCase()}`, ...draft });
    await store.change(id, release({ by: APPROVER, at: now() }));
  }

  return {
    ...notices,
    store,
    clock,
    subscribe: (person) => store.subscribe({ channel: "web", person }, subscription()),
    async unsubscribe(person) {
      await store.unsubscribe({ channel: "web", person });
    },
    released,
    async started(id, draft) {
      await released(id, draft);
      await store.change(id, start(now()));
      notices.announce();
    },
    tally(id) {
      const { waiting = 0, sent = 0 } = store.tallies(id)["web"] ?? {};
      return { waiting, sent };
    },
  };
}

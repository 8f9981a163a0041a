import type { Broadcasts } from "../domain/broadcast.ts";
import type { PageNotices } from "../domain/page-notices.ts";
import type { Address } from "../domain/reply.ts";
import { mayShowOnPage } from "./schedule.ts";

export type PageNoticesOptions = {
  store: Pick<Broadcasts, "waitingFor" | "turn">;
  isSubscribed: (from: Address) => boolean;
  now: () => Date;
};

/** Rows on the page are never claimed: whoever was not shown one is offered it again, and the page shows it once. */
export function createPageNotices(options: PageNoticesOptions): PageNotices & {
  /** Something started, or goes on after a stop: pages that are open are told. */
  announce(): void;
} {
  const { store, isSubscribed, now } = options;
  const listeners = new Set<() => void>();
  return {
    waitingFor: (from) =>
      store
        .waitingFor(from)
        .filter(
          ({ broadcast }) => broadcast.status === "released" && mayShowOnPage(broadcast, now()),
        )
        .map(({ broadcast: { id, blocks } }) => ({ id, blocks })),
    async confirm(from, id) {
      const row = store.waitingFor(from).find(({ broadcast }) => broadcast.id === id);
      // Shown in its last minute or just before a stop, it was shown all the same.
      if (row === undefined || row.broadcast.startedAt === null) return;
      await store.turn(row.delivery, { from: ["waiting"], to: "sent" });
    },
    onNew(listen) {
      listeners.add(listen);
      return () => {
        listeners.delete(listen);
      };
    },
    isSubscribed,
    announce() {
      for (const listen of listeners) listen();
    },
  };
}

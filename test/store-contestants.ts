import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { openOrFail, temporaryFolder } from "./store-open.ts";

/** A store, and what is left of it after a restart; a memory store has none and stays as it is. */
export type Contestant = {
  name: string;
  open: () => Promise<{ store: Store; restart: () => Promise<Store> }>;
};

/** Every store there is: one contract for all. */
export function storeContestants(now: () => Date): Contestant[] {
  return [
    {
      name: "in memory",
      open() {
        const store = createMemoryStore(now);
        return Promise.resolve({ store, restart: () => Promise.resolve(store) });
      },
    },
    {
      name: "on disk",
      async open() {
        const folder = await temporaryFolder();
        const store = await openOrFail({ folder, now });
        return {
          store,
          async restart() {
            await store.close();
            return openOrFail({ folder, now });
          },
        };
      },
    },
  ];
}

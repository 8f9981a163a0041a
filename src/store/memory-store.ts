import type { Store } from "../domain/store.ts";
import { createKept } from "./kept.ts";
import { createStoreOn } from "./store-on.ts";

/** A store that forgets everything when the process ends: for tests and for trying things out. */
export function createMemoryStore(now: () => Date): Store {
  const kept = createKept([{ seq: 0, rows: new Map() }], 0, now());
  const view = { row: (key: string) => kept.row(key), messages: () => kept.rows.message };
  return createStoreOn(
    kept,
    {
      async commit(decide) {
        const { puts, result } = decide(view);
        kept.apply(0, puts);
        return result;
      },
      health: () => ({ writable: true, reason: null }),
      close: () => Promise.resolve(),
    },
    now,
  );
}

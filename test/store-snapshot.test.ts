import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { openOrFail, temporaryFolder } from "./store-open.ts";
import { message, person, subscription, subscribersOf } from "./store-people.ts";

const AT_ONCE = 256;

test("writes snapshots while hundreds write, and a restart finds the same", async () => {
  const folder = await temporaryFolder();
  const store = await openOrFail({ folder, journalBytes: 20_000 });
  let people = 0;
  const oneRound = async (): Promise<void> => {
    const incoming = Array.from({ length: AT_ONCE }, () => message(`${people++}`));
    await Promise.all(
      incoming.map(async (next) => {
        await store.subscribe(person(next.id), subscription());
        await store.accept(next);
        if (Number(next.id) % 16 > 0) await store.settle(next);
      }),
    );
  };
  // Two whole snapshots: the second leaves the first as the one before, and drops the first journal.
  for (;;) {
    const files = await readdir(folder);
    const isFirstKept = files.includes("state-63.json.previous");
    if (isFirstKept && !files.includes("journal-000000000001.log")) break;
    await oneRound();
  }
  const waiting = store.pending();
  expect(waiting).toHaveLength(people / 16);
  await store.close();
  const again = await openOrFail({ folder });
  expect(again.pending()).toEqual(waiting);
  expect(subscribersOf(again)).toBe(people);
});

import { expect, test } from "vitest";
import type { Store } from "../src/domain/store.ts";
import { openStore } from "../src/store/open-store.ts";
import { createFakeDisk, type FakeDisk } from "./store-disk.ts";
import { comeBy, createLedger, type Note } from "./store-ledger.ts";

const ROUNDS = 10;
const AT_ONCE = 3;

async function open(disk: FakeDisk, onProblem: (sentence: string) => void): Promise<Store> {
  const store = await openStore({
    folder: "/data",
    disk,
    now: () => new Date(),
    onProblem,
    wait: () => new Promise(() => undefined),
    // A few times on the way a new journal file is begun and a snapshot written.
    journalBytes: 6_000,
  });
  if ("refused" in store) throw new Error(store.refused);
  return store;
}

async function liveUntilTheCut(disk: FakeDisk, note: Note): Promise<void> {
  const store = await open(disk, () => undefined);
  for (let round = 0; round < ROUNDS; round++) {
    const people = Array.from({ length: AT_ONCE }, (_, index) => round * AT_ONCE + index);
    await Promise.allSettled(people.map((who) => comeBy(store, who, note)));
  }
  await store.close();
}

test("loses nothing it promised when the power goes out, whatever it was just doing", async () => {
  let cuts = 0;
  for (let operations = 3; ; operations += 13) {
    const disk = createFakeDisk();
    const ledger = createLedger();
    disk.powerOffAfter(operations);
    await liveUntilTheCut(disk, ledger.note).catch((error: unknown) => {
      if (!disk.isOff()) throw error;
    });
    const lived = !disk.isOff();
    for (const kept of [0, 0.5, 1]) {
      const problems: string[] = [];
      const store = await open(disk.afterPowerCut(kept), (sentence) => problems.push(sentence));
      expect(ledger.broken(store), `cut after ${operations} operations, kept ${kept}`).toEqual([]);
      expect(problems).toEqual([]);
    }
    if (lived) break;
    cuts++;
  }
  expect(cuts).toBeGreaterThan(50);
});

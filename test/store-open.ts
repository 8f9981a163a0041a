import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Store } from "../src/domain/store.ts";
import { openStore, type StoreOptions } from "../src/store/open-store.ts";
import { MORNING } from "./store-people.ts";

/** A store that is closed after the test, or an error with the sentence it was refused with. */
export async function openOrFail(
  options: Partial<StoreOptions> & { folder: string },
): Promise<Store> {
  const opened = await openStore({
    now: () => MORNING,
    onProblem: (sentence) => {
      throw new Error(`unexpected: ${sentence}`);
    },
    ...options,
  });
  if ("refused" in opened) throw new Error(opened.refused);
  stores.push(opened);
  return opened;
}

const folders: string[] = [];
const stores: Store[] = [];

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "an-sinh-store-"));
  folders.push(folder);
  return join(folder, "store");
}

afterEach(async () => {
  // A store whose disk has no power cannot close.
  await Promise.allSettled(stores.splice(0).map((store) => store.close()));
  await Promise.all(
    folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })),
  );
});

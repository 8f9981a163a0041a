import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../domain/store.ts";
import { openStore } from "../store/open-store.ts";

/** The bot may write a snapshot in the middle of a copy, which then does not fit together. */
const ATTEMPTS = 4;

/** Reads from a copy of the store, so that the bot may go on writing meanwhile and nothing of its own is touched. Null: nothing is kept yet. */
export async function readStore<T>(folder: string, read: (store: Store) => T): Promise<T | null> {
  if (!existsSync(folder)) return null;
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === ATTEMPTS;
    const outcome = await readCopy(folder, read, isLast).catch((error: unknown) => {
      if (isLast) throw error;
      return null;
    });
    if (outcome !== null) return outcome.result;
  }
}

/** Null: the copy is damaged. The last one is read all the same, and what is wrong with it is said. */
async function readCopy<T>(
  folder: string,
  read: (store: Store) => T,
  isLast: boolean,
): Promise<{ result: T } | null> {
  const copy = await mkdtemp(join(tmpdir(), "an-sinh-doc-"));
  const problems: string[] = [];
  try {
    await cp(folder, copy, { recursive: true, filter: (file) => !file.endsWith("lock") });
    const store = await openStore({
      folder: copy,
      now: () => new Date(),
      onProblem: (sentence) => problems.push(sentence),
    });
    if ("refused" in store) throw new Error(store.refused);
    try {
      if (problems.length > 0 && !isLast) return null;
      for (const problem of problems) console.error(problem);
      return { result: read(store) };
    } finally {
      await store.close();
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

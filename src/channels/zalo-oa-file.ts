import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Room on the disk for what is to replace a file. */
export type Slot = {
  /** The file says `text` from now on, and after a power cut. */
  commit(text: string): Promise<void>;
  discard(): Promise<void>;
};

/** More than two tokens need. */
const ROOM = Buffer.alloc(8_192, " ");

/** Takes the room first, so that a full disk is met before and not after the text is known. Only we may read the file. */
export async function reserve(path: string): Promise<Slot> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const file = await open(fresh, "wx", 0o600);
  try {
    await file.writeFile(ROOM);
    await file.sync();
  } catch (error) {
    await drop(file, fresh);
    throw error;
  }
  return {
    async commit(text) {
      try {
        const bytes = Buffer.from(text);
        await file.write(bytes, 0, bytes.length, 0);
        await file.truncate(bytes.length);
        await file.sync();
        await file.close();
        await rename(fresh, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await drop(file, fresh);
        throw error;
      }
    },
    discard: () => drop(file, fresh),
  };
}

async function drop(file: FileHandle, path: string): Promise<void> {
  await file.close().catch(() => undefined);
  await rm(path, { force: true }).catch(() => undefined);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * What the file says; null when there is none. A crash may have come when the new text was written and did not have its name yet: it gets it
 * now where `isWhole`.
 */
export async function readLatest(
  path: string,
  isWhole: (text: string) => boolean,
): Promise<string | null> {
  const fresh = `${path}.new`;
  const text = await readText(fresh);
  if (text === null || !isWhole(text)) return readText(path);
  await rename(fresh, path);
  await syncFolder(dirname(path));
  return text;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

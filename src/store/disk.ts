import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** What the store asks of a file system. Passed in, so that tests can fill the disk or cut the power. */
export type Disk = {
  /** Makes the folder, its parents too, closed to everybody else. */
  makeFolder(folder: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** Null when there is no such file. */
  read(path: string): Promise<Buffer | null>;
  /** Opens a new, empty file, in place of one that is there. */
  create(path: string): Promise<OpenFile>;
  /** Opens a file that is there. */
  reopen(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** A file that is not there is fine. */
  remove(path: string): Promise<void>;
  /** Names of files survive a power cut only after this. */
  syncFolder(folder: string): Promise<void>;
  /** Makes a link that points to nothing but says `text`, at once and whole. False when the name is taken. */
  link(text: string, path: string): Promise<boolean>;
  /** What a link says; nothing when it is another kind of file, null when there is none. */
  readLink(path: string): Promise<string | null>;
};

export type OpenFile = {
  /** Writes all the bytes at this place in the file. */
  write(bytes: Buffer, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was written survives a power cut only after this. */
  sync(): Promise<void>;
  close(): Promise<void>;
};

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export const nodeDisk: Disk = {
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await chmod(folder, FOLDER_MODE);
    await syncFolder(dirname(folder));
  },
  list: (folder) => readdir(folder),
  read: (path) => unless("ENOENT", null, readFile(path)),
  create: async (path) => openFile(await open(path, "w", FILE_MODE)),
  reopen: async (path) => openFile(await open(path, "r+")),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
  link: (text, path) =>
    unless(
      "EEXIST",
      false,
      symlink(text, path).then(() => true),
    ),
  readLink: (path) => unless("ENOENT", null, unless("EINVAL", "", readlink(path))),
};

/** The `code` of a system error: "ENOSPC". */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** A file's bytes, or null; one line that was never written by us when the disk cannot read it: it is damaged, not gone. */
export async function readDamagedOrNot(disk: Disk, path: string): Promise<Buffer | null> {
  try {
    return await disk.read(path);
  } catch (error) {
    if (errorCode(error) === "EIO") return Buffer.from("\n");
    throw error;
  }
}

async function unless<T, U>(code: string, otherwise: U, result: Promise<T>): Promise<T | U> {
  try {
    return await result;
  } catch (error) {
    if (errorCode(error) === code) return otherwise;
    throw error;
  }
}

function openFile(handle: FileHandle): OpenFile {
  return {
    async write(bytes, position) {
      // A nearly full disk takes a part and says so only in the count.
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(
          bytes,
          done,
          bytes.length - done,
          position + done,
        );
        done += bytesWritten;
      }
    },
    truncate: (length) => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

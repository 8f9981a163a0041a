import { join } from "node:path";
import type { Disk, OpenFile } from "./disk.ts";

/** Where changes are written first, one line each. A journal is several files; only the newest is written to. */
export type Journal = {
  /** Adds whole lines; once it resolves they survive a power cut. After an error none of them is there. */
  append(lines: Buffer): Promise<void>;
  /** Goes on in a new file, whose first line will be `seq`, unless the newest is empty. Never at the same time as `append`. */
  roll(seq: number): Promise<void>;
  /** Removes the files that hold nothing newer than `seq`. */
  forget(seq: number): Promise<void>;
  /** Bytes in the newest file. */
  size(): number;
  close(): Promise<void>;
};

type NewestFile = { start: number; length: number; file: OpenFile | null; state: FileState };

/** torn: there may be bytes after `length`, left by a crash or a failed append. */
type FileState = "missing" | "torn" | "whole";

export function journalName(start: number): string {
  return `journal-${String(start).padStart(12, "0")}.log`;
}

/** The number of the first line, from a file's name; null for any other file. */
export function journalStart(file: string): number | null {
  const number = /^journal-(\d{12})\.log$/.exec(file)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * Goes on after what was read back: `starts` of the files there, oldest first, and the bytes of the newest one that are whole lines
 * (null: begin a new file with line `seq`).
 */
export function createJournal(
  disk: Disk,
  folder: string,
  found: { starts: number[]; wholeBytes: number | null; seq: number },
): Journal {
  const starts = [...found.starts];
  let newest: NewestFile =
    found.wholeBytes === null
      ? missing(found.seq)
      : { start: starts.pop() ?? found.seq, length: found.wholeBytes, file: null, state: "torn" };

  return {
    async append(lines) {
      const file = await ready(newest);
      try {
        await file.write(lines, newest.length);
        await file.sync();
      } catch (error) {
        // Lines that were refused but had reached the disk would come back at a restart.
        newest.state = "torn";
        await ready(newest).catch(() => undefined);
        throw error;
      }
      newest.length += lines.length;
    },
    async roll(seq) {
      await ready(newest);
      if (newest.length === 0) return;
      const next = missing(seq);
      await ready(next);
      await newest.file?.close();
      starts.push(newest.start);
      newest = next;
    },
    async forget(seq) {
      for (;;) {
        const [oldest, next = newest.start] = starts;
        if (oldest === undefined || next - 1 > seq) return;
        await disk.remove(join(folder, journalName(oldest)));
        starts.shift();
      }
    },
    size: () => newest.length,
    async close() {
      await newest.file?.close();
      newest.file = null;
    },
  };

  /** The file, open and with nothing after its last whole line. */
  async function ready(target: NewestFile): Promise<OpenFile> {
    const path = join(folder, journalName(target.start));
    target.file ??= target.state === "missing" ? await createNamed(path) : await disk.reopen(path);
    if (target.state === "torn") {
      await target.file.truncate(target.length);
      await target.file.sync();
    }
    target.state = "whole";
    return target.file;
  }

  async function createNamed(path: string): Promise<OpenFile> {
    const file = await disk.create(path);
    try {
      await disk.syncFolder(folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }
}

function missing(start: number): NewestFile {
  return { start, length: 0, file: null, state: "missing" };
}

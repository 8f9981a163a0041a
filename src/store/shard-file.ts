import type { Adapter } from "lowdb";
import { join } from "node:path";
import { type Disk, errorCode, readDamagedOrNot } from "./disk.ts";
import { readLine, splitLines, writeLine } from "./lines.ts";
import type { Row } from "./rows.ts";

/** A part of all rows, and the number of the last change that is in it. */
export type Shard = { seq: number; rows: Map<string, Row> };

/** Called with the file's name when it is not what was written; the file is to be kept aside. */
export type KeepAside = (file: string, unreadable: number) => Promise<void>;

const UNFINISHED = ".new";

export function shardName(index: number): string {
  return `state-${String(index).padStart(2, "0")}.json`;
}

export function isUnfinished(file: string): boolean {
  return file.endsWith(UNFINISHED);
}

/**
 * A lowdb adapter that survives a power cut, which lowdb's own do not: the new file is on disk before it takes the place of the old,
 * and the names are before `write` resolves. The file before stays as `….previous`: it is read when the newer one is damaged.
 */
export function createShardFile(
  disk: Disk,
  folder: string,
  name: string,
  keepAside: KeepAside,
): Adapter<Shard> {
  const path = join(folder, name);
  const previous = `${name}.previous`;
  return {
    read: async () => (await readShard(name)) ?? readShard(previous),
    async write(shard) {
      const bytes = Buffer.from(writeLine(shard.seq, shard.rows));
      try {
        const file = await disk.create(path + UNFINISHED);
        try {
          await file.write(bytes, 0);
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        await disk.remove(path + UNFINISHED);
        throw error;
      }
      await renameIfThere(path, join(folder, previous));
      await disk.rename(path + UNFINISHED, path);
      await disk.syncFolder(folder);
    },
  };

  async function readShard(file: string): Promise<Shard | null> {
    const bytes = await readDamagedOrNot(disk, join(folder, file));
    if (bytes === null) return null;
    const [first, ...others] = splitLines(bytes).lines;
    const line = first === undefined || others.length > 0 ? null : readLine(first);
    if (line === null || line.unreadable > 0) await keepAside(file, line?.unreadable ?? 1);
    if (line === null) return null;
    const rows = new Map<string, Row>();
    for (const [key, row] of line.puts) if (row !== null) rows.set(key, row);
    return { seq: line.seq, rows };
  }

  async function renameIfThere(from: string, to: string): Promise<void> {
    try {
      await disk.rename(from, to);
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error;
    }
  }
}

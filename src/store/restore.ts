import { Low } from "lowdb";
import { join } from "node:path";
import { type Disk, readDamagedOrNot } from "./disk.ts";
import { journalName, journalStart } from "./journal.ts";
import { shardOf } from "./kept.ts";
import { readLine, splitLines } from "./lines.ts";
import {
  createShardFile,
  isUnfinished,
  type KeepAside,
  type Shard,
  shardName,
} from "./shard-file.ts";

/** More shards: shorter pauses while one is turned into JSON. The number is part of the format. */
const SHARDS = 64;

/** Everything read back from a folder. */
export type Restored = {
  shards: Low<Shard>[];
  /** First line of each journal file there, oldest first. */
  starts: number[];
  /** Bytes of the newest journal file that are whole lines; null when there is none to go on with. */
  wholeBytes: number | null;
  /** The last change. */
  seq: number;
  /** Every change up to this one is in the shard files. */
  inShards: number;
  /** Journal files that are not as they were written. Their good lines are taken in; keep them aside once these are safe elsewhere. */
  damaged: { file: string; lines: number }[];
  /** A change that ought to be there is not. */
  isIncomplete: boolean;
};

type ReadJournal = { seq: number; badLines: number; wholeBytes: number };

/** Reads the shard files, and for each what the journals know beyond it. */
export async function restore(disk: Disk, folder: string, keepAside: KeepAside): Promise<Restored> {
  const files = await disk.list(folder);
  for (const file of files.filter(isUnfinished)) await disk.remove(join(folder, file));
  const shards = await readShards(disk, folder, keepAside);
  const known = shards.map((low) => low.data.seq);
  const inShards = Math.min(...known);
  const starts = files
    .map(journalStart)
    .filter((start) => start !== null)
    .sort((one, other) => one - other);

  const newestInShards = Math.max(...known);
  let seq = inShards;
  let isIncomplete = newestInShards > 0 && starts.length === 0;
  let wholeBytes: number | null = null;
  const damaged: Restored["damaged"] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    if (next !== undefined && next - 1 <= inShards) continue;
    if (start > seq + 1) isIncomplete = true;
    const file = journalName(start);
    const found = takeIn(await readDamagedOrNot(disk, join(folder, file)), start);
    seq = Math.max(seq, found.seq);
    if (found.badLines > 0) damaged.push({ file, lines: found.badLines });
    wholeBytes = found.badLines > 0 ? null : found.wholeBytes;
  }
  seq = Math.max(seq, newestInShards);
  return { shards, starts, wholeBytes, seq, inShards, damaged, isIncomplete };

  function takeIn(bytes: Buffer | null, start: number): ReadJournal {
    const { lines, rest } = splitLines(bytes ?? Buffer.alloc(0));
    let badLines = 0;
    // A bad line used up a number too.
    let last = start + lines.length - 1;
    const all = shards.map((low) => low.data);
    for (const line of lines.map(readLine)) {
      if (line === null || line.unreadable > 0) badLines++;
      if (line === null) continue;
      last = Math.max(last, line.seq);
      for (const [key, row] of line.puts) {
        const shard = shardOf(key, all);
        if (line.seq <= (known[all.indexOf(shard)] ?? 0)) continue;
        if (row === null) shard.rows.delete(key);
        else shard.rows.set(key, row);
      }
    }
    return { seq: last, badLines, wholeBytes: (bytes?.length ?? 0) - rest.length };
  }
}

async function readShards(disk: Disk, folder: string, keepAside: KeepAside): Promise<Low<Shard>[]> {
  const shards: Low<Shard>[] = [];
  for (let index = 0; index < SHARDS; index++) {
    const file = createShardFile(disk, folder, shardName(index), keepAside);
    const low = new Low<Shard>(file, { seq: 0, rows: new Map() });
    await low.read();
    shards.push(low);
  }
  return shards;
}

import { crc32 } from "node:zlib";
import { z } from "zod";
import { type Put, rowSchema } from "./rows.ts";

/** A line of a journal; a shard file is one such line too. `unreadable` counts the rows that no longer make sense. */
export type Line = { seq: number; puts: Put[]; unreadable: number };

const CHECKSUM_LENGTH = 8;

const lineSchema = z.tuple([z.int().min(0), z.array(z.tuple([z.string(), z.unknown()]))]);

/** `1c291ca3 [seq,[[key,row],…]]` and a line feed: the checksum covers the JSON. */
export function writeLine(seq: number, puts: Iterable<Put>): string {
  const json = JSON.stringify([seq, [...puts]]);
  return `${checksumOf(json)} ${json}\n`;
}

/** The line in these bytes (without its line feed), or null when they are not what was written. */
export function readLine(bytes: Buffer): Line | null {
  const body = bytes.subarray(CHECKSUM_LENGTH + 1);
  if (bytes.toString("latin1", 0, CHECKSUM_LENGTH + 1) !== `${checksumOf(body)} `) return null;
  const parsed = lineSchema.safeParse(parseJson(body.toString()));
  if (!parsed.success) return null;
  const [seq, stored] = parsed.data;
  const puts: Put[] = [];
  for (const [key, value] of stored) {
    const row = rowSchema.nullable().safeParse(value);
    if (row.success) puts.push([key, row.data]);
  }
  return { seq, puts, unreadable: stored.length - puts.length };
}

/** The pieces of a file that end with a line feed; `rest` is what follows the last one. */
export function splitLines(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) return { lines, rest: bytes.subarray(start) };
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
}

function checksumOf(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(CHECKSUM_LENGTH, "0");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

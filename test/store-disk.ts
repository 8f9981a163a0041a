import { dirname } from "node:path";
import type { Disk, OpenFile } from "../src/store/disk.ts";

type Content = { live: Buffer; synced: Buffer };

export type FakeDisk = Disk & {
  /** The disk takes only so many bytes more. */
  leave(bytes: number): void;
  /** After so many operations everything fails. */
  powerOffAfter(operations: number): void;
  isOff(): boolean;
  /** What is there after the power came back. `kept`: how much of what was not synced had reached the disk all the same, 0 to 1. */
  afterPowerCut(kept: number): FakeDisk;
  /** Calls `act` at the next sync of a file whose path holds `part`. */
  onSync(part: string, act: () => void): void;
  /** The names in a folder that match. */
  find(name: RegExp): string[];
  bytesOf(path: string): Buffer;
  damage(path: string, position: number): void;
  /** Another process takes the lock away. */
  takeLock(path: string): void;
};

/** A disk in memory that can be filled, damaged, and whose power can be cut. Bytes survive a cut once their file was synced, names once their folder was. */
export function createFakeDisk(found: ReadonlyMap<string, Buffer> = new Map()): FakeDisk {
  const names = new Map<string, Content>();
  let syncedNames = new Map<string, Content>();
  for (const [path, bytes] of found) names.set(path, { live: bytes, synced: bytes });
  for (const [path, content] of names) syncedNames.set(path, content);
  const links = new Map<string, string>();
  let room = Number.POSITIVE_INFINITY;
  let operationsLeft = Number.POSITIVE_INFINITY;
  let watched: { part: string; act: () => void } | null = null;

  async function operation(): Promise<void> {
    await Promise.resolve();
    if (operationsLeft <= 0) throw systemError("EIO");
    operationsLeft--;
  }

  function openFile(path: string, content: Content): OpenFile {
    return {
      async write(bytes, position) {
        await operation();
        const fits = bytes.subarray(0, Math.min(bytes.length, room));
        room -= fits.length;
        const end = position + fits.length;
        const grown = Buffer.alloc(Math.max(content.live.length, end));
        content.live.copy(grown);
        fits.copy(grown, position);
        content.live = grown;
        if (fits.length < bytes.length) throw systemError("ENOSPC");
      },
      async truncate(length) {
        await operation();
        content.live = Buffer.from(content.live.subarray(0, length));
      },
      async sync() {
        await operation();
        content.synced = Buffer.from(content.live);
        if (watched === null || !path.includes(watched.part)) return;
        const { act } = watched;
        watched = null;
        act();
      },
      close: () => Promise.resolve(),
    };
  }

  return {
    makeFolder: () => operation(),
    async list(folder) {
      await operation();
      return [...names.keys()]
        .filter((path) => dirname(path) === folder)
        .map((path) => path.slice(folder.length + 1));
    },
    async read(path) {
      await operation();
      return names.get(path)?.live ?? null;
    },
    async create(path) {
      await operation();
      const content = { live: Buffer.alloc(0), synced: Buffer.alloc(0) };
      names.set(path, content);
      return openFile(path, content);
    },
    async reopen(path) {
      await operation();
      const content = names.get(path);
      if (content === undefined) throw systemError("ENOENT");
      return openFile(path, content);
    },
    async rename(from, to) {
      await operation();
      const content = names.get(from);
      const link = links.get(from);
      if (content === undefined && link === undefined) throw systemError("ENOENT");
      if (content !== undefined) names.set(to, content);
      if (link !== undefined) links.set(to, link);
      names.delete(from);
      links.delete(from);
    },
    async remove(path) {
      await operation();
      names.delete(path);
      links.delete(path);
    },
    async syncFolder(folder) {
      await operation();
      const elsewhere = [...syncedNames].filter(([path]) => dirname(path) !== folder);
      const here = [...names].filter(([path]) => dirname(path) === folder);
      syncedNames = new Map([...elsewhere, ...here]);
    },
    async link(text, path) {
      await operation();
      if (links.has(path)) return false;
      links.set(path, text);
      return true;
    },
    async readLink(path) {
      await operation();
      return links.get(path) ?? null;
    },

    leave(bytes) {
      room = bytes;
    },
    powerOffAfter(operations) {
      operationsLeft = operations;
    },
    isOff: () => operationsLeft <= 0,
    afterPowerCut(kept) {
      operationsLeft = 0;
      return createFakeDisk(
        new Map([...syncedNames].map(([path, content]) => [path, afterCut(content, kept)])),
      );
    },
    onSync(part, act) {
      watched = { part, act };
    },
    find: (name) => [...names.keys()].filter((path) => name.test(path)).sort(),
    bytesOf,
    damage(path, position) {
      const bytes = bytesOf(path);
      bytes.writeUInt8(bytes.readUInt8(position) ^ 1, position);
    },
    takeLock(path) {
      links.set(path, "somebody else");
    },
  };

  function bytesOf(path: string): Buffer {
    const content = names.get(path);
    if (content === undefined)
      throw new Error(`no file ${path} among ${[...names.keys()].join(" ")}`);
    return content.live;
  }
}

function afterCut({ live, synced }: Content, kept: number): Buffer {
  if (live.length <= synced.length) return Buffer.from(kept === 1 ? live : synced);
  const length = synced.length + Math.floor((live.length - synced.length) * kept);
  return Buffer.concat([synced, live.subarray(synced.length, length)]);
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

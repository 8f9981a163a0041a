import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Disk, errorCode } from "./disk.ts";
import { TAKEN_OVER } from "./unavailable.ts";

/** The right to write in a folder. */
export type Lock = {
  /** False when another process took the lock away: in two containers that share a folder neither sees the other live. */
  isOurs(): Promise<boolean>;
  release(): Promise<void>;
};

export async function requireLock(lock: Lock): Promise<void> {
  if (await lock.isOurs()) return;
  throw Object.assign(new Error("another process took over the folder"), { code: TAKEN_OVER });
}

const ATTEMPTS = 20;

/**
 * Takes the lock of a folder: a link that says `<pid> <start time> <boot id>`, since a link comes into being whole and
 * needs no free space. A number alone says little: after a restart, and in a container where everybody is 1, another process has it.
 */
export async function takeLock(disk: Disk, folder: string): Promise<Lock | { heldBy: number }> {
  const path = join(folder, "lock");
  const mine = await identityOf(process.pid);
  if (mine === null)
    throw new Error(`expected /proc/${process.pid}/stat to tell about this process`);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await disk.link(mine, path)) {
      return {
        isOurs: async () => (await disk.readLink(path)) === mine,
        async release() {
          if ((await disk.readLink(path)) === mine) await disk.remove(path);
        },
      };
    }
    const found = await disk.readLink(path);
    if (found === null) continue;
    if (await isAlive(found)) return { heldBy: pidOf(found) };
    const rival = await discard(disk, path, found, mine);
    if (rival !== null) return { heldBy: rival };
  }
  throw new Error(`the lock ${path} changed hands ${ATTEMPTS} times while it was being taken`);
}

/**
 * Removes a dead process's lock. Two may find the same one, and the slower must not remove the lock that the quicker has put in its
 * place: only who holds a second lock removes the first. Returns the number of another process that is just doing so.
 */
async function discard(
  disk: Disk,
  path: string,
  dead: string,
  mine: string,
): Promise<number | null> {
  const taking = `${path}.taking`;
  if (!(await disk.link(mine, taking))) {
    const rival = await disk.readLink(taking);
    if (rival !== null && (await isAlive(rival))) return pidOf(rival);
    await disk.remove(taking);
    return null;
  }
  try {
    if ((await disk.readLink(path)) === dead) await disk.remove(path);
  } finally {
    await disk.remove(taking);
  }
  return null;
}

function pidOf(identity: string): number {
  return Number(identity.split(" ")[0]);
}

async function isAlive(identity: string): Promise<boolean> {
  return (await identityOf(pidOf(identity))) === identity;
}

/** What tells a living process from every other one; null when it is dead. */
async function identityOf(pid: number): Promise<string | null> {
  const bootId = await readProc("/proc/sys/kernel/random/boot_id");
  if (bootId === null) return isRunning(pid) ? `${pid} - -` : null;
  const stat = await readProc(`/proc/${pid}/stat`);
  // The name in brackets may hold spaces and brackets itself. After it: state (field 3) … start time (field 22).
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields?.[0], fields?.[19]];
  if (startTime === undefined || state === "Z" || state === "X") return null;
  return `${pid} ${startTime} ${bootId}`;
}

async function readProc(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch {
    return null;
  }
}

/** For systems without /proc. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

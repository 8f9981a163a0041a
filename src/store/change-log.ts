import type { StoreHealth } from "../domain/store.ts";
import type { Journal } from "./journal.ts";
import type { Kept } from "./kept.ts";
import { writeLine } from "./lines.ts";
import { type Lock, requireLock } from "./lock.ts";
import type { Put, Row, RowOf } from "./rows.ts";
import type { ChangeLog, Decide, View } from "./changes.ts";
import { reasonOf, storeUnavailable } from "./unavailable.ts";

/** Changes in one write: so many that a disk is used well, so few that the event loop is soon free again. */
const MAX_BATCH = 1_000;

const TRY_AGAIN_AFTER_MS = 5_000;

/** Also without much traffic: what a person erased shall not stay long in old files. */
const SNAPSHOT_AFTER_MS = 24 * 60 * 60 * 1000;

type Waiting = {
  decide: Decide<unknown>;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
};

type Decided = { waiting: Waiting; puts: Put[]; result: unknown };

/** One write and one sync for all changes that wait; memory changes, and promises resolve, only after that. */
export function createChangeLog(parts: {
  kept: Kept;
  journal: Journal;
  lock: Lock;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
  onProblem: (sentence: string) => void;
  /** Writes everything kept into new shard files. */
  snapshot: () => Promise<void>;
  /** A journal file of this many bytes is followed by a new one and a snapshot. */
  journalBytes: number;
  /** Start with a snapshot: much was read from journals. */
  isSnapshotDue: boolean;
}): ChangeLog {
  const { kept, journal, lock, now, onProblem } = parts;
  let queue: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let snapshotting: Promise<void> | null = null;
  let snapshotAt = parts.isSnapshotDue ? 0 : now().getTime();
  let unwritable: string | null = null;
  let trying = false;
  let closed: Promise<void> | null = null;

  return {
    commit<T>(decide: Decide<T>): Promise<T> {
      if (closed !== null) return Promise.reject(storeUnavailable("the store is closed"));
      return enqueue(decide);
    },
    health: (): StoreHealth => ({ writable: unwritable === null, reason: unwritable }),
    close: () => (closed ??= finish()),
  };

  function enqueue<T>(decide: Decide<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Each result goes back to the promise its own `decide` belongs to.
      queue.push({ decide, resolve: resolve as (result: unknown) => void, reject });
      writing ??= writeAll();
    });
  }

  async function writeAll(): Promise<void> {
    while (queue.length > 0) {
      // Everything that is asked for in this turn of the event loop shares one write.
      await new Promise(setImmediate);
      const batch = queue.slice(0, MAX_BATCH);
      queue = queue.slice(MAX_BATCH);
      await writeBatch(decideAll(batch));
    }
    writing = null;
  }

  function decideAll(batch: Waiting[]): Decided[] {
    const coming = new Map<string, Row | null>();
    const view = viewOf(kept, coming);
    const decided: Decided[] = [];
    for (const waiting of batch) {
      try {
        const { puts, result } = waiting.decide(view);
        for (const [key, row] of puts) coming.set(key, row);
        decided.push({ waiting, puts, result });
      } catch (error) {
        waiting.reject(error);
      }
    }
    return decided;
  }

  async function writeBatch(decided: Decided[]): Promise<void> {
    let seq = kept.seq();
    const lines = decided
      .filter(({ puts }) => puts.length > 0)
      .map(({ puts }) => writeLine(++seq, puts));
    if (lines.length > 0) {
      try {
        await requireLock(lock);
        await rollIfDue();
        await journal.append(Buffer.from(lines.join("")));
      } catch (cause) {
        for (const { waiting } of decided) {
          waiting.reject(storeUnavailable("the change could not be written", cause));
        }
        setUnwritable(cause);
        return;
      }
      setWritable();
    }
    seq = kept.seq();
    for (const { waiting, puts, result } of decided) {
      if (puts.length > 0) kept.apply(++seq, puts);
      waiting.resolve(result);
    }
  }

  function setUnwritable(cause: unknown): void {
    const reason = reasonOf(cause);
    const wasWritable = unwritable === null;
    unwritable = reason;
    if (!wasWritable) return;
    onProblem(
      `Không lưu được dữ liệu: ${reason}. Những gì đã lưu vẫn còn nguyên; hãy xử lý để hệ thống lưu lại được.`,
    );
    void tryAgain();
  }

  function setWritable(): void {
    if (unwritable !== null) onProblem("Đã lưu được dữ liệu trở lại.");
    unwritable = null;
  }

  /** Without a message nothing would be written, and nobody would learn that writing works again. */
  async function tryAgain(): Promise<void> {
    if (trying) return;
    trying = true;
    const isStuck = (): boolean => unwritable !== null && closed === null;
    while (isStuck()) {
      await parts.wait(TRY_AGAIN_AFTER_MS);
      if (closed !== null) return;
      const nothing: Put = ["nothing", null];
      await enqueue(() => ({ puts: [nothing], result: undefined })).catch(() => undefined);
    }
    trying = false;
  }

  async function rollIfDue(): Promise<void> {
    const old = now().getTime() - snapshotAt >= SNAPSHOT_AFTER_MS;
    if (snapshotting !== null || (journal.size() < parts.journalBytes && !old)) return;
    try {
      await journal.roll(kept.seq() + 1);
    } catch {
      return; // The file there is still good to write to; the next batch tries again.
    }
    snapshotting = snapshot().finally(() => {
      snapshotting = null;
    });
  }

  async function snapshot(): Promise<void> {
    snapshotAt = now().getTime();
    try {
      kept.sweep(now());
      await parts.snapshot();
    } catch (error) {
      onProblem(
        `Không ghi được bản lưu: ${reasonOf(error)}. Dữ liệu vẫn còn đủ trong nhật ký; hệ thống sẽ thử lại.`,
      );
    }
  }

  async function finish(): Promise<void> {
    await writing;
    await snapshotting;
    if (journal.size() > 0 && (await lock.isOurs())) {
      await journal.roll(kept.seq() + 1).catch(() => undefined);
      await snapshot();
    }
    await journal.close();
    await lock.release();
  }
}

function viewOf(kept: Kept, coming: Map<string, Row | null>): View {
  return {
    row: (key) => (coming.has(key) ? (coming.get(key) ?? undefined) : kept.row(key)),
    *messages(): Iterable<[string, RowOf<"message">]> {
      for (const entry of kept.rows.message) if (!coming.has(entry[0])) yield entry;
      for (const [key, row] of coming) if (row?.type === "message") yield [key, row];
    },
  };
}

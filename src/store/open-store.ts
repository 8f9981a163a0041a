import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../domain/store.ts";
import { createChangeLog } from "./change-log.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { createJournal, type Journal } from "./journal.ts";
import { createKept, type Kept } from "./kept.ts";
import { type Lock, requireLock, takeLock } from "./lock.ts";
import { type Restored, restore } from "./restore.ts";
import { createStoreOn } from "./store-on.ts";
import { reasonOf } from "./unavailable.ts";

export type StoreOptions = {
  /** Made when it is not there; one process at a time. */
  folder: string;
  now: () => Date;
  /** Gets a sentence for staff: a damaged file, a full disk, and when that is over. */
  onProblem: (sentence: string) => void;
  disk?: Disk;
  /** Between attempts to write again. */
  wait?: (ms: number) => Promise<void>;
  journalBytes?: number;
};

/** A journal of this size is read back in about half a second. */
const JOURNAL_BYTES = 16 * 1024 * 1024;

/**
 * The store in a folder of the local disk: an append-only journal in front of lowdb. What a promise said survives `kill -9` and a power
 * cut. What a person erased leaves the disk with the second snapshot after it: within two days, or sooner with much traffic.
 */
export async function openStore(options: StoreOptions): Promise<Store | { refused: string }> {
  const { folder, disk = nodeDisk } = options;
  let lock: Lock | { heldBy: number } | null = null;
  try {
    await disk.makeFolder(folder);
    lock = await takeLock(disk, folder);
    if ("heldBy" in lock) {
      return {
        refused: `Thư mục dữ liệu ${folder} đang được tiến trình số ${lock.heldBy} dùng: hãy dừng tiến trình đó rồi chạy lại, hoặc chọn thư mục khác.`,
      };
    }
    return await openLocked(options, disk, lock);
  } catch (error) {
    if (lock !== null && "release" in lock) await lock.release();
    return { refused: `Không mở được thư mục dữ liệu ${folder}: ${reasonOf(error)}.` };
  }
}

async function openLocked(options: StoreOptions, disk: Disk, lock: Lock): Promise<Store> {
  const { folder, now, onProblem } = options;
  let damagedShards = 0;
  const restored = await restore(disk, folder, async (file, unreadable) => {
    damagedShards++;
    await keepAside(options, disk, file, unreadable);
  });
  if (restored.isIncomplete) {
    onProblem(
      `Thư mục dữ liệu ${folder} thiếu một phần, một số thay đổi không khôi phục được: hãy báo người phụ trách kỹ thuật đối chiếu với bản sao lưu.`,
    );
  }
  const shards = restored.shards.map((low) => low.data);
  const kept = createKept(shards, restored.seq, now());
  const journal = createJournal(disk, folder, { ...restored, seq: restored.seq + 1 });
  const snapshot = createSnapshot(restored, kept, journal, lock);

  if (damagedShards + restored.damaged.length > 0) {
    try {
      await journal.roll(restored.seq + 1);
      await snapshot();
      for (const { file, lines } of restored.damaged) await keepAside(options, disk, file, lines);
      // Once more, so that no older shard file needs the damaged journal either.
      if (restored.damaged.length > 0) await snapshot();
    } catch (error) {
      onProblem(
        `Chưa sửa xong tệp hỏng trong ${folder}: ${reasonOf(error)}. Hệ thống sẽ thử lại ở lần chạy sau.`,
      );
    }
  }

  const log = createChangeLog({
    kept,
    journal,
    lock,
    now,
    onProblem,
    snapshot,
    wait: options.wait ?? ((ms) => sleep(ms, undefined, { ref: false })),
    journalBytes: options.journalBytes ?? JOURNAL_BYTES,
    isSnapshotDue: journal.size() > 0,
  });
  return createStoreOn(kept, log, now);
}

/** Writes all shards one by one, then drops the journals that neither these nor the shard files before them need. */
function createSnapshot(
  restored: Restored,
  kept: Kept,
  journal: Journal,
  lock: Lock,
): () => Promise<void> {
  let inOlder = restored.inShards;
  return async () => {
    const inNewer = kept.seq();
    for (const low of restored.shards) {
      await requireLock(lock);
      low.data.seq = kept.seq();
      await low.write();
    }
    await journal.forget(inOlder);
    inOlder = inNewer;
  };
}

async function keepAside(
  { folder, now, onProblem }: StoreOptions,
  disk: Disk,
  file: string,
  unreadable: number,
): Promise<void> {
  const aside = `${file}.hong-${now().toISOString().replaceAll(/[-:.]/g, "")}`;
  await disk.rename(join(folder, file), join(folder, aside));
  await disk.syncFolder(folder);
  onProblem(
    `Tệp ${file} trong ${folder} bị hỏng (${unreadable} chỗ không đọc được): đã giữ nguyên tệp này với tên ${aside} và khôi phục từ bản lưu tốt gần nhất cùng nhật ký. Hãy báo người phụ trách kỹ thuật kiểm tra ổ đĩa.`,
  );
}

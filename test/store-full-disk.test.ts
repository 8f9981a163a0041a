import { expect, test } from "vitest";
import { isStoreUnavailable } from "../src/domain/store.ts";
import { createFakeDisk, type FakeDisk } from "./store-disk.ts";
import { openOrFail } from "./store-open.ts";
import {
  message,
  MORNING,
  person,
  subscription,
  unanswered,
  subscribersOf,
} from "./store-people.ts";

const FOLDER = "/data";

/** A store on this disk, the sentences it says, and a way to let its wait between attempts end. */
async function openOn(disk: FakeDisk, journalBytes = 1_000_000) {
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const store = await openOrFail({
    folder: FOLDER,
    disk,
    journalBytes,
    onProblem: (sentence) => said.push(sentence),
    wait: () => new Promise((resolve) => waiting.push(resolve)),
  });
  const tryAgain = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { store, said, tryAgain };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

test("on a full disk refuses what it cannot keep, goes on reading, and says why", async () => {
  const disk = createFakeDisk();
  const { store, said } = await openOn(disk);
  await store.subscribe(person("an"), subscription());
  await store.accept(message("1"));
  disk.leave(0);
  const failures = await Promise.allSettled([
    store.subscribe(person("bình"), subscription()),
    store.unsubscribe(person("an")),
    store.accept(message("2")),
    store.settle(message("1")),
    store.recordUnanswered(unanswered("câu hỏi")),
    store.erase(person("an")),
  ]);
  for (const failure of failures) {
    expect(failure.status === "rejected" && isStoreUnavailable(failure.reason)).toBe(true);
  }
  expect(store.subscriptionOf(person("bình"))).toBeNull();
  expect(store.subscriptionOf(person("an"))).toEqual(subscription());
  expect(store.pending()).toEqual([message("1")]);
  expect(store.unanswered()).toEqual([]);
  expect(await store.accept(message("1"))).toBe(false);
  expect(await store.unsubscribe(person("bình"))).toBe(false);
  expect(store.health()).toEqual({ writable: false, reason: "đĩa đã đầy" });
  expect(said).toEqual([
    "Không lưu được dữ liệu: đĩa đã đầy. Những gì đã lưu vẫn còn nguyên; hãy xử lý để hệ thống lưu lại được.",
  ]);
  disk.leave(Number.POSITIVE_INFINITY);
});

test("keeps a conversation going on a full disk", async () => {
  const disk = createFakeDisk();
  const { store } = await openOn(disk);
  disk.leave(0);
  const memory = { ...store.recall(person("an"), MORNING), commune: "30742" };
  store.remember(person("an"), MORNING, memory);
  await until(() => !store.health().writable);
  expect(store.recall(person("an"), MORNING)).toEqual(memory);
  disk.leave(Number.POSITIVE_INFINITY);
});

test("writes again by itself when there is room, and a restart finds all that was promised and nothing that was refused", async () => {
  const disk = createFakeDisk();
  const { store, said, tryAgain } = await openOn(disk);
  await store.subscribe(person("an"), subscription());
  for (const room of [0, 1, 40, 150]) {
    disk.leave(room);
    await expect(store.subscribe(person("bình"), subscription())).rejects.toThrow(
      "could not be written",
    );
    await expect(store.subscribe(person("bình"), subscription())).rejects.toThrow(
      "could not be written",
    );
    tryAgain();
    disk.leave(Number.POSITIVE_INFINITY);
    tryAgain();
    await until(() => {
      tryAgain();
      return store.health().writable;
    });
    await store.subscribe(person(`chi ${room}`), subscription());
  }
  expect(said.filter((sentence) => sentence === "Đã lưu được dữ liệu trở lại.")).toHaveLength(4);
  const again = await openOn(disk.afterPowerCut(0));
  expect(again.said).toEqual([]);
  expect(subscribersOf(again.store)).toBe(5);
  expect(again.store.subscriptionOf(person("bình"))).toBeNull();
});

test("takes back all of a half-written batch, also what of it had reached the disk", async () => {
  const disk = createFakeDisk();
  const { store } = await openOn(disk);
  disk.leave(500);
  const names = ["an", "bình", "chi", "dung", "giang"];
  const refused = await Promise.allSettled(
    names.map((name) => store.subscribe(person(name), subscription())),
  );
  expect(refused.map((result) => result.status)).toEqual(names.map(() => "rejected"));
  disk.leave(Number.POSITIVE_INFINITY);
  await store.subscribe(person("hoa"), subscription());
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(1);
  expect(again.said).toEqual([]);
});

test("loses nothing when the disk fills up while a snapshot is written, and writes one later", async () => {
  const disk = createFakeDisk();
  const { store, said } = await openOn(disk, 2_000);
  const kept: string[] = [];
  let next = 0;
  const subscribeOne = async (): Promise<void> => {
    const name = `${next++}`;
    await store.subscribe(person(name), subscription());
    kept.push(name);
  };
  disk.onSync("state-20.json.new", () => {
    disk.leave(0);
  });
  const isSaid = (): boolean => said.some((sentence) => sentence.startsWith("Không ghi được bản"));
  while (!isSaid()) await subscribeOne().catch(() => undefined);
  expect(said).toContain(
    "Không ghi được bản lưu: đĩa đã đầy. Dữ liệu vẫn còn đủ trong nhật ký; hệ thống sẽ thử lại.",
  );
  expect(disk.find(/\.new$/)).toEqual([]);
  disk.leave(Number.POSITIVE_INFINITY);
  while (disk.find(/state-63\.json$/).length === 0) await subscribeOne();
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(kept.length);
});

test("starts on a full disk with all that was kept, and says that it cannot save", async () => {
  const disk = createFakeDisk();
  const first = await openOn(disk);
  await first.store.subscribe(person("an"), subscription());
  const after = disk.afterPowerCut(0.5);
  after.leave(0);
  const { store } = await openOn(after);
  expect(store.subscriptionOf(person("an"))).toEqual(subscription());
  await expect(store.subscribe(person("bình"), subscription())).rejects.toThrow(
    "could not be written",
  );
  expect(store.health().writable).toBe(false);
  after.leave(Number.POSITIVE_INFINITY);
  await store.subscribe(person("bình"), subscription());
  expect(store.health()).toEqual({ writable: true, reason: null });
});

test("shows nobody a change before it is on disk", async () => {
  const disk = createFakeDisk();
  const { store } = await openOn(disk);
  let seen: unknown = "never synced";
  disk.onSync("journal", () => {
    seen = store.subscriptionOf(person("an"));
  });
  await store.subscribe(person("an"), subscription());
  expect(seen).toBeNull();
  expect(store.subscriptionOf(person("an"))).toEqual(subscription());
});

import { beforeEach, expect, test } from "vitest";
import { createFakeDisk, type FakeDisk } from "./store-disk.ts";
import { openOrFail } from "./store-open.ts";
import { MORNING, person, subscription, subscribersOf } from "./store-people.ts";

const FOLDER = "/data";
const PEOPLE = 200;

let clock = MORNING;

beforeEach(() => {
  clock = MORNING;
});

async function openOn(disk: FakeDisk) {
  const said: string[] = [];
  const store = await openOrFail({
    folder: FOLDER,
    disk,
    now: () => clock,
    onProblem: (sentence) => said.push(sentence),
  });
  return { store, said };
}

async function subscribe(disk: FakeDisk, from: number, to: number, end: "close" | "crash") {
  const { store } = await openOn(disk);
  for (let who = from; who < to; who++) await store.subscribe(person(`${who}`), subscription());
  if (end === "crash") return disk.afterPowerCut(0);
  await store.close();
  return disk;
}

/** The only file that is there under such a name. */
function only(disk: FakeDisk, name: RegExp): string {
  const [path = "none", ...others] = disk.find(name);
  expect(others).toEqual([]);
  return path;
}

test("cuts off what a crash left half-written, without a word", async () => {
  const disk = await subscribe(createFakeDisk(), 0, 3, "crash");
  const path = only(disk, /journal/);
  const whole = disk.bytesOf(path).length;
  const file = await disk.reopen(path);
  await file.write(Buffer.from("1c291ca3 [4,[["), whole);
  const { store, said } = await openOn(disk);
  await store.subscribe(person("later"), subscription());
  expect(said).toEqual([]);
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(4);
  expect(again.said).toEqual([]);
});

test("puts a damaged journal aside, keeps all its other lines, and tells staff", async () => {
  const disk = await subscribe(createFakeDisk(), 0, 100, "crash");
  const path = only(disk, /journal/);
  disk.damage(path, 1_000);
  const damaged = Buffer.from(disk.bytesOf(path));
  const { store, said } = await openOn(disk);
  expect(subscribersOf(store)).toBe(99);
  expect(said).toEqual([
    "Tệp journal-000000000001.log trong /data bị hỏng (1 chỗ không đọc được): đã giữ nguyên tệp này với tên journal-000000000001.log.hong-20261125T010000000Z và khôi phục từ bản lưu tốt gần nhất cùng nhật ký. Hãy báo người phụ trách kỹ thuật kiểm tra ổ đĩa.",
  ]);
  expect(disk.bytesOf(only(disk, /hong/)).equals(damaged)).toBe(true);
  await store.subscribe(person("later"), subscription());
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(100);
  expect(again.said).toEqual([]);
});

test("goes on after a journal of which nothing can be read", async () => {
  const disk = await subscribe(createFakeDisk(), 0, 1, "crash");
  const path = only(disk, /journal/);
  disk.damage(path, 20);
  const damaged = Buffer.from(disk.bytesOf(path));
  const { store, said } = await openOn(disk);
  expect(subscribersOf(store)).toBe(0);
  expect(said.join()).toContain("bị hỏng (1 chỗ không đọc được)");
  expect(disk.bytesOf(only(disk, /hong/)).equals(damaged)).toBe(true);
  await store.subscribe(person("later"), subscription());
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(1);
  expect(again.said).toEqual([]);
});

test("restores every damaged snapshot file from the one before it and the journals", async () => {
  let disk = await subscribe(createFakeDisk(), 0, PEOPLE, "close");
  disk = await subscribe(disk, PEOPLE, 2 * PEOPLE, "close");
  disk = await subscribe(disk, 2 * PEOPLE, 3 * PEOPLE, "crash");
  const files = disk.find(/state-\d+\.json$/);
  expect(files).toHaveLength(64);
  for (const file of files) disk.damage(file, 30);
  const { store, said } = await openOn(disk);
  expect(subscribersOf(store)).toBe(3 * PEOPLE);
  expect(said).toHaveLength(64);
  expect(disk.find(/hong/)).toHaveLength(64);
  const again = await openOn(disk.afterPowerCut(0));
  expect(subscribersOf(again.store)).toBe(3 * PEOPLE);
  expect(again.said).toEqual([]);
});

test("restores a first snapshot from the journals alone", async () => {
  const disk = await subscribe(createFakeDisk(), 0, PEOPLE, "close");
  for (const file of disk.find(/state-0.\.json$/)) disk.damage(file, 30);
  const { store } = await openOn(disk);
  expect(subscribersOf(store)).toBe(PEOPLE);
});

test("survives a second damage after the first was mended", async () => {
  let disk = await subscribe(createFakeDisk(), 0, PEOPLE, "crash");
  disk.damage(only(disk, /journal/), 1_000);
  disk = await subscribe(disk, 0, 0, "close");
  clock = new Date(MORNING.getTime() + 1000);
  for (const file of disk.find(/state-\d+\.json$/)) disk.damage(file, 30);
  const { store, said } = await openOn(disk);
  expect(subscribersOf(store)).toBe(PEOPLE - 1);
  expect(said.filter((sentence) => sentence.includes("thiếu một phần"))).toEqual([]);
});

test("says so when nothing can restore a part, and goes on with the rest", async () => {
  let disk = await subscribe(createFakeDisk(), 0, PEOPLE, "close");
  for (let more = 1; more < 4; more++) {
    disk = await subscribe(disk, more * PEOPLE, (more + 1) * PEOPLE, "close");
  }
  for (const file of disk.find(/state-07\.json/)) disk.damage(file, 30);
  const { store, said } = await openOn(disk);
  expect(subscribersOf(store)).toBeGreaterThan(3.5 * PEOPLE);
  expect(subscribersOf(store)).toBeLessThan(4 * PEOPLE);
  expect(said.at(-1)).toBe(
    "Thư mục dữ liệu /data thiếu một phần, một số thay đổi không khôi phục được: hãy báo người phụ trách kỹ thuật đối chiếu với bản sao lưu.",
  );
});

test("keeps no more than two snapshots and the journals since the older one", async () => {
  let disk = createFakeDisk();
  for (let day = 0; day < 6; day++) {
    disk = await subscribe(disk, day * 10, day * 10 + 10, "close");
  }
  expect(disk.find(/state/)).toHaveLength(128);
  expect(disk.find(/journal/).length).toBeLessThanOrEqual(2);
});

test("leaves no trace of an erased person on disk after two snapshots", async () => {
  const disk = createFakeDisk();
  const { store } = await openOn(disk);
  await store.subscribe(person("nguyen-van-an"), subscription());
  await store.subscribe(person("bình"), subscription());
  await store.erase(person("nguyen-van-an"));
  for (let day = 1; day <= 3; day++) {
    clock = new Date(MORNING.getTime() + day * 24 * 60 * 60 * 1000);
    const before = disk.find(/journal/).at(-1);
    await store.subscribe(person("bình"), subscription());
    expect(disk.find(/journal/).at(-1)).not.toBe(before);
    // The snapshot is written in the background; its last act is to drop a journal.
    while (disk.find(/journal/).length > Math.min(day + 1, 2)) await new Promise(setImmediate);
  }
  await store.close();
  const traces = disk.find(/./).filter((file) => disk.bytesOf(file).includes("nguyen-van-an"));
  expect(traces).toEqual([]);
});

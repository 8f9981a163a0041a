import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../src/store/open-store.ts";
import { createFakeDisk } from "./store-disk.ts";
import { openOrFail, temporaryFolder } from "./store-open.ts";
import { MORNING, person, subscription } from "./store-people.ts";

const isLinux = process.platform === "linux";

test("keeps its files from everybody else", async () => {
  const folder = await temporaryFolder();
  const store = await openOrFail({ folder });
  await store.subscribe(person("an"), subscription());
  await store.close();
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const file of await readdir(folder)) {
    expect((await stat(join(folder, file))).mode & 0o777, file).toBe(0o600);
  }
});

test("refuses to open a folder twice in one process", async () => {
  const folder = await temporaryFolder();
  await openOrFail({ folder });
  const second = await openStore({ folder, now: () => MORNING, onProblem: () => undefined });
  expect(second).toHaveProperty("refused");
});

test("opens again after it was closed", async () => {
  const folder = await temporaryFolder();
  const store = await openOrFail({ folder });
  await store.subscribe(person("an"), subscription());
  await store.close();
  await expect(store.subscribe(person("bình"), subscription())).rejects.toThrow("closed");
  const again = await openOrFail({ folder });
  expect(again.subscriptionOf(person("an"))).toEqual(subscription());
});

test.runIf(isLinux)("takes over the lock of an earlier process with the same number", async () => {
  const bootId = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const own = await lockText();
  const earlierInThisContainer = `${process.pid} 1 ${bootId}`;
  const beforeARestart = own.replace(bootId, "00000000-0000-0000-0000-000000000000");
  const dead = `4194304 1 ${bootId}`;
  for (const text of [earlierInThisContainer, beforeARestart, dead, "what is this"]) {
    const folder = await temporaryFolder();
    await mkdir(folder);
    await symlink(text, join(folder, "lock"));
    const store = await openOrFail({ folder });
    await store.subscribe(person("an"), subscription());
    expect(await readlink(join(folder, "lock"))).toBe(own);
  }
});

test("takes over a lock that is an ordinary file", async () => {
  const folder = await temporaryFolder();
  await mkdir(folder);
  await writeFile(join(folder, "lock"), "1");
  await openOrFail({ folder });
  expect(await readlink(join(folder, "lock"))).toMatch(/^\d+ /);
});

test("only one of several that start at once gets a dead process's folder", async () => {
  const folder = await temporaryFolder();
  await mkdir(folder);
  await symlink("4194304 1 nobody", join(folder, "lock"));
  const opened = await Promise.all(
    Array.from({ length: 8 }, () =>
      openStore({ folder, now: () => MORNING, onProblem: () => undefined }),
    ),
  );
  expect(opened.filter((store) => !("refused" in store))).toHaveLength(1);
  for (const store of opened) if ("close" in store) await store.close();
});

test("writes nothing more once another process has the lock", async () => {
  const disk = createFakeDisk();
  const said: string[] = [];
  const store = await openOrFail({
    folder: "/data",
    disk,
    onProblem: (sentence) => said.push(sentence),
  });
  await store.subscribe(person("an"), subscription());
  const [journal = ""] = disk.find(/journal/);
  const before = Buffer.from(disk.bytesOf(journal));
  disk.takeLock("/data/lock");
  await expect(store.subscribe(person("bình"), subscription())).rejects.toThrow(
    "could not be written",
  );
  await store.close();
  expect(disk.bytesOf(journal).equals(before)).toBe(true);
  expect(disk.find(/state/)).toEqual([]);
  expect(await disk.readLink("/data/lock")).toBe("somebody else");
  expect(store.health().reason).toBe("một tiến trình khác đã nhận lấy thư mục dữ liệu");
  expect(said).toHaveLength(1);
});

test("says in one sentence when the folder cannot be made", async () => {
  const folder = await temporaryFolder();
  await mkdir(folder);
  await writeFile(join(folder, "tệp"), "");
  const opened = await openStore({
    folder: join(folder, "tệp", "store"),
    now: () => MORNING,
    onProblem: () => undefined,
  });
  expect(opened).toEqual({
    refused: `Không mở được thư mục dữ liệu ${join(folder, "tệp", "store")}: lỗi ENOTDIR.`,
  });
});

async function lockText(): Promise<string> {
  const folder = await temporaryFolder();
  await openOrFail({ folder });
  return readlink(join(folder, "lock"));
}

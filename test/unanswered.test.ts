import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store, Unanswered } from "../src/domain/store.ts";
import { openStore } from "../src/store/open-store.ts";
import { run } from "./run.ts";

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-unanswered-"));
});
afterEach(() => rm(dataFolder, { recursive: true }));

async function openHere(): Promise<Store> {
  const folder = join(dataFolder, "store");
  const store = await openStore({ folder, now: () => new Date(), onProblem: () => undefined });
  if ("refused" in store) throw new Error(store.refused);
  return store;
}

function unanswered(text: string): Unanswered {
  const nearest = { entitlement: "luong-huu", score: 0.21 };
  return { text, day: "2026-11-24", reason: "unknown", nearest };
}

test("near-identical questions are one group, the most frequent first, while the bot goes on running", async () => {
  const store = await openHere();
  for (const text of [
    "khủng long ăn gì",
    "mua ghe cũ ở đâu",
    "Khung long an gi?",
    "khủng long ăn gì ạ",
  ]) {
    await store.recordUnanswered(unanswered(text));
  }
  const before = (await readdir(join(dataFolder, "store"))).sort();
  const { code, out } = await run("src/cli/unanswered.ts", [], { DATA_DIR: dataFolder });
  expect(code).toBe(0);
  expect(out).toContain("4 câu chưa trả lời được, 2 nhóm.");
  expect(out).toContain("# 3 lần, gần đây 24/11/2026, gần nhất luong-huu (0,21)");
  expect(out.indexOf("khủng long")).toBeLessThan(out.indexOf("mua ghe cũ"));
  expect(out).toContain('  - "khủng long ăn gì"');
  expect((await readdir(join(dataFolder, "store"))).sort()).toEqual(before);
  await store.recordUnanswered(unanswered("vẫn ghi được"));
  await store.close();
});

test("with nothing kept yet it says so", async () => {
  const { code, out } = await run("src/cli/unanswered.ts", [], { DATA_DIR: dataFolder });
  expect(code).toBe(0);
  expect(out).toContain("Chưa có dữ liệu");
});

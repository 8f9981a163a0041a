import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openKnowledge } from "../src/knowledge.ts";
import { createModelCache } from "../src/model-cache.ts";
import { realFiles, realLearnt, talkTo, textOf } from "./brain.ts";

const CONTENT = new URL("../content", import.meta.url).pathname;
const now = () => new Date("2026-11-24T08:00:00+07:00");

let contentFolder: string;
let dataFolder: string;
beforeEach(async () => {
  contentFolder = await mkdtemp(join(tmpdir(), "an-sinh-content-"));
  dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-data-"));
  await cp(CONTENT, contentFolder, { recursive: true });
  await createModelCache(dataFolder).write(await realFiles(), await realLearnt());
});
afterEach(async () => {
  await rm(contentFolder, { recursive: true });
  await rm(dataFolder, { recursive: true });
});

function open() {
  return openKnowledge({ contentFolder, dataFolder, writes: true, now: now() });
}

async function breakAPage(): Promise<void> {
  await appendFile(join(contentFolder, "che-do/nha-o-xa-hoi/nha-o-xa-hoi.md"), "\n## Đề mục lạ\n");
}

async function ready() {
  const knowledge = await open();
  if (knowledge.status !== "ready") throw new Error(knowledge.report);
  return knowledge;
}

test("a first start with broken content lists every problem and does not start", async () => {
  await breakAPage();
  await writeFile(join(contentFolder, "muc.yaml"), "luong-co-so: [");
  const knowledge = await open();
  expect(knowledge.status).toBe("broken");
  expect(knowledge.report).toMatch(/^che-do\/nha-o-xa-hoi\/nha-o-xa-hoi\.md:\d+: .+ — .+$/m);
  expect(knowledge.report).toMatch(/^muc\.yaml:\d+: .+ — .+$/m);
});

test("after one good start, broken content leaves the last good one serving and says why", async () => {
  expect((await ready()).report).toBeNull();
  await breakAPage();
  const knowledge = await ready();
  expect(knowledge.report).toContain("nha-o-xa-hoi.md");
  expect(textOf(await talkTo(knowledge.brain())("lương cơ sở bao nhiêu"))).toContain("2.530.000");
});

test("a changed file is taken over while running, and a broken one is not", async () => {
  const knowledge = await ready();
  expect(await knowledge.refresh(now())).toEqual({ status: "unchanged" });
  const file = join(contentFolder, "muc.yaml");
  const muc = await readFile(file, "utf8");
  await writeFile(file, muc.replace("muc: 2530000", "muc: 2600000"));
  expect(await knowledge.refresh(now())).toEqual({ status: "swapped" });
  const talk = talkTo(knowledge.brain());
  expect(textOf(await talk("lương cơ sở bao nhiêu"))).toContain("2.600.000");
  await breakAPage();
  const kept = await knowledge.refresh(now());
  expect(kept).toMatchObject({ status: "kept" });
  expect(textOf(await talkTo(knowledge.brain())("lương cơ sở bao nhiêu"))).toContain("2.600.000");
});

test("a damaged cache of what was learnt costs time, not answers", async () => {
  const knowledge = await ready();
  const cache = createModelCache(dataFolder);
  const files = await realFiles();
  expect((await cache.read(files))?.content).toEqual(knowledge.brain().content);
  for (const name of await readdir(dataFolder)) {
    if (name.startsWith("model-")) await writeFile(join(dataFolder, name), "hỏng");
  }
  expect(await cache.read(files)).toBeUndefined();
  expect((await ready()).status).toBe("ready");
});

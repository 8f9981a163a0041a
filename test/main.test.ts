import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelCache } from "../src/model-cache.ts";
import { realFiles, realLearnt } from "./brain.ts";
import { askPage, freePort, type MainProcess, startMain, visitPage } from "./main-process.ts";
import { run } from "./run.ts";

let folder: string;
let started: MainProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-main-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((main) => main.kill()));
  await rm(folder, { recursive: true });
});

async function start(): Promise<MainProcess> {
  const main = await startMain({ DATA_DIR: folder });
  started.push(main);
  return main;
}

test("without a terminal the page is served, answers, and a stop is orderly", async () => {
  const { url, stop } = await start();
  expect(await askPage(url, "lương cơ sở bao nhiêu")).toContain("2.530.000");
  expect((await fetch(`${url}readyz`)).status).toBe(200);
  expect(await stop()).toBe(0);
});

test("on the page, whoever has everything erased is not told again what they asked before", async () => {
  const { url, stop } = await start();
  const ask = await visitPage(url);
  expect(await ask("xã Sơn Kiên", "abcdefgh-1")).toContain("Sơn Kiên");
  expect(await ask("xã Sơn Kiên", "abcdefgh-1")).toContain("Sơn Kiên");
  expect(await ask("xóa dữ liệu của tôi", "abcdefgh-2")).toContain("Đã xóa");
  expect(await ask("xã Sơn Kiên", "abcdefgh-1")).not.toContain("Sơn Kiên");
  await stop();
});

test("a second process on the same data folder is refused with a sentence", async () => {
  const { stop } = await start();
  const second = await run("src/main.ts", [], {
    DATA_DIR: folder,
    PORT: String(await freePort()),
    METRICS_PORT: "off",
  });
  expect(second.code).toBe(1);
  expect(second.error).toContain("đang được tiến trình số");
  await stop();
});

test("a taken port is told in one sentence that names the setting", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, "127.0.0.1", resolve);
  });
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { code, error } = await run("src/main.ts", [], {
    DATA_DIR: folder,
    PORT: String(port),
    METRICS_PORT: "off",
  });
  taken.close();
  expect(code).toBe(1);
  expect(error).toContain("PORT");
  expect(error).toContain(String(port));
});

test("a setting that makes no sense is told before anything starts", async () => {
  const { code, error } = await run("src/main.ts", [], { DATA_DIR: folder, PORT: "tám mươi" });
  expect(code).toBe(2);
  expect(error).toContain("PORT phải là một số từ 1 đến 65535");
});

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentWith } from "../src/config.ts";
import { createModelCache } from "../src/model-cache.ts";
import { realFiles, realLearnt } from "./brain.ts";
import { run } from "./run.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

let folder: string;
let started: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-main-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** `npm start` without a terminal; resolves once it says where the page is. */
async function start(port: number): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const child = spawn(process.execPath, ["--import", "tsx", `${ROOT}src/main.ts`], {
    cwd: ROOT,
    env: environmentWith({ DATA_DIR: folder, PORT: String(port), METRICS_PORT: "off" }),
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  await new Promise<void>((resolve, reject) => {
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      if (said.includes("Trang trò chuyện")) resolve();
    });
    void ended.then((code) => {
      reject(new Error(`ended with ${code}: ${said}`));
    });
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { url: `http://127.0.0.1:${port}/`, stop };
}

async function askPage(url: string, text: string, id = "abcdefgh-1"): Promise<string> {
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const answer = await fetch(`${url}api/message`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url.slice(0, -1), cookie },
    body: JSON.stringify({ id, text }),
  });
  return answer.text();
}

test("without a terminal the page is served, answers, and a stop is orderly", async () => {
  const { url, stop } = await start(await freePort());
  expect(await askPage(url, "lương cơ sở bao nhiêu")).toContain("2.530.000");
  expect((await fetch(`${url}readyz`)).status).toBe(200);
  expect(await stop()).toBe(0);
});

test("a second process on the same data folder is refused with a sentence", async () => {
  const { stop } = await start(await freePort());
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

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentWith } from "../src/config.ts";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { openOrFail } from "./store-open.ts";

const COMMAND = fileURLToPath(new URL("../src/cli/zalo.ts", import.meta.url));
const PUBLIC_URL = "https://an-sinh.example.org/";
const ADDRESS = "https://an-sinh.example.org/zalo-bot";
const SECRET = "bi-mat-cua-ta";

let fake: FakeZaloBot;
let dataFolder: string;

beforeEach(async () => {
  fake = await startFakeZaloBot();
  dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-zalo-command-"));
});
afterEach(async () => {
  await fake.close();
  await rm(dataFolder, { recursive: true });
});

async function run(command: string, more: Record<string, string> = {}) {
  const env = environmentWith({
    DATA_DIR: dataFolder,
    ZALO_BOT_TOKEN: fake.token,
    ZALO_BOT_API: fake.apiRoot,
    ZALO_BOT_SECRET: SECRET,
    PUBLIC_URL,
    ...more,
  });
  return new Promise<{ code: number; said: string }>((resolve) => {
    const args = ["--import", "tsx", COMMAND, command];
    const child = execFile(process.execPath, args, { env }, (_, out, err) => {
      const said = out + err;
      expect(said).not.toContain(fake.token.split(":")[1]);
      expect(said).not.toContain(SECRET);
      resolve({ code: child.exitCode ?? -1, said });
    });
  });
}

test("the webhook is set, shown and deleted by hand", async () => {
  const store = await openOrFail({ folder: join(dataFolder, "store"), now: () => new Date() });
  await store.close();
  const before = await run("info");
  expect(before).toMatchObject({ code: 0, said: expect.stringContaining("Chưa có webhook") });
  expect(before.said).toContain(fake.bot.account_name);
  expect(before.said).toMatch(/Tháng \d{4}-\d\d đã gửi: 0 trong 3000 tin\./);
  const set = await run("set-webhook");
  expect(set).toMatchObject({ code: 0, said: expect.stringContaining(ADDRESS) });
  expect(set.said).toContain("chưa gọi thử được");
  expect(fake.webhook()).toMatchObject({ url: ADDRESS, secret: SECRET });
  expect((await run("info")).said).toContain(`Zalo gửi tin về: ${ADDRESS}`);
  expect(await run("delete-webhook")).toMatchObject({ code: 0 });
  expect(fake.webhook()).toBeNull();
});

test.each<[string, string, Record<string, string>, string]>([
  ["no token", "info", { ZALO_BOT_TOKEN: "" }, "ZALO_BOT_TOKEN: chưa có"],
  ["a refused token", "info", { ZALO_BOT_TOKEN: "12:SaiSaiSaiSai" }, "ZALO_BOT_TOKEN: Zalo không"],
  ["a token of another form", "info", { ZALO_BOT_TOKEN: "abc" }, "ZALO_BOT_TOKEN phải có dạng"],
  ["no address", "set-webhook", { PUBLIC_URL: "" }, "PUBLIC_URL: chưa có"],
  ["no secret", "set-webhook", { ZALO_BOT_SECRET: "" }, "ZALO_BOT_SECRET: chưa có"],
  ["a short secret", "set-webhook", { ZALO_BOT_SECRET: "1234567" }, "ZALO_BOT_SECRET phải có"],
  ["nobody at the API", "info", { ZALO_BOT_API: "http://127.0.0.1:1" }, "Chưa kết nối được Zalo"],
  ["a word it does not know", "xem", {}, "Cách dùng:"],
])("%s is told in a sentence", async (_, command, environment, sentence) => {
  const { code, said } = await run(command, environment);
  expect(code).toBe(2);
  expect(said).toContain(sentence);
  expect(said).not.toMatch(/\n\s+at /);
  expect(fake.webhook()).toBeNull();
});

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeZaloOa, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { type MainProcess, startMain } from "./main-process.ts";
import { QUESTION, useSmallContent } from "./small-content.ts";
import { openOrFail } from "./store-open.ts";
import { toOa } from "./zalo-oa-bot.ts";

const ANSWER = "TIỀN TUỔI GIÀ";

const small = useSmallContent();
let dataFolder: string;
let fake: FakeZaloOa;
let started: MainProcess[];

beforeEach(async () => {
  dataFolder = await small.newDataFolder();
  fake = await startFakeZaloOa();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((main) => main.kill()));
  await fake.close();
  await rm(dataFolder, { recursive: true });
  const { appSecret, webhookKey, refreshToken } = fake.account;
  for (const secret of [appSecret, webhookKey, refreshToken, ...fake.refreshes, "access-fake"]) {
    if (started.some((main) => main.said().includes(secret))) {
      throw new Error("a secret was written out");
    }
  }
});

async function start(): Promise<MainProcess> {
  const { account } = fake;
  const main = await startMain({
    CONTENT_DIR: small.contentFolder(),
    DATA_DIR: dataFolder,
    ZALO_OA_APP_ID: account.appId,
    ZALO_OA_SECRET: account.appSecret,
    ZALO_OA_ID: account.oaId,
    ZALO_OA_WEBHOOK_KEY: account.webhookKey,
    ZALO_OA_REFRESH_TOKEN: account.refreshToken,
    ZALO_OA_API: fake.url,
    ZALO_OA_OAUTH: fake.url,
  });
  started.push(main);
  fake.webhook = `${main.url}zalo-oa`;
  return main;
}

const follow = () => ({
  oa_id: fake.account.oaId,
  event_name: "follow",
  follower: { id: "an" },
  timestamp: String(Date.now()),
});

test("somebody who follows is greeted, may subscribe, gets an answer, and is forgotten when they leave", async () => {
  const main = await start();
  fake.person("an", new Date());
  expect(await fake.deliver(follow())).toEqual([200]);
  await fake.until(() => fake.sent.length === 1);
  expect(await fake.says("an", QUESTION)).toEqual([200]);
  await fake.until(() => fake.sent.length === 2);
  expect(fake.sent[1]?.text).toContain(ANSWER);
  await fake.says("an", "đăng ký nhận thông báo");
  await fake.until(() => fake.sent.length === 3);
  await fake.says("an", "1");
  await fake.until(() => fake.sent.length === 4);
  expect(await main.stop()).toBe(0);
  const open = () => openOrFail({ folder: join(dataFolder, "store"), now: () => new Date() });
  const store = await open();
  expect(store.subscriptionOf(toOa("an"))).not.toBeNull();
  expect(store.lastContactOf(toOa("an"))).not.toBeNull();
  await store.close();
  const next = await start();
  expect(await fake.deliver({ ...follow(), event_name: "unfollow" })).toEqual([200]);
  expect(await next.stop()).toBe(0);
  const after = await open();
  expect(after.subscriptionOf(toOa("an"))).toBeNull();
  await after.close();
  expect(fake.refreshes).toHaveLength(1);
});

test("a question taken over before a kill is answered by the next run, once, and Zalo's retry is not answered again", async () => {
  const main = await start();
  fake.fault("cs", { type: "hold", until: new Promise(() => undefined) });
  fake.person("an", new Date());
  const message = { msg_id: "tin-dau", text: QUESTION };
  const event = fake.event("user_send_text", "an", { message });
  expect(await fake.deliver(event)).toEqual([200]);
  await fake.until(() => fake.calls.some(({ path }) => path === "cs"));
  await main.kill();
  const next = await start();
  await fake.until(() => fake.sent.length > 0);
  expect(fake.sent[0]?.text).toContain(ANSWER);
  expect(await fake.deliver(event)).toEqual([200]);
  expect(await next.stop()).toBe(0);
  expect(fake.sent).toHaveLength(1);
  expect(fake.refreshes).toHaveLength(1);
});

test("at the webhook the console's probe is taken, a forged event gets an empty 401, and too much a 413", async () => {
  const main = await start();
  const post = (body: string) => fetch(`${main.url}zalo-oa`, { method: "POST", body });
  const probe = await post("{}");
  expect([probe.status, await probe.text()]).toEqual([200, ""]);
  const forged = await post(JSON.stringify(fake.event("user_send_text", "an")));
  expect([forged.status, await forged.text()]).toEqual([401, ""]);
  expect((await post("a".repeat(70_000))).status).toBe(413);
  expect((await post("a".repeat(2_000_000))).status).toBe(413);
});

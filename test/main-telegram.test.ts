import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeTelegram, startFakeTelegram } from "./fake-telegram.ts";
import { askPage, type MainProcess, startMain } from "./main-process.ts";
import { QUESTION, useSmallContent } from "./small-content.ts";
import { openOrFail } from "./store-open.ts";

const ANSWER = "Tiền tuổi già";
const PUBLIC_URL = "https://an-sinh.invalid";
const AN = 1001;

const small = useSmallContent();
let dataFolder: string;
let fake: FakeTelegram;
let started: MainProcess[];

beforeEach(async () => {
  dataFolder = await small.newDataFolder();
  fake = await startFakeTelegram();
  fake.chat(AN);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((main) => main.kill()));
  await fake.close();
  await rm(dataFolder, { recursive: true });
  const [, secretPart = ""] = fake.token.split(":");
  if (started.some((main) => main.said().includes(secretPart))) {
    throw new Error("the token was written out");
  }
});

async function start(environment: Record<string, string> = {}): Promise<MainProcess> {
  const main = await startMain({
    CONTENT_DIR: small.contentFolder(),
    DATA_DIR: dataFolder,
    TELEGRAM_TOKEN: fake.token,
    TELEGRAM_API: fake.apiRoot,
    ...environment,
  });
  started.push(main);
  return main;
}

/** Ready to take updates at the webhook. */
async function startWithWebhook(): Promise<MainProcess> {
  const before = fake.calls.length;
  const main = await start({ PUBLIC_URL });
  await fake.until(() => fake.calls.slice(before).some(({ method }) => method === "setMyCommands"));
  return main;
}

let updateId = 5_000;

function post({ url }: MainProcess, secret: string, text = QUESTION): Promise<Response> {
  updateId += 1;
  const chat = { id: AN, type: "private" };
  const message = { message_id: updateId, date: 1_790_000_000, chat, from: { id: AN }, text };
  return fetch(`${url}telegram`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
    body: JSON.stringify({ update_id: updateId, message }),
  });
}

const secretNow = () => fake.webhook()?.secret ?? "";
const isReplyUnderWay = () => fake.calls.some(({ method }) => method === "sendMessage");

test("a question is answered over long polling", async () => {
  await start();
  fake.says(AN, QUESTION);
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]).toMatchObject({ chat: AN, text: expect.stringContaining(ANSWER) });
});

test("at the webhook only who knows the secret is heard; others get an empty 401", async () => {
  const main = await startWithWebhook();
  expect(fake.webhook()?.url).toBe(`${PUBLIC_URL}/telegram`);
  for (const wrong of ["", "sai", `${secretNow()}x`]) {
    const refused = await post(main, wrong);
    expect([refused.status, await refused.text()]).toEqual([401, ""]);
  }
  const taken = await post(main, secretNow());
  expect([taken.status, await taken.text()]).toEqual([200, ""]);
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]?.text).toContain(ANSWER);
});

test("a token that Telegram does not know is told in a sentence, and the page answers all the same", async () => {
  const wrong = fake.token.replace("AA", "BB");
  const main = await start({ TELEGRAM_TOKEN: wrong });
  await fake.until(() => main.said().includes("TELEGRAM_TOKEN"));
  expect(main.said()).toContain("TELEGRAM_TOKEN: Telegram không nhận mã này.");
  expect(main.said()).not.toContain(wrong.split(":")[1]);
  expect(await askPage(main.url, QUESTION)).toContain(ANSWER);
});

test("a group that becomes a supergroup stays subscribed under its new address", async () => {
  const main = await start();
  const [group, supergroup] = [-1, -100];
  fake.chat(group, "group");
  const from = { id: AN, is_bot: false };
  const message = { message_id: 1, date: 1, chat: { id: group, type: "group" } };
  fake.push({ callback_query: { id: "1", from, data: "u:all", message } });
  await fake.until(() => fake.sent.length === 1);
  fake.groupMessage(group, { from, migrate_to_chat_id: supergroup });
  await fake.until(() => fake.waiting() === 0);
  expect(await main.stop()).toBe(0);
  const store = await openOrFail({ folder: join(dataFolder, "store"), now: () => new Date() });
  const subscriptionOf = (chat: number) =>
    store.subscriptionOf({ channel: "telegram", person: String(chat) });
  expect(subscriptionOf(group)).toBeNull();
  expect(subscriptionOf(supergroup)?.topics).toEqual([{ type: "all" }]);
  await store.close();
});

test("a stop lets the reply under way reach the person, and the next run does not repeat it", async () => {
  const main = await startWithWebhook();
  let letThrough: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  fake.fault("sendMessage", { type: "hold", until });
  expect((await post(main, secretNow())).status).toBe(200);
  await fake.until(isReplyUnderWay);
  const stopped = main.stop();
  letThrough();
  expect(await stopped).toBe(0);
  expect(fake.sent).toHaveLength(1);
  const next = await startWithWebhook();
  expect(await next.stop()).toBe(0);
  expect(fake.sent).toHaveLength(1);
});

test("a question taken over before a kill is answered by the next run, once", async () => {
  const main = await startWithWebhook();
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => undefined) });
  expect((await post(main, secretNow())).status).toBe(200);
  await fake.until(isReplyUnderWay);
  await main.kill();
  const next = await startWithWebhook();
  await fake.until(() => fake.sent.length > 0);
  expect(fake.sent[0]?.text).toContain(ANSWER);
  expect(await next.stop()).toBe(0);
  const last = await startWithWebhook();
  expect(await last.stop()).toBe(0);
  expect(fake.sent).toHaveLength(1);
});

test("a question that comes while the bot still introduces itself survives a kill, too", async () => {
  let introduce: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    introduce = resolve;
  });
  fake.fault("setMyCommands", { type: "hold", until });
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => undefined) });
  const main = await startWithWebhook();
  expect((await post(main, secretNow())).status).toBe(200);
  await fake.until(isReplyUnderWay);
  introduce();
  // By the time somebody else is answered, what waits at the start has been looked at.
  await fake.until(() => main.said().includes("telegram.started"));
  expect(await askPage(main.url, QUESTION)).toContain(ANSWER);
  await main.kill();
  await startWithWebhook();
  await fake.until(() => fake.sent.length > 0);
  expect(fake.sent[0]?.text).toContain(ANSWER);
});

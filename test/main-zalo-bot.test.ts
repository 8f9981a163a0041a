import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { askPage, type MainProcess, startMain } from "./main-process.ts";
import { QUESTION, useSmallContent } from "./small-content.ts";
import { openOrFail } from "./store-open.ts";

const ANSWER = "TIỀN TUỔI GIÀ";
const PUBLIC_URL = "https://an-sinh.example.org";
const SECRET = "bi-mat-cua-ta";
const AN = "5f3c9a1b2d4e6f708192";

const small = useSmallContent();
let dataFolder: string;
let fake: FakeZaloBot;
let started: MainProcess[];

beforeEach(async () => {
  dataFolder = await small.newDataFolder();
  fake = await startFakeZaloBot();
  fake.chat(AN);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((main) => main.kill()));
  await fake.close();
  await rm(dataFolder, { recursive: true });
  const [, secretPart = ""] = fake.token.split(":");
  for (const hidden of [secretPart, SECRET, AN]) {
    if (started.some((main) => main.said().includes(hidden))) {
      throw new Error("the token, the secret or a person was written out");
    }
  }
});

async function start(environment: Record<string, string> = {}): Promise<MainProcess> {
  const main = await startMain({
    CONTENT_DIR: small.contentFolder(),
    DATA_DIR: dataFolder,
    ZALO_BOT_TOKEN: fake.token,
    ZALO_BOT_API: fake.apiRoot,
    ...environment,
  });
  started.push(main);
  return main;
}

const startWithWebhook = () => start({ PUBLIC_URL, ZALO_BOT_SECRET: SECRET });

function post({ url }: MainProcess, body: string, secret: string = SECRET): Promise<Response> {
  return fetch(`${url}zalo-bot`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-bot-api-secret-token": secret },
    body,
  });
}

const question = (id: string) =>
  JSON.stringify({
    ok: true,
    result: {
      event_name: "message.text.received",
      message: {
        message_id: id,
        from: { id: AN, display_name: "Người dân", is_bot: false },
        chat: { id: AN, chat_type: "PRIVATE" },
        date: 1_790_000_000_000,
        text: QUESTION,
      },
    },
  });
const isReplyUnderWay = () => fake.calls.some(({ method }) => method === "sendMessage");

test("without a public address a question is answered over long polling", async () => {
  await start();
  await fake.until(() => fake.isPolled());
  await fake.says(AN, QUESTION);
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]).toMatchObject({ chat: AN, text: expect.stringContaining(ANSWER) });
});

test("at the webhook only who knows the secret is heard; what is too big or broken is refused", async () => {
  const main = await startWithWebhook();
  for (const wrong of ["", "sai", `${SECRET}x`]) {
    const refused = await post(main, question("m1"), wrong);
    expect([refused.status, await refused.text()]).toEqual([401, ""]);
  }
  expect((await post(main, `{"x":"${"a".repeat(65 * 1024)}"}`)).status).toBe(413);
  expect((await post(main, question("m1").slice(0, -3))).status).toBe(400);
  const taken = await post(main, question("m1"));
  expect([taken.status, await taken.text()]).toEqual([200, ""]);
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]?.text).toContain(ANSWER);
  expect(fake.calls.map(({ method }) => method)).not.toContain("setWebhook");
  // It was set by nobody yet, and staff are told how.
  await main.untilSaid("npm run zalo -- set-webhook");
});

test("without a secret the webhook answers nobody", async () => {
  const main = await start({ PUBLIC_URL });
  await main.untilSaid("ZALO_BOT_SECRET: chưa có");
  for (const secret of ["", "null", SECRET]) {
    expect((await post(main, question("m1"), secret)).status).toBe(401);
  }
  expect(fake.sent).toEqual([]);
});

test("a token that Zalo does not know is told in a sentence, and the page answers all the same", async () => {
  const main = await start({ ZALO_BOT_TOKEN: "4012345678901234567:KhacKhacKhacKhac" });
  await fake.until(() => main.said().includes("ZALO_BOT_TOKEN"));
  expect(main.said()).toContain("ZALO_BOT_TOKEN: Zalo không nhận mã này.");
  expect(main.said()).not.toContain("KhacKhac");
  expect(await askPage(main.url, QUESTION)).toContain("Tiền tuổi già");
});

test("a question taken over before a kill is answered by the next run, once, even when it comes again", async () => {
  const main = await startWithWebhook();
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => undefined) });
  expect((await post(main, question("m1"))).status).toBe(200);
  await fake.until(isReplyUnderWay);
  await main.kill();
  const next = await startWithWebhook();
  await fake.until(() => fake.sent.length > 0);
  expect(fake.sent[0]?.text).toContain(ANSWER);
  expect((await post(next, question("m1"))).status).toBe(200);
  expect(await next.stop()).toBe(0);
  const last = await startWithWebhook();
  expect((await post(last, question("m1"))).status).toBe(200);
  expect(await last.stop()).toBe(0);
  expect(fake.sent).toHaveLength(1);
  const store = await openOrFail({ folder: join(dataFolder, "store"), now: () => new Date() });
  expect(store.pending()).toEqual([]);
  const month = new Date(Date.now() + 7 * 60 * 60 * 1000).toISOString().slice(0, 7);
  expect(store.sendsIn("zalo-bot", month)).toBe(1);
  await store.close();
});

import { afterEach, beforeEach, expect, test } from "vitest";
import fc from "fast-check";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type FakeTelegram, startFakeTelegram } from "./fake-telegram.ts";
import { createBot, SECRET } from "./telegram-bot.ts";

let fake: FakeTelegram;
let server: Server;
let url: string;
let bot: ReturnType<typeof createBot>;

/** The channel behind a server as small as can be. */
beforeEach(async () => {
  fake = await startFakeTelegram();
  server = createServer((request, response) => {
    const header = request.headers["x-telegram-bot-api-secret-token"];
    void bot.channel
      .webhookHandler({ secretHeader: String(header ?? ""), body: () => text(request) })
      .then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`;
  bot = createBot(fake, undefined, { webhook: { url, secret: SECRET } });
});

afterEach(async () => {
  void bot.channel.stop();
  await fake.close();
  server.close();
});

const handle = (body: string, secretHeader: string | null | undefined = SECRET) =>
  bot.channel.webhookHandler({ secretHeader, body: () => Promise.resolve(body) });
const message = (id: number, words: unknown, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    update_id: id,
    message: { message_id: id, date: 1, chat: { id: 1, type: "private" }, text: words, ...more },
  });

test("a question sent to the webhook gets its answer", async () => {
  await bot.channel.start();
  expect(fake.webhook()).toMatchObject({
    url,
    secret: SECRET,
    allowedUpdates: ["message", "callback_query", "my_chat_member"],
  });
  fake.says(1, "tiền ma chay");
  await fake.until(() => fake.sent.length === 1 && fake.waiting() === 0);
  expect(fake.sent[0]?.text).toBe("nghe: tiền ma chay");
});

test("an update that Telegram sends again is answered once", async () => {
  fake.mischief.copies = 3;
  await bot.channel.start();
  fake.says(1, "một");
  fake.says(2, "hai");
  await fake.until(() => fake.waiting() === 0);
  await bot.channel.stop();
  expect(fake.sent.map((sent) => sent.text).toSorted()).toEqual(["nghe: hai", "nghe: một"]);
});

test("updates out of order are each answered", async () => {
  await bot.channel.start();
  for (const id of [900, 20, 500]) expect(await handle(message(id, `câu ${id}`))).toBe(200);
  await fake.until(() => bot.results.length === 3);
  expect(bot.heard.map((incoming) => incoming.id)).toEqual(["900", "20", "500"]);
});

test("a wrong or missing secret is refused before the body is read", async () => {
  await bot.channel.start();
  const body = () => Promise.reject(new Error("must not be read"));
  for (const secretHeader of [undefined, null, "", "sai", `${SECRET}x`, SECRET.toUpperCase()]) {
    expect(await bot.channel.webhookHandler({ secretHeader, body })).toBe(401);
  }
  const polling = createBot(fake);
  expect(await polling.channel.webhookHandler({ secretHeader: "", body })).toBe(401);
  const open = createBot(fake, undefined, { webhook: { url, secret: "" } });
  expect(await open.channel.webhookHandler({ secretHeader: "", body })).toBe(401);
});

test("until the bot knows its own name an update is asked for again, unless it was told", async () => {
  expect(await handle(message(1, "sớm"))).toBe(503);
  const told = createBot(fake, undefined, { webhook: { url, secret: SECRET }, botInfo: fake.bot });
  const body = () => Promise.resolve(message(1, "sớm"));
  expect(await told.channel.webhookHandler({ secretHeader: SECRET, body })).toBe(200);
});

test("while stopping an update is left with Telegram", async () => {
  await bot.channel.start();
  await bot.channel.stop();
  expect(await handle(message(1, "muộn"))).toBe(503);
  expect(bot.heard).toEqual([]);
});

test.each([
  ["", 400],
  ["không phải JSON", 400],
  ["null", 400],
  ["[]", 400],
  ['{"message":{}}', 400],
  ['{"update_id":"1"}', 400],
  ['{"update_id":1e300}', 400],
  // What we shall never understand must not come back for a day.
  ['{"update_id":1}', 200],
  ['{"update_id":2,"message":null}', 200],
  ['{"update_id":3,"message":{"text":5}}', 200],
  ['{"update_id":4,"callback_query":{"id":1}}', 200],
  [message(6, "trước cả lúc bắt đầu", { date: -1e300 }), 200],
  [message(7, "lúc nào đó", { date: "hôm qua" }), 200],
  [message(8, "không ở đâu cả", { chat: null }), 200],
  [message(5, "", { entities: [{ type: "mention", offset: 9e15, length: -4 }] }), 200],
])("the body %s is answered with %i and does no harm", async (body, status) => {
  await bot.channel.start();
  expect(await handle(body)).toBe(status);
});

test("an update dated in the future counts as written now", async () => {
  await bot.channel.start();
  for (const [id, date] of [4_102_444_800, 1e300].entries()) {
    expect(await handle(message(id, "năm sau", { date }))).toBe(200);
    expect(bot.heard[id]?.at.getTime()).toBeLessThanOrEqual(Date.now());
    expect(bot.heard[id]?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
  }
});

test("a message that is far too long is cut to what Telegram allows", async () => {
  await bot.channel.start();
  expect(await handle(message(1, "a".repeat(900_000)))).toBe(200);
  const content = bot.heard[0]?.content;
  expect(content?.type === "text" && content.text.length).toBe(4096);
});

test("a body that breaks off is refused", async () => {
  await bot.channel.start();
  const body = () => Promise.reject(new Error("aborted"));
  expect(await bot.channel.webhookHandler({ secretHeader: SECRET, body })).toBe(400);
});

test("no body that can be made up brings the channel down", async () => {
  await bot.channel.start();
  let id = 0;
  const odd = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  await fc.assert(
    fc.asyncProperty(odd, odd, odd, odd, async (text_, entities, chat, data) => {
      id += 1;
      const update = {
        update_id: id,
        message: {
          message_id: 1,
          date: 1,
          chat: chat ?? { id: 1, type: "group" },
          text: text_,
          entities,
        },
        callback_query: { id: "1", from: { id: 1 }, data },
        my_chat_member: chat,
      };
      expect(await handle(JSON.stringify(update))).toBe(200);
    }),
    { numRuns: 300 },
  );
  expect(bot.logged.join()).not.toContain("telegram.failed");
});

test("an address that Telegram does not accept for the webhook is named by its setting", async () => {
  const wrong = createBot(fake, undefined, {
    webhook: { url: "http://example.org/hook", secret: SECRET },
  });
  await expect(wrong.channel.start()).rejects.toThrow(/^PUBLIC_URL: .*HTTPS URL/);
});

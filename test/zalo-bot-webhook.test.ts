import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDurable } from "../src/durable.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { replyOf } from "./telegram-bot.ts";
import { createZaloBot, ZALO_PHRASES, ZALO_SECRET } from "./zalo-bot.ts";

let fake: FakeZaloBot;
let server: Server;
let url: string;
let bot: ReturnType<typeof createZaloBot>;

const AN = "5f3c9a1b2d4e6f708192";

/** The channel behind a server as small as can be. */
beforeEach(async () => {
  fake = await startFakeZaloBot();
  fake.allowsLoopback = true;
  server = createServer((request, response) => {
    const header = request.headers["x-bot-api-secret-token"];
    void bot.channel
      .webhookHandler({ secretHeader: String(header ?? ""), body: () => text(request) })
      .then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/zalo-bot`;
  bot = createZaloBot(fake, undefined, { webhook: { url, secret: ZALO_SECRET } });
});

afterEach(async () => {
  void bot.channel.stop();
  await fake.close();
  server.close();
});

async function setWebhook(address = url) {
  const answer = await fetch(`${fake.apiRoot}/bot${fake.token}/setWebhook`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url: address, secret_token: ZALO_SECRET }),
  });
  return answer.text();
}

const handle = (body: string, secretHeader: string | null | undefined = ZALO_SECRET) =>
  bot.channel.webhookHandler({ secretHeader, body: () => Promise.resolve(body) });
const message = (id: unknown, words: unknown, more: Record<string, unknown> = {}) => ({
  event_name: "message.text.received",
  message: {
    message_id: id,
    from: { id: AN, is_bot: false },
    chat: { id: AN, chat_type: "PRIVATE" },
    date: 1_790_000_000_000,
    text: words,
    ...more,
  },
});
const sentTexts = () => fake.sent.map((sent) => sent.text);

test("the check of the address when the webhook is set does no harm", async () => {
  expect(await setWebhook()).toContain('"status_code":200');
  expect(bot.heard).toEqual([]);
});

test.each(["wrapped", "bare"] as const)(
  "a question in a %s body gets its answer",
  async (shape) => {
    await setWebhook();
    await bot.channel.start();
    fake.mischief.shape = shape;
    const id = await fake.says(AN, "tiền ma chay");
    await fake.until(() => fake.sent.length === 1);
    expect(fake.sent[0]).toMatchObject({ chat: AN, text: "nghe: tiền ma chay" });
    expect(bot.heard[0]).toMatchObject({ id, from: { channel: "zalo-bot", person: AN } });
    expect(fake.delivered).toEqual([200]);
    expect(fake.calls.some(({ method }) => method === "getUpdates")).toBe(false);
  },
);

test.each(["photo", "photo_url"] as const)("a picture told as %s is seen", async (photo) => {
  await setWebhook();
  fake.mischief.photo = photo;
  await fake.sendsPhoto(AN);
  await fake.until(() => fake.sent.length === 1);
  expect(sentTexts()).toEqual([ZALO_PHRASES.picture]);
});

test("an event that comes again is answered once, words or not", async () => {
  await setWebhook();
  fake.mischief.copies = 3;
  await fake.says(AN, "một");
  await fake.sendsPhoto(AN);
  await fake.until(() => fake.sent.length === 2);
  await bot.channel.stop();
  expect(sentTexts()).toEqual(["nghe: một", ZALO_PHRASES.picture]);
  expect(fake.delivered).toEqual([200, 200, 200, 200, 200, 200]);
});

test("events out of order are each answered", async () => {
  await setWebhook();
  const release = fake.holdBack();
  for (const words of ["một", "hai", "ba"]) await fake.says(AN, words);
  await release();
  await fake.until(() => fake.sent.length === 3);
  expect(sentTexts()).toEqual(["nghe: ba", "nghe: hai", "nghe: một"]);
});

test("a message is in the durable inbox before Zalo hears 200, and one kept by an earlier run is not taken again", async () => {
  const store = createMemoryStore(() => new Date());
  const durable = createDurable(
    () => Promise.resolve(replyOf("xong")),
    store,
    () => replyOf("đã làm"),
  );
  const run = () =>
    createZaloBot(fake, undefined, {
      webhook: { url, secret: ZALO_SECRET },
      receive: (incoming) => durable.receive(incoming),
      onAnswered: (incoming) => durable.left(incoming),
    });
  fake.chat(AN);
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => {}) });
  bot = run();
  expect(await handle(JSON.stringify(message("m1", "hỏi")))).toBe(200);
  expect(store.pending().map(({ id }) => id)).toEqual(["m1"]);
  // The run is killed here; the next one gets the same event again.
  bot = run();
  expect(await handle(JSON.stringify({ ok: true, result: message("m1", "hỏi") }))).toBe(200);
  expect(await handle(JSON.stringify(message("m2", "khác")))).toBe(200);
  await fake.until(() => fake.sent.length === 1);
  await fake.until(() => store.pending().length === 1);
  expect(store.pending().map(({ id }) => id)).toEqual(["m1"]);
});

test("a wrong or missing secret is refused before the body is read", async () => {
  const body = () => Promise.reject(new Error("must not be read"));
  for (const secretHeader of [undefined, null, "", "sai", `${ZALO_SECRET}x`, "BI-MAT-CUA-TA"]) {
    expect(await bot.channel.webhookHandler({ secretHeader, body })).toBe(401);
  }
  for (const webhook of [null, { url, secret: null }, { url, secret: "" }]) {
    const closed = createZaloBot(fake, undefined, { webhook });
    for (const secretHeader of ["", ZALO_SECRET, "null"]) {
      expect(await closed.channel.webhookHandler({ secretHeader, body })).toBe(401);
    }
  }
});

test("without a secret, or with the webhook elsewhere, staff are told what to do", async () => {
  const start = (webhook: { url: string; secret: string | null }) =>
    createZaloBot(fake, undefined, { webhook }).channel.start();
  await expect(start({ url, secret: null })).rejects.toThrow(/^ZALO_BOT_SECRET: .*set-webhook/);
  await expect(start({ url, secret: ZALO_SECRET })).rejects.toThrow(/^PUBLIC_URL: .*set-webhook/);
  await setWebhook();
  await start({ url, secret: ZALO_SECRET });
  await expect(start({ url: `${url}2`, secret: ZALO_SECRET })).rejects.toThrow(/^PUBLIC_URL: /);
});

test("while stopping an event is not taken", async () => {
  await bot.channel.stop();
  expect(await handle(JSON.stringify(message("m1", "muộn")))).toBe(503);
  expect(bot.heard).toEqual([]);
});

test.each<[string, number]>([
  ["", 400],
  ["không phải JSON", 400],
  ["null", 400],
  ["[]", 400],
  ["5", 400],
  ['"chữ"', 400],
  ["{}", 200],
  ['{"ok":true}', 200],
  ['{"ok":false,"error_code":408}', 200],
  ['{"ok":true,"result":null}', 200],
  ['{"event_name":"message.text.received"}', 200],
  ['{"event_name":5,"message":{}}', 200],
  [JSON.stringify(message(null, "không số")), 200],
  [JSON.stringify(message("", "không số")), 200],
  [JSON.stringify(message(1e300, "số lớn")), 200],
  [JSON.stringify(message("a b", "có khoảng trắng")), 200],
  [JSON.stringify(message("x".repeat(300), "dài")), 200],
  [JSON.stringify(message("m1", "không nơi", { chat: null })), 200],
  [JSON.stringify(message("m1", "không ai", { from: null })), 200],
])("the body %s is answered with %i and heard as nothing", async (body, status) => {
  expect(await handle(body)).toBe(status);
  expect(bot.heard).toEqual([]);
});

test("odd fields beside the words do no harm", async () => {
  fake.chat(AN);
  const odd = { photo: 5, sticker: [], date: "hôm qua", caption: {}, voice_url: true };
  expect(await handle(JSON.stringify(message("m1", "hỏi", odd)))).toBe(200);
  await fake.until(() => fake.sent.length === 1);
  expect(sentTexts()).toEqual(["nghe: hỏi"]);
});

test("a message that is far too long is cut", async () => {
  expect(await handle(JSON.stringify(message("m1", "a".repeat(60_000))))).toBe(200);
  const content = bot.heard[0]?.content;
  expect(content?.type === "text" && content.text.length).toBe(4096);
});

test("a body that breaks off is refused", async () => {
  const body = () => Promise.reject(new Error("aborted"));
  expect(await bot.channel.webhookHandler({ secretHeader: ZALO_SECRET, body })).toBe(400);
});

test("no body that can be made up brings the channel down", async () => {
  bot = createZaloBot(fake, undefined, {
    webhook: { url, secret: ZALO_SECRET },
    rate: { burst: 1e6, perMinute: 1e6 },
  });
  const odd = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  const event = fc.record({
    event_name: fc.oneof(
      fc.constantFrom(
        "message.text.received",
        "message.image.received",
        "message.sticker.received",
        "message.voice.received",
        "message.unsupported.received",
        "message.link.received",
        "user.followed",
      ),
      odd,
    ),
    message: fc.oneof(
      fc.record({
        message_id: fc.oneof(fc.string({ minLength: 1 }), odd),
        from: fc.oneof(fc.record({ id: fc.string(), is_bot: odd }), odd),
        chat: fc.oneof(
          fc.record({
            id: fc.oneof(fc.constant(AN), odd),
            chat_type: fc.oneof(fc.constantFrom("PRIVATE", "GROUP"), odd),
          }),
          odd,
        ),
        date: odd,
        text: odd,
        caption: odd,
        photo: odd,
        photo_url: odd,
      }),
      odd,
    ),
  });
  const question = fc
    .record({ message_id: fc.uuid(), text: fc.string({ minLength: 1 }) })
    .map((said) => ({
      event_name: "message.text.received",
      message: {
        ...said,
        date: Date.now(),
        from: { id: AN, is_bot: false },
        chat: { id: AN, chat_type: "PRIVATE" },
      },
    }));
  const whole = fc
    .tuple(fc.oneof(question, event), fc.constantFrom("wrapped", "bare"))
    .map(([one, shape]) => JSON.stringify(shape === "bare" ? one : { ok: true, result: one }));
  /** A whole body with a piece of it gone or doubled. */
  const mutated = fc
    .tuple(whole, fc.nat(), fc.nat(20), fc.boolean())
    .map(([body, at, length, doubled]) => {
      const start = at % (body.length + 1);
      const piece = body.slice(start, start + length);
      return body.slice(0, start) + (doubled ? piece + piece : "") + body.slice(start + length);
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(whole, mutated, fc.string()), async (body) => {
      expect([200, 400]).toContain(await handle(body));
    }),
    { numRuns: 500 },
  );
  expect(bot.logged.join()).not.toMatch(/zalo-bot\.failed|answer-failed/);
  // Some of them were questions.
  expect(bot.heard.length).toBeGreaterThan(0);
});

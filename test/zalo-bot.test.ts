import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { replyOf } from "./telegram-bot.ts";
import { createZaloBot, ZALO_PHRASES } from "./zalo-bot.ts";

let fake: FakeZaloBot;
const bots: ReturnType<typeof createZaloBot>[] = [];

const AN = "5f3c9a1b2d4e6f708192";
const BINH = "6a7b8c9d0e1f2a3b4c5d";

beforeEach(async () => {
  fake = await startFakeZaloBot();
});

afterEach(async () => {
  const [, secretPart = ""] = fake.token.split(":");
  for (const bot of bots.splice(0)) {
    void bot.channel.stop();
    const logged = bot.logged.join();
    if (logged.includes(secretPart) || logged.includes(AN)) {
      throw new Error("the token or a person was written into the log");
    }
  }
  await fake.close();
});

async function startBot(
  answer?: Parameters<typeof createZaloBot>[1],
  more?: Parameters<typeof createZaloBot>[2],
) {
  const bot = createZaloBot(fake, answer, more);
  bots.push(bot);
  await bot.channel.start();
  return bot;
}

/** Writes as soon as the bot listens: what comes before is lost. */
async function says(person: string, text: string, more: Record<string, unknown> = {}) {
  await fake.until(() => fake.isPolled());
  return fake.says(person, text, more);
}

async function pushes(event: string, message: Record<string, unknown>) {
  await fake.until(() => fake.isPolled());
  return fake.push(event, message);
}

const PRIVATE = { from: { id: AN, is_bot: false }, chat: { id: AN, chat_type: "PRIVATE" } };
const sentTo = (chat: string) =>
  fake.sent.filter((message) => message.chat === chat).map(({ text }) => text);
const callsOf = (method: string) => fake.calls.filter((call) => call.method === method);

test("a question over long polling gets its answer, with numbered choices and all by POST and JSON", async () => {
  const two = [
    { label: "Danh mục", action: { do: "menu" as const } },
    { label: "Hỏi người", action: { do: "human" as const } },
  ];
  const bot = await startBot(() => Promise.resolve(replyOf("chọn đi", two)));
  const id = await says(AN, "tiền ma chay <b>& bao nhiêu");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(AN)).toEqual(["chọn đi\n\n1. Danh mục\n2. Hỏi người"]);
  expect(bot.heard).toMatchObject([
    {
      id,
      from: { channel: "zalo-bot", person: AN },
      content: { type: "text", text: "tiền ma chay <b>& bao nhiêu" },
    },
  ]);
  await fake.until(() => bot.answered.length === 1);
  expect(bot.answered).toEqual([id]);
  for (const { verb, contentType } of fake.calls) {
    expect([verb, contentType]).toEqual(["POST", "application/json"]);
  }
});

test("starting sets no webhook and deletes none", async () => {
  await startBot();
  await says(AN, "chào");
  await fake.until(() => fake.sent.length === 1);
  expect(callsOf("setWebhook")).toEqual([]);
  expect(callsOf("deleteWebhook")).toEqual([]);
});

test("when nobody writes it asks again at once, without a pause or a line in the log", async () => {
  const bot = await startBot(undefined, { pollSeconds: 0.03 });
  await fake.until(() => callsOf("getUpdates").length >= 5);
  expect(bot.waits.asked()).toEqual([]);
  expect(bot.logged.join()).not.toContain("poll-failed");
  expect(callsOf("getUpdates")[0]?.params).toEqual({ timeout: "0.03" });
});

test("an answer that says all is well and holds nothing is nobody writing", async () => {
  for (const result of [undefined, null, {}, [], ""]) {
    fake.fault("getUpdates", { type: "json", status: 200, body: { ok: true, result } });
  }
  const bot = await startBot();
  await bot.waits.pass(1000);
  await says(AN, "chào");
  await fake.until(() => fake.sent.length === 1);
  expect(bot.heard).toHaveLength(1);
  expect(bot.logged.join()).not.toMatch(/malformed|poll-failed/);
});

test("polling goes on after every kind of failure, each time after a longer pause", async () => {
  fake.fault("getUpdates", { type: "html", status: 429 });
  fake.fault("getUpdates", { type: "refuse", code: 403, description: "Internal server error" });
  fake.fault("getUpdates", { type: "cut-before-reading" });
  fake.fault("getUpdates", { type: "half-answer" });
  fake.fault("getUpdates", { type: "html", status: 502 });
  const bot = await startBot(undefined, { pollSeconds: 0.05 });
  for (const ms of [1000, 2000, 4000, 8000, 16_000]) await bot.waits.pass(ms);
  await says(AN, "chào");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(AN)).toEqual(["nghe: chào"]);
});

test("a slow answer holds up nobody else's", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  await startBot(async ({ content, from }) => {
    if (from.person === AN) await slow;
    return replyOf(content.type === "text" ? content.text : "");
  });
  await says(AN, "chậm");
  await says(BINH, "nhanh");
  await fake.until(() => sentTo(BINH).length === 1);
  finish();
  await fake.until(() => sentTo(AN).length === 1);
});

test("duplicates are answered once, and one person's messages in order", async () => {
  const bot = await startBot();
  fake.mischief.copies = 3;
  for (const text of ["một", "hai", "ba"]) await says(AN, text);
  await fake.until(() => fake.sent.length === 3);
  await bot.channel.stop();
  expect(sentTo(AN)).toEqual(["nghe: một", "nghe: hai", "nghe: ba"]);
});

test("dates are read in milliseconds, in seconds too, and never lie in the future", async () => {
  const bot = await startBot();
  const now = Date.now();
  const anHourAgo = now - 60 * 60 * 1000;
  await says(AN, "một", { date: anHourAgo });
  await says(AN, "hai", { date: Math.floor(anHourAgo / 1000) });
  await says(AN, "ba", { date: now + 1e9 });
  await says(AN, "bốn", { date: "hôm qua" });
  await fake.until(() => fake.sent.length === 4);
  const hoursAgo = bot.heard.map(({ at }) =>
    Math.abs(Math.round((now - at.getTime()) / 3_600_000)),
  );
  expect(hoursAgo).toEqual([1, 1, 0, 0]);
});

test.each([
  ["sticker", { sticker: "abc", url: "https://stickers.example.org/1" }, ZALO_PHRASES.sticker],
  ["voice", { voice_url: "https://voice.example.org/1.aac" }, ZALO_PHRASES.voice],
  ["image", { photo: "https://photo.example.org/1.jpg" }, ZALO_PHRASES.picture],
  ["image", { photo_url: "https://photo.example.org/1.jpg" }, ZALO_PHRASES.picture],
  ["unsupported", {}, ZALO_PHRASES.unsupported],
  ["hologram", {}, ZALO_PHRASES.other],
])("a %s message %j gets a kind sentence", async (kind, content, sentence) => {
  const bot = await startBot();
  await pushes(`message.${kind}.received`, { ...PRIVATE, ...content });
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(AN)).toEqual([sentence]);
  expect(bot.heard).toEqual([]);
});

test("the words under a picture are read", async () => {
  await startBot();
  await fake.until(() => fake.isPolled());
  await fake.sendsPhoto(AN, { caption: "giấy này nộp ở đâu" });
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(AN)).toEqual(["nghe: giấy này nộp ở đâu"]);
});

test("the bot hears neither itself nor other bots, nor what is no message", async () => {
  const bot = await startBot();
  const text = "message.text.received";
  await pushes(text, { ...PRIVATE, from: { id: AN, is_bot: true }, text: "bot" });
  await pushes(text, { ...PRIVATE, from: { id: fake.bot.id }, text: "chính nó" });
  await pushes(text, { from: { id: AN }, chat: { id: "cc", chat_type: "CHANNEL" }, text: "kênh" });
  await pushes("user.followed", PRIVATE);
  await says(AN, "người");
  await fake.until(() => fake.sent.length === 1);
  expect(bot.heard.map(({ content }) => content)).toEqual([{ type: "text", text: "người" }]);
});

test("in a group the answer goes to the group, without our name before the question", async () => {
  const bot = await startBot();
  const group = "zgr-81c2";
  await pushes("message.text.received", {
    from: { id: AN, is_bot: false },
    chat: { id: group, chat_type: "GROUP" },
    text: `@${fake.bot.account_name} tiền ma chay`,
  });
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(group)).toEqual(["nghe: tiền ma chay"]);
  expect(bot.heard[0]?.from.person).toBe(group);
});

test("a long answer comes in parts of at most 1,900 characters, none lost", async () => {
  const long = Array.from({ length: 120 }, (_, index) => `đoạn ${index} ${"a".repeat(60)}`);
  await startBot(() => Promise.resolve(replyOf(long.join("\n\n"))));
  await says(AN, "dài");
  await fake.until(() => sentTo(AN).join("").includes("đoạn 119"));
  expect(sentTo(AN).every((text) => text.length <= 1900)).toBe(true);
  expect(sentTo(AN).join("\n\n")).toBe(long.join("\n\n"));
});

test("“typing” is shown while an answer takes long", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const bot = await startBot(async () => {
    await slow;
    return replyOf("xong");
  });
  await says(AN, "câu khó");
  await bot.waits.pass(300);
  await fake.until(() => callsOf("sendChatAction").length === 1);
  await bot.waits.pass(4500);
  await fake.until(() => callsOf("sendChatAction").length === 2);
  finish();
  await fake.until(() => fake.sent.length === 1);
  expect(callsOf("sendChatAction")[0]?.params).toEqual({ chat_id: AN, action: "typing" });
});

test("somebody who writes very fast is told so once, and answered again after slowing down", async () => {
  let at = Date.now();
  await startBot(undefined, { rate: { burst: 2, perMinute: 60 }, now: () => new Date(at) });
  for (const text of ["1", "2", "3", "4"]) await says(AN, text);
  await says(BINH, "người khác");
  await fake.until(() => fake.sent.length === 4);
  at += 1000;
  await says(AN, "5");
  await fake.until(() => fake.sent.length === 5);
  expect(sentTo(AN)).toEqual(["nghe: 1", "nghe: 2", ZALO_PHRASES.tooFast, "nghe: 5"]);
});

test("a failing answer is apologised for, and the log holds no word of it", async () => {
  const bot = await startBot(() => Promise.reject(new Error("không tìm thấy bà Nguyễn Thị A")));
  await says(AN, "hỏi");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(AN)).toEqual([ZALO_PHRASES.failed]);
  expect(bot.logged.join()).toContain("zalo-bot.answer-failed");
  expect(bot.logged.join()).not.toContain("Nguyễn");
});

test("a token that Zalo rejects gives one sentence naming the setting", async () => {
  const token = "4012345678901234567:SaiSaiSaiSaiSaiSaiSai";
  const bot = createZaloBot(fake, undefined, { token });
  const error: unknown = await bot.channel.start().catch((cause: unknown) => cause);
  expect(String(error)).toMatch(/^Error: ZALO_BOT_TOKEN: [^\n]*\.$/);
  expect(JSON.stringify(error) + String(error) + bot.logged.join()).not.toContain("SaiSai");
});

test("a bot started before its network is there begins as soon as it is", async () => {
  fake.fault("getMe", { type: "cut-before-reading" });
  fake.fault("getMe", { type: "html", status: 502 });
  const bot = await startBot();
  await bot.waits.pass(1000);
  await bot.waits.pass(2000);
  await says(AN, "chào");
  await fake.until(() => fake.sent.length === 1);
});

test("whoever polls while a webhook is set is told what to do", async () => {
  const url = "https://an-sinh.example.org/zalo-bot";
  await fetch(`${fake.apiRoot}/bot${fake.token}/setWebhook`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ url, secret_token: "12345678" }),
  });
  const bot = createZaloBot(fake);
  bots.push(bot);
  await expect(bot.channel.start()).rejects.toThrow(/PUBLIC_URL.*npm run zalo -- delete-webhook/);
});

test("stopping lets an answer in flight finish, and takes nothing new", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const bot = await startBot(async () => {
    await slow;
    return replyOf("xong");
  });
  await says(AN, "một");
  await fake.until(() => bot.heard.length === 1);
  const stopped = bot.channel.stop();
  await fake.until(() => !fake.isPolled());
  finish();
  await stopped;
  expect(sentTo(AN)).toEqual(["xong"]);
});

test("stopping does not wait longer than ten seconds for an answer that hangs", async () => {
  const bot = await startBot(() => new Promise(() => {}));
  await says(AN, "một");
  await fake.until(() => bot.heard.length === 1);
  const stopped = bot.channel.stop();
  await bot.waits.pass(10_000);
  await stopped;
  expect(fake.sent).toEqual([]);
});

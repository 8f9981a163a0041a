import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeTelegram, startFakeTelegram } from "./fake-telegram.ts";
import { createBot, PHRASES, replyOf } from "./telegram-bot.ts";

let fake: FakeTelegram;
const bots: ReturnType<typeof createBot>[] = [];

beforeEach(async () => {
  fake = await startFakeTelegram();
});

afterEach(async () => {
  for (const bot of bots.splice(0)) void bot.channel.stop();
  await fake.close();
});

function startBot(
  ...[answer, more]: [Parameters<typeof createBot>[1]?, Parameters<typeof createBot>[2]?]
) {
  const bot = createBot(fake, answer, more);
  bots.push(bot);
  return bot;
}

const sentTo = (chat: number) =>
  fake.sent.filter((message) => message.chat === chat).map((message) => message.text);
const callsOf = (method: string) => fake.calls.filter((call) => call.method === method);

test("a question over long polling gets its answer with a button, and the commands are registered", async () => {
  const bot = startBot();
  await bot.channel.start();
  const id = fake.says(1, "tiền ma chay <b>& bao nhiêu");
  await fake.until(() => fake.sent.length === 1);
  expect(fake.sent[0]).toMatchObject({
    chat: 1,
    text: "nghe: tiền ma chay <b>& bao nhiêu",
    keyboard: [[{ text: "Danh mục", callback_data: "m" }]],
  });
  expect(bot.heard[0]).toMatchObject({
    id: String(id),
    from: { channel: "telegram", person: "1" },
  });
  expect(fake.commands()).toEqual([{ command: "danhmuc", description: "Xem danh mục" }]);
  await bot.channel.stop();
  expect(fake.waiting()).toBe(0);
  expect(bot.answered).toEqual([String(id)]);
});

test("a pressed button is answered as an action, and the button stops turning", async () => {
  const bot = startBot();
  await bot.channel.start();
  const { press } = fake.presses(2, "e:mai-tang:1");
  await fake.until(() => fake.sent.length === 1 && fake.pressAnswer(press) !== null);
  expect(bot.heard[0]?.content).toEqual({
    type: "action",
    action: { do: "entitlement", id: "mai-tang", facet: "benefit" },
  });
  expect(fake.pressAnswer(press)).toEqual({ text: undefined, alert: false });
});

test("a button that is none of ours says that it is no longer usable", async () => {
  const bot = startBot();
  await bot.channel.start();
  const { press } = fake.presses(2, "??");
  await fake.until(() => fake.pressAnswer(press) !== null);
  expect(fake.pressAnswer(press)).toEqual({ text: PHRASES.gone, alert: true });
  expect(bot.heard).toEqual([]);
});

test("a press too old to be confirmed still gets its answer", async () => {
  const bot = startBot();
  await bot.channel.start();
  const description = "Bad Request: query is too old and response timeout expired";
  fake.fault("answerCallbackQuery", { type: "refuse", code: 400, description });
  fake.presses(2, "m");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(2)).toEqual(["bấm: menu"]);
});

test("duplicates, and updates in disorder, are answered once and in order", async () => {
  fake.mischief.copies = 3;
  fake.mischief.reversed = true;
  for (const text of ["một", "hai", "ba"]) fake.says(3, text);
  const bot = startBot();
  await bot.channel.start();
  await fake.until(() => fake.sent.length === 3);
  await bot.channel.stop();
  expect(sentTo(3)).toEqual(["nghe: một", "nghe: hai", "nghe: ba"]);
});

test("what was written while the bot was down is answered", async () => {
  fake.says(4, "hỏi lúc đêm", { date: Math.floor(Date.now() / 1000) - 3 * 60 * 60 });
  const bot = startBot();
  await bot.channel.start();
  await fake.until(() => fake.sent.length === 1);
  const minutes = (Date.now() - (bot.heard[0]?.at.getTime() ?? 0)) / 60_000;
  expect(minutes).toBeGreaterThan(179);
});

test("a message dated in the future counts as written now", async () => {
  const bot = startBot();
  await bot.channel.start();
  fake.says(4, "năm 2100", { date: 4_102_444_800 });
  await fake.until(() => fake.sent.length === 1);
  expect(bot.heard[0]?.at.getTime()).toBeLessThanOrEqual(Date.now());
});

test("nothing is confirmed to Telegram before it is safe, and others are answered meanwhile", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const bot = startBot(async ({ content, from }) => {
    if (from.person === "5") await slow;
    return replyOf(content.type === "text" ? content.text : "");
  });
  await bot.channel.start();
  const first = fake.says(5, "chậm");
  await fake.until(() => callsOf("getUpdates").length >= 1 && bot.heard.length === 1);
  fake.says(6, "nhanh");
  await bot.waits.pass(250);
  await fake.until(() => sentTo(6).length === 1);
  const offsets = callsOf("getUpdates").map((call) => call.params["offset"]);
  expect(offsets.every((offset) => Number(offset) <= first)).toBe(true);
  finish();
  await fake.until(() => fake.waiting() === 0);
  await fake.until(() => sentTo(5).length === 1);
});

test("“typing” is shown while an answer takes long", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const bot = startBot(async () => {
    await slow;
    return replyOf("xong");
  });
  await bot.channel.start();
  fake.says(7, "câu khó");
  await bot.waits.pass(300);
  await fake.until(() => callsOf("sendChatAction").length === 1);
  await bot.waits.pass(4500);
  await fake.until(() => callsOf("sendChatAction").length === 2);
  finish();
  await fake.until(() => fake.sent.length === 1);
  expect(callsOf("sendChatAction")[0]?.params).toEqual({ chat_id: "7", action: "typing" });
});

test.each([
  ["sticker", { sticker: { file_id: "a" } }, PHRASES.sticker],
  ["voice", { voice: { file_id: "a" } }, PHRASES.voice],
  ["photo", { photo: [{ file_id: "a" }] }, PHRASES.picture],
  ["contact", { contact: { phone_number: "1" } }, PHRASES.contact],
  ["location", { location: { latitude: 1, longitude: 2 } }, PHRASES.location],
  ["poll", { poll: { id: "1" } }, PHRASES.other],
])("a %s gets a kind sentence", async (_, content, sentence) => {
  const bot = startBot();
  await bot.channel.start();
  fake.says(8, "", { text: undefined, ...content });
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(8)).toEqual([sentence]);
  expect(bot.heard).toEqual([]);
});

test("in a group only what is addressed to the bot is answered, under the message that asked", async () => {
  const bot = startBot();
  await bot.channel.start();
  const person = { id: 9, is_bot: false };
  const group = -100;
  const say = (text: string, more: Record<string, unknown> = {}) =>
    fake.groupMessage(group, { from: person, text, ...more });
  const name = `@${fake.bot.username}`;
  say("chuyện riêng");
  say("/danhmuc");
  say("/danhmuc@KhacBot", { entities: [{ type: "bot_command", offset: 0, length: 16 }] });
  fake.groupMessage(group, { from: person, new_chat_members: [person] });
  fake.groupMessage(group, { from: person, sticker: { file_id: "a" } });
  say(`${name} tiền ma chay`, { entities: [{ type: "mention", offset: 0, length: name.length }] });
  say(`/danhmuc${name}`, {
    entities: [{ type: "bot_command", offset: 0, length: 8 + name.length }],
  });
  say("còn hồ sơ", {
    reply_to_message: { message_id: 1, from: { id: fake.bot.id, is_bot: true } },
  });
  say("tôi là bot", {
    from: { id: 10, is_bot: true },
    reply_to_message: { message_id: 1, from: { id: fake.bot.id } },
  });
  await fake.until(() => fake.sent.length === 3);
  await bot.channel.stop();
  expect(sentTo(group)).toEqual(["nghe: tiền ma chay", "nghe: /danhmuc", "nghe: còn hồ sơ"]);
  expect(fake.sent.every((message) => message.replyTo !== undefined)).toBe(true);
  expect(bot.heard[0]?.from.person).toBe("-100");
});

test("edited messages and channel posts are left alone", async () => {
  const bot = startBot();
  await bot.channel.start();
  const message = { message_id: 1, date: 1, chat: { id: 11, type: "private" }, text: "sửa" };
  fake.push({ edited_message: message });
  fake.push({ channel_post: { ...message, chat: { id: -5, type: "channel" } } });
  fake.says(11, "mới");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(11)).toEqual(["nghe: mới"]);
});

test("somebody who blocks the bot, and a group that removes it, are unsubscribed", async () => {
  const bot = startBot();
  await bot.channel.start();
  const member = (id: number, type: string, status: string) =>
    fake.push({ my_chat_member: { chat: { id, type }, new_chat_member: { status } } });
  member(12, "private", "kicked");
  member(-13, "group", "left");
  member(14, "private", "member");
  fake.says(14, "chào");
  await fake.until(() => fake.sent.length === 1);
  expect(bot.blocked.map((from) => from.person)).toEqual(["12", "-13"]);
});

test("somebody who writes very fast is told so once, and answered again after slowing down", async () => {
  let at = 0;
  const bot = startBot(undefined, {
    rate: { burst: 2, perMinute: 60 },
    now: () => new Date(at),
  });
  await bot.channel.start();
  for (const text of ["1", "2", "3", "4", "5"]) fake.says(15, text);
  fake.says(16, "người khác");
  await fake.until(() => fake.sent.length === 4);
  at = 1000;
  fake.says(15, "6");
  await fake.until(() => fake.sent.length === 5);
  expect(sentTo(15)).toEqual(["nghe: 1", "nghe: 2", PHRASES.tooFast, "nghe: 6"]);
  expect(sentTo(16)).toEqual(["nghe: người khác"]);
});

test("a failing answer is apologised for, and the log holds no word of it", async () => {
  const bot = startBot(() => Promise.reject(new Error("không tìm thấy bà Nguyễn Thị A")));
  await bot.channel.start();
  fake.says(17, "hỏi");
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(17)).toEqual([PHRASES.failed]);
  expect(bot.logged.join()).toContain("telegram.answer-failed");
  expect(bot.logged.join()).not.toContain("Nguyễn");
});

test("a token that Telegram rejects gives one sentence naming the setting", async () => {
  for (const token of ["123456789:AAsai", "không-phải-mã"]) {
    const bot = startBot(undefined, { token });
    const error: unknown = await bot.channel.start().catch((cause: unknown) => cause);
    expect(String(error)).toMatch(/^Error: TELEGRAM_TOKEN: .*\.$/);
    expect(String(error)).not.toContain(token);
  }
});

test("a bot started before its network is there begins as soon as it is", async () => {
  const bot = startBot();
  fake.fault("getMe", { type: "cut-before-reading" });
  fake.fault("getMe", { type: "html", status: 502 });
  await bot.channel.start();
  fake.says(18, "chào");
  await bot.waits.pass(1000);
  await bot.waits.pass(2000);
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(18)).toEqual(["nghe: chào"]);
});

test("polling goes on after every kind of failure, and waits as long as Telegram asks", async () => {
  const bot = startBot();
  fake.fault("getUpdates", { type: "cut-before-reading" });
  fake.fault("getUpdates", { type: "half-answer" });
  fake.fault("getUpdates", { type: "html", status: 502 });
  fake.fault("getUpdates", {
    type: "refuse",
    code: 429,
    description: "Too Many Requests: retry after 9",
    retryAfter: 9,
  });
  fake.fault("getUpdates", {
    type: "refuse",
    code: 409,
    description: "Conflict: terminated by other getUpdates request",
  });
  await bot.channel.start();
  fake.says(19, "chào");
  for (const ms of [1000, 2000, 4000, 9000, 16_000]) await bot.waits.pass(ms);
  await fake.until(() => fake.sent.length === 1);
  expect(sentTo(19)).toEqual(["nghe: chào"]);
});

test("stopping lets an answer in flight finish, and takes nothing new", async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => (finish = resolve));
  const bot = startBot(async () => {
    await slow;
    return replyOf("xong");
  });
  await bot.channel.start();
  fake.says(20, "một");
  await fake.until(() => bot.heard.length === 1);
  const stopped = bot.channel.stop();
  fake.says(20, "hai");
  finish();
  await stopped;
  expect(sentTo(20)).toEqual(["xong"]);
  expect(bot.heard).toHaveLength(1);
  expect(fake.waiting()).toBe(1);
});

test("stopping does not wait longer than ten seconds for an answer that hangs", async () => {
  const bot = startBot(() => new Promise(() => {}));
  await bot.channel.start();
  fake.says(21, "một");
  await fake.until(() => bot.heard.length === 1);
  const stopped = bot.channel.stop();
  await bot.waits.pass(10_000);
  await stopped;
  expect(fake.sent).toEqual([]);
});

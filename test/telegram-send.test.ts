import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeTelegram, type Fault, startFakeTelegram, tooMany } from "./fake-telegram.ts";
import { createBot, PHRASES, replyOf } from "./telegram-bot.ts";

let fake: FakeTelegram;
let bot: ReturnType<typeof createBot>;

beforeEach(async () => {
  fake = await startFakeTelegram();
  bot = createBot(fake);
  await bot.channel.start();
});

afterEach(async () => {
  void bot.channel.stop();
  await fake.close();
});

const texts = () => fake.sent.map((message) => message.text);
const sends = () => fake.calls.filter((call) => call.method === "sendMessage").length;
const to = (person: number) => ({ channel: "telegram", person: String(person) });
const refusal = (code: number, description: string): Fault => ({
  type: "refuse",
  code,
  description,
});

test("a reply waits as long as Telegram asks and is sent once, while others get theirs", async () => {
  fake.fault("sendMessage", tooMany(2));
  fake.says(1, "một");
  await fake.until(() => bot.waits.asked().includes(2000));
  fake.says(2, "khác");
  await fake.until(() => texts().length === 1);
  expect(texts()).toEqual(["nghe: khác"]);
  await bot.waits.pass(2000);
  await fake.until(() => texts().length === 2);
  expect(sends()).toBe(3);
});

test("a reply is given up after three waits, and left for a restart", async () => {
  for (const seconds of [1, 2, 3, 4]) fake.fault("sendMessage", tooMany(seconds));
  fake.says(1, "một");
  for (const ms of [1000, 2000, 3000]) await bot.waits.pass(ms);
  await fake.until(() => bot.results.length === 1);
  expect(bot.results).toEqual(["retry-after"]);
  expect(bot.answered).toEqual([]);
  expect(sends()).toBe(4);
});

test("a reply is given up when Telegram asks for more than a minute in all", async () => {
  fake.fault("sendMessage", tooMany(40));
  fake.fault("sendMessage", tooMany(30));
  fake.says(1, "một");
  await bot.waits.pass(40_000);
  await fake.until(() => bot.results.length === 1);
  expect(bot.waits.asked()).not.toContain(30_000);
});

test.each<[string, Fault, number]>([
  ["before it was read", { type: "cut-before-reading" }, 0],
  ["after it was sent", { type: "cut-after-doing" }, 1],
  ["in the middle of the answer", { type: "half-answer" }, 1],
  ["by a proxy that answers 502", { type: "html", status: 502 }, 1],
])("a reply whose connection is lost %s is never sent again", async (_, fault, arrived) => {
  fake.fault("sendMessage", fault);
  fake.says(1, "một");
  await fake.until(() => bot.results.length === 1);
  fake.says(1, "hai");
  await fake.until(() => bot.results.length === 2);
  expect(bot.results).toEqual(["doubtful", "sent"]);
  expect(texts()).toHaveLength(arrived + 1);
});

test("a server that answers nothing is given up, and what was sent is doubtful", async () => {
  const slow = createBot(fake, undefined, { requestSeconds: 0.05, webhook: null });
  fake.chat(1);
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => {}) });
  expect(await slow.channel.send(to(1), replyOf("tin"))).toEqual({ status: "doubtful" });
});

test("an announcement tells what became of it, and nothing is retried", async () => {
  for (const id of [1, 2, 3, 4]) fake.chat(id);
  fake.setChat(2, "blocked");
  fake.setChat(3, "deactivated");
  const send = (person: number, text = "tin mới") => bot.channel.send(to(person), replyOf(text));
  expect(await send(1)).toEqual({ status: "sent" });
  expect(await send(2)).toEqual({ status: "refused", reason: "blocked" });
  expect(await send(3)).toEqual({ status: "refused", reason: "blocked" });
  expect(await send(99)).toEqual({ status: "refused", reason: "gone" });
  expect(bot.blocked).toEqual([to(2), to(3), to(99)]);
  fake.fault("sendMessage", tooMany(17));
  expect(await send(4)).toEqual({ status: "retry-after", seconds: 17 });
  fake.fault("sendMessage", { type: "cut-after-doing" });
  expect(await send(4)).toEqual({ status: "doubtful" });
  fake.fault("sendMessage", refusal(500, "Internal Server Error"));
  expect(await send(4)).toEqual({ status: "doubtful" });
  fake.fault("sendMessage", refusal(400, "Bad Request: not enough rights to send text messages"));
  expect(await send(4)).toEqual({ status: "refused", reason: "rejected" });
  fake.fault("sendMessage", refusal(401, "Unauthorized"));
  expect(await send(4)).toEqual({ status: "unreachable", why: "token" });
  // The server turns some 403 into 400.
  fake.fault("sendMessage", refusal(400, "Bad Request: bot was kicked from the group chat"));
  expect(await send(4)).toEqual({ status: "refused", reason: "blocked" });
  expect(bot.waits.asked()).toEqual([]);
});

test("an announcement is unreachable when no connection could be opened", async () => {
  const gone = await startFakeTelegram();
  await gone.close();
  const lost = createBot(fake, undefined, { apiRoot: gone.apiRoot });
  expect(await lost.channel.send(to(1), replyOf("tin"))).toEqual({
    status: "unreachable",
    why: "network",
  });
});

test("a long announcement that stops half-way is doubtful, and its later parts wait out a 429", async () => {
  fake.chat(1);
  const long = replyOf(Array.from({ length: 120 }, () => "đoạn ".repeat(15)).join("\n\n"));
  const first = bot.channel.send(to(1), long);
  await fake.until(() => sends() === 1);
  expect(await first).toEqual({ status: "sent" });
  const parts = texts().length;
  expect(parts).toBeGreaterThan(2);
  fake.fault("sendMessage", { type: "hold", until: Promise.resolve() });
  fake.fault("sendMessage", tooMany(5));
  fake.fault("sendMessage", refusal(400, "Bad Request: something"));
  const second = bot.channel.send(to(1), long);
  await bot.waits.pass(5000);
  expect(await second).toEqual({ status: "doubtful" });
  expect(texts()).toHaveLength(parts + 1);
});

test("rule 7: a reply that waits is sent before the next announcement", async () => {
  fake.chat(2);
  fake.fault("sendMessage", tooMany(2));
  fake.says(1, "hỏi");
  await fake.until(() => bot.waits.asked().includes(2000));
  const announced = bot.channel.ready().then(() => bot.channel.send(to(2), replyOf("tin mới")));
  await bot.waits.pass(2000);
  await announced;
  expect(texts()).toEqual(["nghe: hỏi", "tin mới"]);
});

test("somebody who blocked the bot after asking is unsubscribed, and the message is done with", async () => {
  fake.says(5, "hỏi");
  fake.setChat(5, "blocked");
  await fake.until(() => bot.answered.length === 1);
  expect(bot.blocked).toEqual([to(5)]);
});

test("a group that became a supergroup gets its message there, once, and its address is changed", async () => {
  fake.chat(-6, "group");
  fake.chat(-1006, "supergroup");
  fake.setChat(-6, { movedTo: -1006 });
  expect(await bot.channel.send(to(-6), replyOf("tin"))).toEqual({ status: "sent" });
  expect(fake.sent.map((message) => message.chat)).toEqual([-1006]);
  fake.groupMessage(-6, { migrate_to_chat_id: -1006 });
  await fake.until(() => bot.moved.length === 2);
  expect(bot.moved).toEqual(["-6 → -1006", "-6 → -1006"]);
});

test("a reply without words becomes an apology instead of a refused message", async () => {
  const silent = createBot(fake, () => Promise.resolve(replyOf("")));
  await bot.channel.stop();
  await silent.channel.start();
  fake.says(7, "hỏi");
  await fake.until(() => fake.sent.length === 1);
  void silent.channel.stop();
  expect(texts()).toEqual([PHRASES.failed]);
});

test("the token, what was written and who wrote it never reach the log or an error", async () => {
  const description = `Bad Request: ${fake.token} is wrong for 777777`;
  for (const method of ["getMe", "setMyCommands", "sendMessage", "getUpdates"]) {
    fake.fault(method, refusal(400, description));
    fake.fault(method, { type: "cut-before-reading" });
    fake.fault(method, { type: "half-answer" });
    fake.fault(method, refusal(401, description));
  }
  const said: unknown[] = [];
  const words = "câu hỏi rất riêng";
  fake.chat(777_777);
  const other = createBot(fake, () => Promise.reject(new Error(`${fake.token} ${words}`)), {
    onBlocked: () => Promise.reject(new Error(fake.token)),
    webhook: { url: "http://127.0.0.1:1/", secret: "bi-mat" },
  });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    said.push(await other.channel.start().catch((error: unknown) => error));
    said.push(
      await other.channel.send(to(777_777), replyOf(words)).catch((error: unknown) => error),
    );
  }
  fake.setChat(777_777, "blocked");
  said.push(await other.channel.send(to(777_777), replyOf(words)));
  const update = {
    update_id: 1,
    message: { message_id: 1, date: 1, chat: { id: 777_777, type: "private" }, text: words },
  };
  const body = () => Promise.resolve(JSON.stringify(update));
  said.push(await other.channel.webhookHandler({ secretHeader: "bi-mat", body }));
  await fake.until(() => other.logged.join().includes("telegram.failed"));
  void other.channel.stop();
  const everything = inspect([said, other.logged, bot.logged], { depth: 20, showHidden: true });
  expect(said.some((one) => one instanceof Error)).toBe(true);
  for (const secret of [fake.token, fake.token.split(":")[1] ?? "", words, "777777"]) {
    expect(everything).not.toContain(secret);
  }
});

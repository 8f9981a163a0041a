import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createZaloBotCall } from "../src/channels/zalo-bot-api.ts";
import { type FakeZaloBot, type Fault, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { replyOf } from "./telegram-bot.ts";
import { createCounter, createZaloBot } from "./zalo-bot.ts";

let fake: FakeZaloBot;
let bot: ReturnType<typeof createZaloBot>;

const AN = "5f3c9a1b2d4e6f708192";
const NOVEMBER = new Date("2026-11-30T16:59:59Z");
const LONG = replyOf(Array.from({ length: 100 }, () => "đoạn ".repeat(15)).join("\n\n"));

beforeEach(async () => {
  fake = await startFakeZaloBot();
  fake.chat(AN);
  bot = createZaloBot(fake);
});

afterEach(async () => {
  void bot.channel.stop();
  await fake.close();
});

const to = (person: string) => ({ channel: "zalo-bot", person });
const announce = (person = AN, text = "tin mới") => bot.channel.send(to(person), replyOf(text));
const refusal = (code: number, description = ""): Fault => ({ type: "refuse", code, description });
const sends = () => fake.calls.filter(({ method }) => method === "sendMessage").length;

test.each<[string, Fault, object, number]>([
  ["its token is refused", refusal(401), { status: "unreachable", why: "token" }, 0],
  ["Zalo breaks inside, which it calls 403", refusal(403), { status: "doubtful" }, 0],
  ["Zalo's time is up", refusal(408), { status: "doubtful" }, 0],
  ["Zalo breaks otherwise", refusal(500), { status: "doubtful" }, 0],
  [
    "the chat is unknown",
    refusal(400, "Bad request: The chat_id is invalid"),
    { status: "refused", reason: "gone" },
    0,
  ],
  [
    "the chat is not found",
    refusal(404, "Not found: chat not found"),
    { status: "refused", reason: "gone" },
    0,
  ],
  [
    "the person blocked the bot",
    refusal(400, "Bad request: bot was blocked by the user"),
    { status: "refused", reason: "blocked" },
    0,
  ],
  [
    "the text is refused",
    refusal(400, "Bad request: The text is invalid"),
    { status: "refused", reason: "rejected" },
    0,
  ],
  ["it comes too fast", refusal(429, "Quota exceeded"), { status: "retry-after", seconds: 5 }, 0],
  [
    "a page says that it comes too fast",
    { type: "html", status: 429 },
    { status: "retry-after", seconds: 5 },
    1,
  ],
  ["a page says 502", { type: "html", status: 502 }, { status: "doubtful" }, 1],
  [
    "a page says that there is no such address",
    { type: "html", status: 404 },
    { status: "unreachable", why: "network" },
    1,
  ],
  [
    "a page refuses it",
    { type: "html", status: 413 },
    { status: "refused", reason: "rejected" },
    1,
  ],
  [
    "the answer is no answer of Zalo's",
    { type: "json", status: 200, body: { message: "hello" } },
    { status: "doubtful" },
    0,
  ],
  [
    "the connection is cut before it was read",
    { type: "cut-before-reading" },
    { status: "doubtful" },
    0,
  ],
  [
    "the connection is cut after it was sent",
    { type: "cut-after-doing" },
    { status: "doubtful" },
    1,
  ],
  ["the answer breaks off", { type: "half-answer" }, { status: "doubtful" }, 1],
])("an announcement where %s is judged and not tried again", async (_, fault, result, arrived) => {
  fake.fault("sendMessage", fault);
  expect(await announce()).toEqual(result);
  expect(bot.waits.asked()).toEqual([]);
  expect(fake.sent).toHaveLength(arrived);
  expect(sends()).toBeLessThanOrEqual(1);
  expect(bot.gone).toEqual("reason" in result && result.reason !== "rejected" ? [to(AN)] : []);
});

test("`ok` in the body decides, not the status", async () => {
  fake.fault("sendMessage", { type: "json", status: 500, body: { ok: true, error_code: 0 } });
  expect(await announce()).toEqual({ status: "sent" });
  fake.fault("sendMessage", { type: "json", status: 200, body: { ok: false, errorCode: 401 } });
  expect(await announce()).toEqual({ status: "unreachable", why: "token" });
});

test("an announcement is unreachable when no connection could be opened", async () => {
  const closed = await startFakeZaloBot();
  await closed.close();
  for (const apiRoot of [closed.apiRoot, "http://khong-co.invalid", "https://127.0.0.1:1"]) {
    bot = createZaloBot(fake, undefined, { apiRoot });
    expect(await announce()).toEqual({ status: "unreachable", why: "network" });
  }
});

test("where the other side does not speak TLS nothing has left", async () => {
  bot = createZaloBot(fake, undefined, { apiRoot: fake.apiRoot.replace("http:", "https:") });
  expect(await announce()).toEqual({ status: "unreachable", why: "network" });
});

test("a server that answers nothing is given up, and what was sent is doubtful", async () => {
  bot = createZaloBot(fake, undefined, { requestSeconds: 0.05 });
  fake.fault("sendMessage", { type: "hold", until: new Promise(() => {}) });
  expect(await announce()).toEqual({ status: "doubtful" });
});

test("each time Zalo has too many the pause grows, until one is taken; those told together wait together", async () => {
  let at = NOVEMBER.getTime();
  bot = createZaloBot(fake, undefined, { now: () => new Date(at) });
  const tooMany = async () => {
    fake.fault("sendMessage", refusal(429));
    const result = await announce();
    return result.status === "retry-after" ? result.seconds : result.status;
  };
  const seconds: unknown[] = [];
  for (let time = 0; time < 12; time++) {
    seconds.push(await tooMany());
    at += 3_600_000;
  }
  expect(seconds).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  expect(await announce()).toEqual({ status: "sent" });
  expect([await tooMany(), await tooMany()]).toEqual([5, 5]);
  at += 4_000;
  expect(await tooMany()).toBe(1);
  at += 1_000;
  expect(await tooMany()).toBe(10);
});

test("a reply waits and is sent once; what may have arrived is never sent again", async () => {
  let at = NOVEMBER.getTime();
  bot = createZaloBot(fake, undefined, { now: () => new Date(at) });
  fake.fault("sendMessage", { type: "html", status: 429 });
  fake.fault("sendMessage", refusal(429));
  const reply = bot.channel.sendReply(to(AN), replyOf("một"));
  await fake.until(() => bot.waits.asked().includes(5_000));
  at += 5_000;
  await bot.waits.pass(5_000);
  await fake.until(() => bot.waits.asked().includes(10_000));
  at += 10_000;
  await bot.waits.pass(10_000);
  expect(await reply).toEqual({ status: "sent" });
  for (const type of ["cut-before-reading", "cut-after-doing", "half-answer"] as const) {
    const before = sends();
    fake.fault("sendMessage", { type });
    expect(await bot.channel.sendReply(to(AN), replyOf("hai"))).toEqual({ status: "doubtful" });
    expect(sends() - before).toBeLessThanOrEqual(1);
  }
});

test("a reply is given up after three waits, and left for a restart", async () => {
  const closed = await startFakeZaloBot();
  await closed.close();
  const lost = createZaloBot(fake, undefined, { apiRoot: closed.apiRoot });
  const reply = lost.channel.sendReply(to(AN), replyOf("một"));
  for (const ms of [1000, 2000, 4000]) await lost.waits.pass(ms);
  expect(await reply).toEqual({ status: "unreachable", why: "network" });
  await bot.channel.start();
  for (let time = 0; time < 8; time++) fake.fault("sendMessage", refusal(401));
  await fake.until(() => fake.isPolled());
  await fake.says(AN, "hỏi");
  await fake.until(() => bot.results.length === 1);
  expect(bot.results).toEqual(["unreachable"]);
  expect(bot.answered).toEqual([]);
});

test("every part of every message counts to the month in Viet Nam, replies too", async () => {
  let at = NOVEMBER;
  bot = createZaloBot(fake, undefined, { now: () => at });
  await bot.channel.start();
  await fake.until(() => fake.isPolled());
  await fake.says(AN, "hỏi");
  await fake.until(() => fake.sent.length === 1);
  await bot.channel.send(to(AN), LONG);
  await bot.channel.sendReply(to(AN), replyOf("hai"));
  expect(fake.sent.length).toBeGreaterThan(4);
  expect(bot.counter.sentIn("2026-11")).toBe(fake.sent.length);
  fake.fault("sendMessage", refusal(400, "Bad request"));
  await announce();
  expect(bot.counter.sentIn("2026-11")).toBe(fake.sent.length);
  // A second later it is December there.
  at = new Date(NOVEMBER.getTime() + 1000);
  await announce();
  expect(bot.counter.sentIn("2026-12")).toBe(1);
});

test("staff are told once at 80 %, and once when all are used up", async () => {
  bot = createZaloBot(fake, undefined, { monthlyLimit: 10 });
  for (let time = 0; time < 7; time++) await announce();
  expect(bot.told).toEqual([]);
  await announce();
  expect(bot.told).toEqual([
    expect.stringMatching(/^Zalo Bot đã gửi 8 trong 10 tin của tháng này/),
  ]);
  await announce();
  await announce();
  for (let time = 0; time < 3; time++) {
    expect(await announce()).toEqual({ status: "unreachable", why: "quota" });
  }
  expect(bot.told).toHaveLength(2);
  expect(bot.told[1]).toMatch(/^Zalo Bot đã gửi hết 10 tin của tháng này/);
  expect(sends()).toBe(10);
  expect(await bot.channel.sendReply(to(AN), replyOf("vẫn trả lời"))).toEqual({ status: "sent" });
  expect(bot.told).toHaveLength(2);
});

test("a restart near the limit neither forgets the count nor tells twice", async () => {
  const counter = createCounter(9);
  bot = createZaloBot(fake, undefined, { monthlyLimit: 10, sends: counter });
  await announce();
  expect(bot.told).toHaveLength(1);
  const again = createZaloBot(fake, undefined, { monthlyLimit: 10, sends: counter });
  expect(await again.channel.send(to(AN), replyOf("tin"))).toMatchObject({ why: "quota" });
  expect(again.told).toEqual([]);
});

test("an announcement that the month has no room for is not begun; several at once do not overstep", async () => {
  bot = createZaloBot(fake, undefined, { monthlyLimit: 3 });
  fake.world.monthlyLimit = 3;
  expect(await bot.channel.send(to(AN), LONG)).toEqual({ status: "unreachable", why: "quota" });
  expect(sends()).toBe(0);
  const results = await Promise.all(Array.from({ length: 6 }, () => announce()));
  expect(results.map(({ status }) => status).toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => "sent"),
    ...Array.from({ length: 3 }, () => "unreachable"),
  ]);
  expect(sends()).toBe(3);
});

test("what failed gives its room back", async () => {
  bot = createZaloBot(fake, undefined, { monthlyLimit: 2 });
  for (let time = 0; time < 5; time++) {
    fake.fault("sendMessage", refusal(400));
    await announce();
  }
  expect([await announce(), await announce()]).toEqual([{ status: "sent" }, { status: "sent" }]);
});

test("429 is the month's end only when ours is: a reply is then left, without waiting", async () => {
  bot = createZaloBot(fake, undefined, { monthlyLimit: 1 });
  fake.world.monthlyLimit = 1;
  expect(await announce()).toEqual({ status: "sent" });
  const reply = await bot.channel.sendReply(to(AN), replyOf("một"));
  expect(reply).toEqual({ status: "unreachable", why: "quota" });
  expect(bot.waits.asked()).toEqual([]);
  expect(sends()).toBe(2);
});

test("without a limit nothing stops and nobody is told", async () => {
  bot = createZaloBot(fake, undefined, { monthlyLimit: 0, sends: createCounter(1_000_000) });
  expect(await announce()).toEqual({ status: "sent" });
  expect(bot.told).toEqual([]);
});

test("a store that cannot write holds up no message", async () => {
  const sends_ = { sentIn: () => 0, count: () => Promise.reject(new Error("disk full")) };
  bot = createZaloBot(fake, undefined, { sends: sends_ });
  expect(await announce()).toEqual({ status: "sent" });
  expect(bot.logged.join()).toContain("zalo-bot.not-counted");
});

test("rule 7: a reply that waits is sent before the next announcement", async () => {
  let at = NOVEMBER.getTime();
  bot = createZaloBot(fake, undefined, { now: () => new Date(at) });
  await bot.channel.start();
  fake.fault("sendMessage", refusal(429));
  await fake.until(() => fake.isPolled());
  await fake.says(AN, "hỏi");
  await fake.until(() => bot.waits.asked().includes(5_000));
  const announced = bot.channel.ready().then(() => announce());
  at += 5_000;
  await bot.waits.pass(5_000);
  await announced;
  expect(fake.sent.map(({ text }) => text)).toEqual(["nghe: hỏi", "tin mới"]);
});

test("a long announcement that stops half-way is doubtful", async () => {
  fake.fault("sendMessage", { type: "hold", until: Promise.resolve() });
  fake.fault("sendMessage", refusal(400, "Bad request"));
  expect(await bot.channel.send(to(AN), LONG)).toEqual({ status: "doubtful" });
  expect(fake.sent).toHaveLength(1);
});

test("no failure holds the token, a text or a person, however it comes", async () => {
  const secret = fake.token.split(":")[1] ?? "";
  const call = createZaloBotCall({ token: fake.token, apiRoot: fake.apiRoot, timeoutSeconds: 5 });
  const closed = await startFakeZaloBot();
  await closed.close();
  const nowhere = createZaloBotCall({ ...closed, timeoutSeconds: 5 });
  const broken = createZaloBotCall({ ...fake, apiRoot: "http://[", timeoutSeconds: 5 });
  const path = `/bot${encodeURIComponent(fake.token)}/sendMessage for ${AN}`;
  const faults: Fault[] = [
    { type: "html", status: 404 },
    { type: "html", status: 429 },
    { type: "html", status: 502 },
    { type: "cut-after-doing" },
    { type: "half-answer" },
    refusal(404, `Not found: /bot${fake.token}/sendMessage`),
    refusal(404, `Not found: ${path}`),
    { type: "json", status: 302, body: { path } },
  ];
  const failures: unknown[] = [];
  for (const fault of faults) {
    fake.fault("sendMessage", fault);
    failures.push(await call("sendMessage", { chat_id: AN, text: "chuyện riêng" }));
  }
  for (const other of [nowhere, broken]) {
    failures.push(await other("sendMessage", { chat_id: AN, text: "chuyện riêng" }));
  }
  const shown = inspect(failures, { depth: null, showHidden: true });
  expect(failures).toHaveLength(10);
  expect(failures.every((failure) => inspect(failure).includes("ok: false"))).toBe(true);
  for (const hidden of [secret, AN, "chuyện riêng"]) expect(shown).not.toContain(hidden);
});

import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { meaningOf, resultOf } from "../src/channels/zalo-oa-codes.ts";
import { windowOf } from "../src/channels/zalo-oa-window.ts";
import type { SendResult } from "../src/domain/send-result.ts";
import { type FakeZaloOa, type Fault, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { replyOf } from "./telegram-bot.ts";
import { createOa, serveOa, toOa } from "./zalo-oa-bot.ts";

let fake: FakeZaloOa;
let bot: Awaited<ReturnType<typeof createOa>>;
let server: Awaited<ReturnType<typeof serveOa>>;

beforeEach(async () => {
  fake = await startFakeZaloOa();
  await use(await createOa(fake));
});
afterEach(async () => {
  void bot.channel.stop();
  server.close();
  await fake.close();
});

async function use(other: typeof bot): Promise<void> {
  server?.close();
  bot = other;
  server = await serveOa(bot);
  fake.webhook = server.url;
}

/** Somebody who wrote just now. */
function writer(person: string): void {
  fake.person(person, new Date());
  bot.contacts.set(person, new Date());
}

const texts = () => fake.sent.map((message) => message.text);
const sends = () => fake.calls.filter(({ path }) => path !== "token").length;
const send = (person = "an", text = "tin mới") => bot.channel.send(toOa(person), replyOf(text));
const code = (number: number, message?: string): Fault => ({
  type: "code",
  code: number,
  ...(message !== undefined && { message }),
});

test("a question is answered with numbered choices, the first five as buttons that write their number", async () => {
  const buttons = ["một", "hai", "ba", "bốn", "năm", "sáu"].map((label) => ({
    label,
    action: { do: "menu" } as const,
  }));
  await use(await createOa(fake, { bot: () => Promise.resolve(replyOf("Chọn:", buttons)) }));
  expect(await fake.says("an", "chọn gì")).toEqual([200]);
  await fake.until(() => fake.sent.length === 1);
  const [message] = fake.sent;
  expect(message).toMatchObject({ to: "an", way: "cs" });
  expect(message?.text).toContain("6. sáu");
  expect(message?.buttons).toHaveLength(5);
  expect(message?.buttons[4]).toEqual({ title: "5. năm", type: "oa.query.show", payload: "5" });
  const call = fake.calls.find(({ path }) => path === "cs");
  expect(call?.headers).toMatchObject({
    access_token: expect.stringMatching(/^access-/),
    "content-type": "application/json",
  });
  expect(call?.headers.authorization).toBeUndefined();
});

test("an OA that takes no buttons gets the numbers alone from then on, and staff are told once", async () => {
  fake.switches.refusesButtons = true;
  for (const words of ["một", "hai"]) await fake.says("an", words);
  await fake.until(() => fake.sent.length === 2);
  expect(texts()[0]).toContain("1. Danh mục");
  expect(sends()).toBe(3);
  expect(bot.told).toHaveLength(1);
  expect(bot.told[0]).toContain("gõ số");
});

test("a long reply goes in parts of which each is short enough for Zalo", async () => {
  writer("an");
  expect(await send("an", "từ ".repeat(1_500))).toEqual({ status: "sent" });
  expect(fake.sent.length).toBeGreaterThan(1);
});

test.each<[number, SendResult]>([
  [-32, { status: "retry-after", seconds: 20 }],
  [-200, { status: "refused", reason: "rejected" }],
  [-201, { status: "refused", reason: "rejected" }],
  [-204, { status: "unreachable", why: "token" }],
  [-210, { status: "refused", reason: "rejected" }],
  [-211, { status: "unreachable", why: "quota" }],
  [-213, { status: "refused", reason: "gone" }],
  [-218, { status: "refused", reason: "capped" }],
  [-224, { status: "unreachable", why: "token" }],
  [-227, { status: "refused", reason: "gone" }],
  [-230, { status: "refused", reason: "out-of-window" }],
  [-232, { status: "refused", reason: "out-of-window" }],
  [-233, { status: "refused", reason: "rejected" }],
  [-244, { status: "refused", reason: "capped" }],
  [-248, { status: "refused", reason: "rejected" }],
  [-320, { status: "unreachable", why: "quota" }],
  [-321, { status: "unreachable", why: "quota" }],
  [-9999, { status: "refused", reason: "rejected" }],
])("Zalo's code %i means the right thing, and nothing is tried again", async (number, result) => {
  writer("an");
  fake.fault("cs", code(number));
  expect(await send()).toEqual(result);
  expect(sends()).toBe(1);
  expect(bot.logged.join()).toContain(meaningOf(number).sentence);
});

test("somebody who is gone is unsubscribed, somebody who is only out of reach for now is not", async () => {
  for (const number of [-213, -227, -218, -230, -244]) {
    writer(`p${-number}`);
    fake.fault("cs", code(number));
    await send(`p${-number}`);
  }
  expect(bot.left).toEqual([toOa("p213"), toOa("p227")]);
});

test("what is wrong with the account staff are told in a sentence, once a day", async () => {
  writer("an");
  for (let tries = 0; tries < 3; tries += 1) {
    fake.fault("cs", code(-321));
    await send();
  }
  expect(bot.told).toEqual([
    "Zalo OA: Tài khoản Zalo Cloud của OA đã hết tiền nên chưa gửi được. (mã -321)",
  ]);
});

test("at night a message of the wrong kind waits until six in the morning", () => {
  const secondsAt = (time: string) => {
    const result = resultOf(-234, new Date(`2026-11-25T${time}+07:00`));
    return result.status === "retry-after" ? result.seconds : null;
  };
  expect(secondsAt("22:00:00")).toBe(8 * 3600);
  expect(secondsAt("05:59:59")).toBe(1);
  expect(secondsAt("00:30:00")).toBe(5.5 * 3600);
});

test("every code has a sentence without a pronoun, and an unknown one says its number", () => {
  for (let number = -400; number < 0; number += 1) {
    expect(meaningOf(number).sentence).toMatch(/^\p{Lu}.*\.$/u);
    expect(meaningOf(number).sentence).not.toMatch(/bạn|quý vị/i);
  }
  expect(meaningOf(-399).sentence).toContain("-399");
});

test.each([-216, -220])(
  "a token refused with %i is refreshed once and the message sent",
  async (number) => {
    const past = { ms: 0 };
    await use(await createOa(fake, { now: () => new Date(Date.now() + past.ms) }));
    writer("an");
    await send();
    past.ms = 3_600_000;
    fake.fault("cs", code(number));
    expect(await send("an", "lần hai")).toEqual({ status: "sent" });
    expect(fake.refreshes).toHaveLength(2);
    fake.fault("cs", code(number));
    expect(await send("an", "lần ba")).toEqual({ status: "unreachable", why: "token" });
    expect(fake.refreshes).toHaveLength(2);
  },
);

test("a new token is on disk before Zalo sees it used", async () => {
  writer("an");
  let letGo: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  fake.fault("cs", { type: "hold", until });
  const sending = send();
  await fake.until(() => sends() === 1);
  const used = fake.calls.find(({ path }) => path === "cs")?.headers["access_token"];
  expect(JSON.parse(await readFile(bot.file, "utf8"))).toMatchObject({ accessToken: used });
  letGo();
  expect(await sending).toEqual({ status: "sent" });
});

test("a revoked token met by many sends at once is refreshed once, and all are sent", async () => {
  const past = { ms: 0 };
  await use(await createOa(fake, { now: () => new Date(Date.now() + past.ms) }));
  const people = Array.from({ length: 8 }, (_, index) => `p${index}`);
  for (const person of people) writer(person);
  await send("p0");
  past.ms = 3_600_000;
  fake.revoke();
  const results = await Promise.all(people.map((person) => send(person)));
  expect(results.every(({ status }) => status === "sent")).toBe(true);
  expect(fake.refreshes).toHaveLength(2);
  expect(fake.sent).toHaveLength(9);
});

test("without a token nothing leaves, and nobody counts as refused", async () => {
  fake.newRefreshToken();
  writer("an");
  expect(await send()).toEqual({ status: "unreachable", why: "token" });
  expect(sends()).toBe(0);
  expect(bot.told[0]).toMatch(/^ZALO_OA_REFRESH_TOKEN/);
});

test("an OA of the wrong type is answered by the older address, found out once", async () => {
  fake.switches.isStateAgency = true;
  for (const words of ["một", "hai"]) await fake.says("an", words);
  await fake.until(() => fake.sent.length === 2);
  expect(fake.sent.map(({ way }) => way)).toEqual(["v2", "v2"]);
  expect(fake.calls.filter(({ path }) => path === "cs")).toHaveLength(1);
});

test.each(["cs", "v2"] as const)(
  "with %s alone nothing else is tried, and staff learn why nobody is answered",
  async (sendWay) => {
    await use(await createOa(fake, { sendWay }));
    writer("an");
    fake.switches.isStateAgency = true;
    fake.switches.isV2Closed = true;
    expect(await send()).toEqual({ status: "refused", reason: "rejected" });
    expect(sends()).toBe(1);
    expect(bot.told).toHaveLength(1);
    expect(bot.told[0]).toContain("ZALO_OA_SEND");
  },
);

test.each<[string, Fault, number]>([
  ["before it was read", { type: "cut-before-reading" }, 0],
  ["after it was sent", { type: "cut-after-doing" }, 1],
  ["in the middle of the answer", { type: "half-answer" }, 1],
  ["by a proxy that answers 502", { type: "html", status: 502 }, 1],
])("a reply whose connection is lost %s is never sent again", async (_, fault, arrived) => {
  fake.fault("cs", fault);
  await fake.says("an", "một");
  await fake.until(() => bot.results.length === 1);
  await fake.says("an", "hai");
  await fake.until(() => bot.results.length === 2);
  expect(bot.results).toEqual(["doubtful", "sent"]);
  expect(texts()).toHaveLength(arrived + 1);
  expect(bot.answered).toHaveLength(2);
});

test("Zalo that answers nothing is given up, and what was sent is doubtful", async () => {
  await use(await createOa(fake, { requestMs: 100 }));
  writer("an");
  await send();
  fake.fault("cs", { type: "hold", until: new Promise(() => undefined) });
  expect(await send()).toEqual({ status: "doubtful" });
});

test("a page of a proxy instead of Zalo is a refusal, and 429 a request to wait", async () => {
  writer("an");
  fake.fault("cs", { type: "html", status: 403 });
  expect(await send()).toEqual({ status: "refused", reason: "rejected" });
  fake.fault("cs", { type: "html", status: 429 });
  expect(await send()).toMatchObject({ status: "retry-after" });
});

test("where no connection can be opened an announcement is unreachable", async () => {
  const gone = await startFakeZaloOa();
  await gone.close();
  await use(await createOa(fake, { apiRoot: gone.url }));
  writer("an");
  expect(await send()).toEqual({ status: "unreachable", why: "network" });
});

test("a reply waits when Zalo asks for it, three times at most, and is then left for a restart", async () => {
  for (let tries = 0; tries < 4; tries += 1) fake.fault("cs", code(-32));
  await fake.says("an", "một");
  for (let tries = 0; tries < 3; tries += 1) await bot.waits.pass(20_000);
  await fake.until(() => bot.results.length === 1);
  expect(bot.results).toEqual(["retry-after"]);
  expect(bot.answered).toEqual([]);
});

test("a quota that ends in the middle of a long text leaves it doubtful", async () => {
  writer("an");
  fake.switches.quota = 1;
  expect(await send("an", "từ ".repeat(1_500))).toEqual({ status: "doubtful" });
  expect(fake.sent).toHaveLength(1);
  expect(await send()).toEqual({ status: "unreachable", why: "quota" });
});

const HOUR = 3_600_000;
const NOW = new Date("2026-11-25T08:00:00Z");

test.each([
  [0, "free", "free"],
  [48 * HOUR, "free", "free"],
  [48 * HOUR + 1, "closed", "paid"],
  [7 * 24 * HOUR, "closed", "paid"],
  [7 * 24 * HOUR + 1, "closed", "closed"],
  [-HOUR, "free", "free"],
])(
  "%i ms after the last contact the window is %s, and %s where paying is allowed",
  (ms, free, paid) => {
    const last = new Date(NOW.getTime() - ms);
    expect(windowOf(last, NOW, false)).toBe(free);
    expect(windowOf(last, NOW, true)).toBe(paid);
    expect(windowOf(null, NOW, true)).toBe("closed");
  },
);

test("an announcement to somebody outside the window is not even tried, unless Zalo may bill it", async () => {
  const last = new Date(Date.now() - 50 * HOUR);
  for (const paidAllowed of [false, true]) {
    await use(await createOa(fake, { paidAllowed }));
    fake.person("an", last);
    bot.contacts.set("an", last);
    expect(await send()).toEqual(
      paidAllowed ? { status: "sent" } : { status: "refused", reason: "out-of-window" },
    );
    expect(await send("never-wrote")).toEqual({ status: "refused", reason: "out-of-window" });
  }
  expect(sends()).toBe(1);
});

test("a reply that waits is sent before the next announcement", async () => {
  writer("binh");
  fake.fault("cs", code(-32));
  await fake.says("an", "hỏi");
  await fake.until(() => bot.waits.asked().includes(20_000));
  const announced = bot.channel.ready().then(() => send("binh"));
  await bot.waits.pass(20_000);
  await announced;
  expect(texts().map((text) => text.split("\n")[0])).toEqual(["nghe: hỏi", "tin mới"]);
});

test("tokens, keys, what was written and who wrote it never reach the log, staff or an error", async () => {
  const words = "câu hỏi rất riêng";
  const person = "7777777777777";
  await use(await createOa(fake, { bot: () => Promise.reject(new Error(words)) }));
  const said: unknown[] = [];
  writer(person);
  const leak = `${fake.account.refreshToken} access-fake-zalo-oa-token-number-2-abcdefghijkl ${person}`;
  for (const fault of [code(-9999, leak), code(-201, leak)]) {
    fake.fault("cs", fault);
    said.push(await bot.channel.send(toOa(person), replyOf(words)));
  }
  for (const type of ["cut-before-reading", "half-answer"] as const) {
    fake.fault("cs", { type });
    said.push(await bot.channel.send(toOa(person), replyOf(words)));
  }
  said.push(await bot.channel.send(toOa(person), replyOf("")).catch((error: unknown) => error));
  await fake.says(person, words);
  await fake.until(() => bot.results.length === 5);
  expect(said.at(-1)).toBeInstanceOf(Error);
  const everything = inspect([said, bot.logged, bot.told], { depth: 20, showHidden: true });
  expect(everything).toContain("-9999");
  expect(everything).toContain("zalo-oa.answer-failed");
  const { appSecret, webhookKey, refreshToken } = fake.account;
  for (const secret of [appSecret, webhookKey, refreshToken, "access-fake", words, person]) {
    expect(everything).not.toContain(secret);
  }
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { createDelivery } from "../src/broadcast/delivery.ts";
import { release, resume, stop } from "../src/broadcast/transitions.ts";
import { EMPTY_TALLY } from "../src/domain/broadcast.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { type FakeTelegram, startFakeTelegram, tooMany } from "./fake-telegram.ts";
import { MORNING, subscription } from "./store-people.ts";
import { createBot, SECRET } from "./telegram-bot.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

let fake: FakeTelegram;
let time: VirtualTime;
let store: Store;
let end: () => Promise<void>;
let bot: ReturnType<typeof createBot>;

/** The delivery loop before the real Telegram channel and a Telegram of ours. */
beforeEach(async () => {
  fake = await startFakeTelegram();
  time = createVirtualTime(MORNING);
  store = createMemoryStore(time.now);
  bot = createBot(fake, undefined, {
    wait: time.wait,
    now: time.now,
    onBlocked: async (from) => {
      await store.unsubscribe(from);
    },
    onMoved: (from, to) => store.move(from, to),
    webhook: { url: `${fake.apiRoot}/hook`, secret: SECRET },
    botInfo: fake.bot,
  });
  const { channel } = bot;
  const delivery = createDelivery({
    store,
    channels: [
      {
        name: "telegram",
        ready: () => channel.ready(),
        send: (to, reply) => channel.send(to, reply),
        maxInFlight: 1,
        perSecond: 30,
      },
    ],
    now: time.now,
    clockMs: time.clockMs,
    wait: time.wait,
    tell: () => undefined,
    onStarted: () => undefined,
    onProgress: () => undefined,
    log: () => undefined,
  });
  end = async () => {
    const stopped = delivery.stop();
    await time.pass(60_000);
    await stopped;
  };
  delivery.start();
});

afterEach(async () => {
  await end();
  await fake.close();
});

async function sendTo(people: number): Promise<void> {
  for (let person = 1; person <= people; person++) {
    fake.chat(person);
    await store.subscribe({ channel: "telegram", person: String(person) }, subscription());
  }
  await submitted(store, draftOf("TB1"));
  await store.change("TB1", release({ by: APPROVER, at: time.now() }));
}

function finished(): Promise<void> {
  return time.until(() => store.broadcast("TB1")?.status === "finished");
}

test("who blocked the bot or whose account is gone is refused, and their subscription ends", async () => {
  await sendTo(4);
  fake.setChat(2, "blocked");
  fake.setChat(3, "deactivated");
  await finished();
  expect(store.tallies("TB1")["telegram"]).toEqual({
    ...EMPTY_TALLY,
    sent: 2,
    refused: { ...EMPTY_TALLY.refused, blocked: 2 },
  });
  await time.until(() => store.subscriberCounts()["telegram"]?.people === 2);
});

test("a group that became a supergroup gets it once, and is subscribed under its new address", async () => {
  await sendTo(3);
  fake.chat(-1_002, "supergroup");
  fake.setChat(2, { movedTo: -1_002 });
  await finished();
  expect(store.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, sent: 3 });
  expect(fake.sent.map(({ chat }) => chat).toSorted((a, b) => a - b)).toEqual([-1_002, 1, 3]);
  await time.until(() => store.subscriptionOf({ channel: "telegram", person: "-1002" }) !== null);
});

test("a message that is not accepted is refused and not tried again", async () => {
  await sendTo(2);
  fake.fault("sendMessage", {
    type: "refuse",
    code: 400,
    description: "Bad Request: not enough rights to send text messages",
  });
  await finished();
  expect(store.tallies("TB1")["telegram"]).toEqual({
    ...EMPTY_TALLY,
    sent: 1,
    refused: { ...EMPTY_TALLY.refused, rejected: 1 },
  });
});

test("told to wait, the same person gets it afterwards, and nobody twice", async () => {
  await sendTo(3);
  fake.fault("sendMessage", tooMany(7));
  await finished();
  expect(time.clockMs()).toBeGreaterThanOrEqual(7_000);
  expect(fake.sent.map(({ chat }) => chat).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
});

test("an answer that is lost leaves one in doubt, whether it arrived or not", async () => {
  await sendTo(4);
  fake.fault("sendMessage", { type: "cut-after-doing" });
  fake.fault("sendMessage", { type: "half-answer" });
  await finished();
  expect(store.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, sent: 2, doubtful: 2 });
  expect(fake.sent).toHaveLength(4);
});

test("rule 7: while a reply waits nobody is claimed, and a stop meanwhile leaves nothing to send", async () => {
  fake.fault("sendMessage", tooMany(45));
  fake.chat(99);
  const update = {
    update_id: 5,
    message: {
      message_id: 1,
      date: Math.floor(time.now().getTime() / 1000),
      chat: { id: 99, type: "private" },
      from: { id: 99, is_bot: false, first_name: "An" },
      text: "xin chào",
    },
  };
  const status = await bot.channel.webhookHandler({
    secretHeader: SECRET,
    body: () => Promise.resolve(JSON.stringify(update)),
  });
  expect(status).toBe(200);
  await sendTo(3);
  await time.pass(10_000);
  expect(store.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, waiting: 3 });
  await store.change("TB1", stop({ by: APPROVER, at: time.now() }));
  await time.pass(60_000);
  expect(fake.sent.map(({ chat }) => chat)).toEqual([99]);
  await store.change("TB1", resume({ by: APPROVER, at: time.now() }));
  await finished();
  expect(fake.sent.map(({ chat }) => chat).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 99]);
});

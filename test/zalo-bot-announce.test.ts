import { afterEach, beforeEach, expect, test } from "vitest";
import { createDelivery } from "../src/broadcast/delivery.ts";
import { release } from "../src/broadcast/transitions.ts";
import { createZaloBotChannel } from "../src/channels/zalo-bot.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { MORNING, subscription } from "./store-people.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";
import { ZALO_PHRASES } from "./zalo-bot.ts";

const PEOPLE = 40;
const NAME = "zalo-bot";

let fake: FakeZaloBot;
let time: VirtualTime;

beforeEach(async () => {
  fake = await startFakeZaloBot();
  time = createVirtualTime(MORNING);
});
afterEach(async () => {
  await fake.close();
});

/** An announcement on its way over the real channel to forty people. */
async function announce(monthlyLimit: number) {
  const store = createMemoryStore(time.now);
  const told: string[] = [];
  for (let index = 0; index < PEOPLE; index++) {
    const person = `5f3c9a1b2d4e6f7081${index + 10}`;
    fake.chat(person);
    await store.subscribe({ channel: NAME, person }, subscription());
  }
  const channel = createZaloBotChannel({
    ...fake,
    receive: () => Promise.resolve(null),
    onBlocked: async (from) => {
      await store.unsubscribe(from);
    },
    onQuota: (sentence) => told.push(sentence),
    sends: {
      count: (month, sends) => store.countSends(NAME, month, sends),
      sentIn: (month) => store.sendsIn(NAME, month),
    },
    monthlyLimit,
    log: () => undefined,
    wait: time.wait,
    now: time.now,
    webhook: null,
    phrases: ZALO_PHRASES,
  });
  const delivery = createDelivery({
    store,
    channels: [
      {
        name: NAME,
        ready: () => channel.ready(),
        send: (to, reply) => channel.send(to, reply),
        maxInFlight: 4,
        perSecond: 5,
      },
    ],
    now: time.now,
    clockMs: time.clockMs,
    wait: time.wait,
    tell: (sentence) => told.push(sentence),
    onStarted: () => undefined,
    onProgress: () => undefined,
    log: () => undefined,
  });
  const broadcast = await submitted(store, draftOf("TB1"));
  await store.change(broadcast.id, release({ by: APPROVER, at: time.now() }));
  delivery.start();
  return { store, told, delivery };
}

/** Calls over a socket take real time, of which the virtual one knows nothing: it passes in small steps meanwhile. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await time.pass(100);
}

const reached = () => new Set(fake.sent.map(({ chat }) => chat)).size;

test("an announcement reaches everybody once", async () => {
  const { store, delivery } = await announce(3000);
  await until(() => store.broadcast("TB1")?.status === "finished");
  expect([fake.sent.length, reached()]).toEqual([PEOPLE, PEOPLE]);
  expect(store.sendsIn(NAME, "2026-11")).toBe(PEOPLE);
  expect(store.tallies("TB1")[NAME]).toMatchObject({ sent: PEOPLE, waiting: 0 });
  await delivery.stop();
});

test.each([
  ["we count the month's end before Zalo does", null],
  ["Zalo counts the same", 25],
])(
  "the month's number is used up on the way: the rest waits and staff know (%s)",
  async (_, limit) => {
    fake.world.monthlyLimit = limit;
    const { store, told, delivery } = await announce(25);
    await until(() => told.some((sentence) => sentence.includes("hết lượt gửi của tháng này")));
    expect([fake.sent.length, reached()]).toEqual([25, 25]);
    expect(store.tallies("TB1")[NAME]).toMatchObject({ sent: 25, refused: {}, doubtful: 0 });
    expect(store.broadcast("TB1")?.status).toBe("released");
    const quota = told.filter((sentence) => sentence.startsWith("Zalo Bot đã gửi"));
    expect(quota).toEqual([
      expect.stringContaining("đã gửi 20 trong 25 tin"),
      expect.stringContaining("đã gửi hết 25 tin"),
    ]);
    // A new month begins.
    fake.world.sentThisMonth = 0;
    time.setWallClock(new Date("2026-12-01T02:00:00Z"));
    await until(() => store.broadcast("TB1")?.status === "finished");
    expect([fake.sent.length, reached()]).toEqual([PEOPLE, PEOPLE]);
    expect(store.sendsIn(NAME, "2026-12")).toBe(PEOPLE - 25);
    await delivery.stop();
  },
);

import { afterEach, beforeEach, expect, test } from "vitest";
import { createDelivery } from "../src/broadcast/delivery.ts";
import { release } from "../src/broadcast/transitions.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { type FakeZaloOa, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { MORNING, subscription } from "./store-people.ts";
import { createOa, toOa } from "./zalo-oa-bot.ts";

const HOUR = 3_600_000;

let fake: FakeZaloOa;
let nowMs: number;
const now = () => new Date(nowMs);

beforeEach(async () => {
  nowMs = MORNING.getTime();
  fake = await startFakeZaloOa(now);
});
afterEach(() => fake.close());

/** An announcement for these people, who last wrote so many hours ago; resolves when it can go no further. */
async function announce(
  lastWrote: Record<string, number | null>,
  options: { paidAllowed?: boolean; whenSent?: (sent: number) => void } = {},
) {
  const store = createMemoryStore(now);
  const oa = await createOa(fake, {
    paidAllowed: options.paidAllowed ?? false,
    now,
    onBlocked: async (from) => {
      await store.unsubscribe(from);
    },
    contacts: {
      note: (from, at) => {
        store.noteContact(from, at);
      },
      lastOf: (from) => store.lastContactOf(from),
    },
    onSent: () => options.whenSent?.(fake.sent.length),
  });
  for (const [person, hours] of Object.entries(lastWrote)) {
    await store.subscribe(toOa(person), subscription());
    if (hours === null) continue;
    const at = new Date(nowMs - hours * HOUR);
    fake.person(person, at);
    store.noteContact(toOa(person), at);
  }
  const broadcast = await submitted(store, draftOf("TB1"));
  await store.change(broadcast.id, release({ by: APPROVER, at: now() }));
  const told: string[] = [];
  const delivery = createDelivery({
    store,
    channels: [
      {
        name: "zalo-oa",
        ready: () => oa.channel.ready(),
        send: (to, reply) => oa.channel.send(to, reply),
        maxInFlight: 1,
        perSecond: 1_000,
      },
    ],
    now,
    clockMs: () => nowMs - MORNING.getTime(),
    wait: (ms) => {
      nowMs += ms;
      return new Promise(setImmediate);
    },
    tell: (sentence) => told.push(sentence),
    onStarted: () => undefined,
    onProgress: () => undefined,
    log: () => undefined,
  });
  delivery.start();
  const tally = () => store.tallies("TB1")["zalo-oa"];
  return { store, delivery, told, oa, tally };
}

test("an announcement reaches those inside the window; the others are counted as out of it and not tried", async () => {
  const people = { moi: 1, "hom-qua": 30, "ba-ngay": 72, "tam-ngay": 8 * 24, chua: null };
  const run = await announce(people);
  await fake.until(() => run.store.broadcast("TB1")?.status === "finished");
  await run.delivery.stop();
  expect(fake.sent.map(({ to }) => to).toSorted()).toEqual(["hom-qua", "moi"]);
  expect(fake.calls.filter(({ path }) => path === "cs")).toHaveLength(2);
  expect(run.tally()).toMatchObject({ sent: 2, waiting: 0 });
  expect(run.tally()?.refused).toMatchObject({ "out-of-window": 3 });
  expect(run.store.subscriptionOf(toOa("ba-ngay"))).not.toBeNull();
});

test("where paying is allowed those of the last seven days get it, too", async () => {
  const run = await announce({ moi: 1, "ba-ngay": 72, "tam-ngay": 8 * 24 }, { paidAllowed: true });
  await fake.until(() => run.store.broadcast("TB1")?.status === "finished");
  await run.delivery.stop();
  expect(fake.sent.map(({ to }) => to).toSorted()).toEqual(["ba-ngay", "moi"]);
});

test("a quota that ends in the middle leaves the rest waiting, staff are told, and it goes on when there is more", async () => {
  fake.switches.quota = 2;
  const run = await announce({ a: 1, b: 1, c: 1, d: 1 });
  await fake.until(() => run.told.some((sentence) => sentence.includes("hết lượt gửi")));
  expect(run.tally()).toMatchObject({ sent: 2 });
  expect(run.oa.told.join()).toContain("OA đã hết lượt gửi tin trên Zalo");
  fake.switches.quota = 10;
  await fake.until(() => run.store.broadcast("TB1")?.status === "finished");
  await run.delivery.stop();
  expect(fake.sent.map(({ to }) => to).toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("somebody who left the OA without our hearing of it is unsubscribed by the announcement", async () => {
  const run = await announce({ a: 1, b: 1 });
  fake.person("a", null);
  await fake.until(() => run.store.broadcast("TB1")?.status === "finished");
  await run.delivery.stop();
  expect(run.tally()?.refused).toMatchObject({ gone: 1 });
  expect(run.store.subscriptionOf(toOa("a"))).toBeNull();
  expect(run.store.subscriptionOf(toOa("b"))).not.toBeNull();
});

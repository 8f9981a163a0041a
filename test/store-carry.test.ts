import { beforeEach, describe, expect, test } from "vitest";
import { NO_MEMORY } from "../src/domain/conversation.ts";
import { EMPTY_TALLY } from "../src/domain/broadcast.ts";
import type { Address } from "../src/domain/reply.ts";
import { draftOf, submitted } from "./broadcast-drafts.ts";
import { storeContestants } from "./store-contestants.ts";
import { MORNING, person, subscription } from "./store-people.ts";

const CODE = "CK7K3FQR";
const OLD = person("an");
const NEW: Address = { channel: "web", person: "an trên trang" };
const UNKNOWN = { status: "unknown" };

let clock = MORNING;
const now = (): Date => clock;

beforeEach(() => {
  clock = MORNING;
});

function later(minutes: number): Date {
  return new Date(MORNING.getTime() + minutes * 60_000);
}

describe.each(storeContestants(now))(
  "going on in another channel, in a store $name",
  ({ open }) => {
    test("a code moves subscription and commune once, also after a restart", async () => {
      const opened = await open();
      await opened.store.subscribe(OLD, subscription());
      opened.store.remember(OLD, MORNING, {
        ...NO_MEMORY,
        commune: "30742",
        entitlement: "mai-tang",
      });
      expect(await opened.store.offerCarry(OLD, CODE, later(15))).toBe(true);
      expect(opened.store.dataOf(OLD, MORNING).hasCarryCode).toBe(true);
      const store = await opened.restart();
      expect(await store.carry(CODE, NEW, later(14))).toEqual({
        status: "carried",
        subscription: subscription(),
        commune: "30742",
      });
      expect(store.dataOf(OLD, later(14))).toEqual({
        subscription: null,
        hasConversation: true,
        commune: null,
        hasCarryCode: false,
      });
      expect(store.recall(OLD, later(14)).entitlement).toBe("mai-tang");
      expect(store.subscriptionOf(NEW)).toEqual(subscription());
      expect(store.recall(NEW, later(14))).toEqual({ ...NO_MEMORY, commune: "30742" });
      expect(await store.carry(CODE, person("kẻ khác"), later(14))).toEqual(UNKNOWN);
    });

    test("of two who type the same code at the same time, one gets it all", async () => {
      const { store } = await open();
      await store.subscribe(OLD, subscription());
      await store.offerCarry(OLD, CODE, later(15));
      const found = await Promise.all([
        store.carry(CODE, NEW, MORNING),
        store.carry(CODE, person("bình"), MORNING),
      ]);
      expect(found.map(({ status }) => status)).toEqual(["carried", "unknown"]);
      expect(store.subscriptionOf(person("bình"))).toBeNull();
    });

    test("a wrong, expired, replaced or erased code moves nothing", async () => {
      const { store } = await open();
      await store.subscribe(OLD, subscription());
      await store.offerCarry(OLD, "CK2AAAAA", later(15));
      await store.offerCarry(OLD, CODE, later(15));
      for (const code of ["CK2AAAAA", "CK9ZZZZZ", ""]) {
        expect(await store.carry(code, NEW, MORNING)).toEqual(UNKNOWN);
      }
      expect(await store.carry(CODE, NEW, later(15))).toEqual(UNKNOWN);
      expect(await store.carry(CODE, OLD, MORNING)).toEqual({ status: "same-chat" });
      expect((await store.erase(OLD)).hasCarryCode).toBe(true);
      await store.subscribe(OLD, subscription());
      expect(await store.carry(CODE, NEW, MORNING)).toEqual(UNKNOWN);
      expect(store.subscriptionOf(OLD)).toEqual(subscription());
    });

    test("a code is no use when nothing is left to be moved, and two people never have the same", async () => {
      const { store } = await open();
      await store.subscribe(OLD, subscription());
      expect(await store.offerCarry(OLD, CODE, later(15))).toBe(true);
      expect(await store.offerCarry(OLD, CODE, later(20))).toBe(true);
      expect(await store.offerCarry(person("bình"), CODE, later(15))).toBe(false);
      await store.unsubscribe(OLD);
      expect(await store.carry(CODE, NEW, MORNING)).toEqual(UNKNOWN);
    });

    test("topics add up with those of the new chat, and a commune named there counts more", async () => {
      const { store } = await open();
      await store.subscribe(OLD, { ...subscription(), topics: [{ type: "all" }] });
      await store.subscribe(NEW, subscription("viec-lam"));
      store.remember(OLD, MORNING, { ...NO_MEMORY, commune: "30742" });
      store.remember(NEW, MORNING, { ...NO_MEMORY, commune: "31108", entitlement: "mai-tang" });
      await store.offerCarry(OLD, CODE, later(15));
      await store.carry(CODE, NEW, MORNING);
      expect(store.subscriptionOf(NEW)?.topics).toEqual([
        { type: "field", id: "viec-lam" },
        { type: "all" },
      ]);
      expect(store.recall(NEW, MORNING)).toMatchObject({
        commune: "31108",
        entitlement: "mai-tang",
      });
    });

    test("an announcement that waits for the old chat waits for the new one, once", async () => {
      const { store, restart } = await open();
      await store.subscribe(OLD, subscription());
      await store.subscribe(person("bình"), subscription());
      await submitted(store, draftOf("TB1"));
      await store.offerCarry(OLD, CODE, later(15));
      await store.carry(CODE, NEW, MORNING);
      const again = await restart();
      expect(again.waitingFor(NEW).map(({ broadcast }) => broadcast.id)).toEqual(["TB1"]);
      expect(again.broadcast("TB1")?.people).toEqual({ web: 1, telegram: 1 });
      expect(again.tallies("TB1")).toEqual({
        web: { ...EMPTY_TALLY, waiting: 1 },
        telegram: { ...EMPTY_TALLY, waiting: 1 },
      });
      expect((await again.claim("TB1", "telegram"))?.to).toEqual(person("bình"));
      expect(await again.claim("TB1", "telegram")).toBeNull();
      expect((await again.claim("TB1", "web"))?.to).toEqual(NEW);
    });

    test("who stands on the list in both chats gets it in the new one alone", async () => {
      const { store } = await open();
      await store.subscribe(OLD, subscription());
      await store.subscribe(NEW, subscription());
      await submitted(store, draftOf("TB1"));
      await store.offerCarry(OLD, CODE, later(15));
      await store.carry(CODE, NEW, MORNING);
      expect(store.tallies("TB1")).toEqual({
        web: { ...EMPTY_TALLY, waiting: 1 },
        telegram: { ...EMPTY_TALLY, left: 1 },
      });
    });

    test("an announcement that is not for the new channel counts as left", async () => {
      const { store } = await open();
      await store.subscribe(OLD, subscription());
      const audience = { ...draftOf("TB1").audience, channels: ["telegram"] };
      await submitted(store, { ...draftOf("TB1"), audience });
      await store.offerCarry(OLD, CODE, later(15));
      await store.carry(CODE, NEW, MORNING);
      expect(store.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, left: 1 });
      expect(store.waitingFor(NEW)).toEqual([]);
    });

    test("one that was being sent and comes back waits in the new channel, never at an address of another", async () => {
      const { store } = await open();
      for (const name of ["an", "bình"]) await store.subscribe(person(name), subscription());
      await submitted(store, draftOf("TB1"));
      const claimed = await store.claim("TB1", "telegram");
      if (claimed === null) throw new Error("expected somebody to wait");
      await store.offerCarry(claimed.to, CODE, later(15));
      await store.carry(CODE, NEW, MORNING);
      await store.turn(claimed.delivery, { from: ["claimed"], to: "waiting" });
      expect((await store.claim("TB1", "telegram"))?.to).toEqual(person("bình"));
      expect(await store.claim("TB1", "telegram")).toBeNull();
      expect(store.broadcast("TB1")?.people).toEqual({ web: 1, telegram: 1 });
      expect(store.waitingFor(NEW)).toHaveLength(1);
    });

    test("a list that is being frozen meanwhile has the person in one channel or the other", async () => {
      const { store } = await open();
      for (let index = 0; index < 3_000; index += 1) {
        await store.subscribe(person(`p${index}`), subscription());
      }
      await store.offerCarry(person("p2999"), CODE, later(15));
      const freezing = submitted(store, draftOf("TB1"));
      await store.carry(CODE, NEW, MORNING);
      const { people } = await freezing;
      expect(Object.values(people).reduce((sum, count) => sum + count, 0)).toBe(3_000);
      let claims = 0;
      while ((await store.claim("TB1", "telegram")) !== null) claims += 1;
      expect(claims).toBe(2_999);
      expect(store.waitingFor(NEW)).toHaveLength(1);
      expect(store.broadcast("TB1")?.people).toEqual({ web: 1, telegram: 2_999 });
    });
  },
);

import { beforeEach, describe, expect, test } from "vitest";
import { NO_MEMORY } from "../src/domain/conversation.ts";
import type { Incoming } from "../src/domain/reply.ts";
import { LIMITS } from "../src/domain/store.ts";
import { storeContestants } from "./store-contestants.ts";
import { message, MORNING, person, subscription, unanswered } from "./store-people.ts";

const HOUR_MS = 60 * 60 * 1000;

let clock = MORNING;
const now = (): Date => clock;

beforeEach(() => {
  clock = MORNING;
});

function later(hours: number): Date {
  return new Date(MORNING.getTime() + hours * HOUR_MS);
}

describe.each(storeContestants(now))("a store $name", ({ open }) => {
  test("takes a message over once and hands it out until it is settled, oldest first", async () => {
    const { store, restart } = await open();
    const messages = Array.from({ length: 20 }, (_, index) => message(`${index}`));
    for (const incoming of messages) expect(await store.accept(incoming)).toBe(true);
    const button: Incoming = {
      ...message("button"),
      content: { type: "action", action: { do: "entitlement", id: "mai-tang", facet: "who" } },
    };
    expect(await store.accept(button)).toBe(true);
    await store.settle(message("0"));
    const again = await restart();
    expect(again.pending()).toEqual([...messages.slice(1), button]);
    expect(await again.accept(message("0"))).toBe(false);
    expect(await again.accept(message("1"))).toBe(false);
  });

  test("takes over only one of two equal messages that come at the same time", async () => {
    const { store } = await open();
    const taken = await Promise.all([store.accept(message("7")), store.accept(message("7"))]);
    expect(taken).toEqual([true, false]);
    expect(store.pending()).toHaveLength(1);
  });

  test("tells apart equal ids of two channels", async () => {
    const { store } = await open();
    expect(await store.accept(message("7"))).toBe(true);
    expect(await store.accept(message("7", { channel: "web", person: "an" }))).toBe(true);
  });

  test("forgets a processed id after 24 hours, but not a message still waiting", async () => {
    const { store } = await open();
    await store.accept(message("settled"));
    await store.accept(message("waiting"));
    await store.settle(message("settled"));
    clock = later(23.9);
    expect(await store.accept(message("settled"))).toBe(false);
    clock = later(24.1);
    expect(await store.accept(message("settled"))).toBe(true);
    expect(await store.accept(message("waiting"))).toBe(false);
  });

  test("keeps at most the 50,000 newest processed ids", async () => {
    const { store } = await open();
    const count = LIMITS.processedIds + 1;
    const messages = Array.from({ length: count }, (_, index) => message(`${index}`));
    await Promise.all(messages.map((incoming) => store.accept(incoming)));
    await Promise.all(messages.map((incoming) => store.settle(incoming)));
    expect(await store.accept(message("1"))).toBe(false);
    expect(await store.accept(message("0"))).toBe(true);
  });

  test("subscribes people, changes what they want, and lets them go", async () => {
    const { store, restart } = await open();
    await store.subscribe(person("an"), subscription());
    await store.subscribe(person("bình"), { ...subscription(), topics: [{ type: "all" }] });
    await store.subscribe({ channel: "web", person: "an" }, subscription());
    const changed = { ...subscription(), topics: [{ type: "commune" as const, code: "30742" }] };
    await store.subscribe(person("an"), changed);
    expect(await store.unsubscribe(person("bình"))).toBe(true);
    expect(await store.unsubscribe(person("bình"))).toBe(false);
    const again = await restart();
    expect(again.subscriptionOf(person("an"))).toEqual(changed);
    expect(again.subscriptionOf(person("bình"))).toBeNull();
    expect(again.subscriberCounts()).toEqual({
      telegram: { people: 1, topics: { "30742": 1 } },
      web: { people: 1, topics: { "viec-lam": 1 } },
    });
  });

  test("is not changed by what a caller does with a subscription afterwards", async () => {
    const { store } = await open();
    const wanted = subscription();
    await store.subscribe(person("an"), wanted);
    wanted.topics.length = 0;
    expect(store.subscriptionOf(person("an"))?.topics).toHaveLength(1);
  });

  test("keeps unanswered questions in order, the newest 10,000, for 90 days", async () => {
    const { store, restart } = await open();
    const nearest = { entitlement: "mai-tang", score: 0.4 };
    const old = { ...unanswered("cũ"), day: "2026-08-28" as const };
    const entries = Array.from({ length: LIMITS.unanswered - 1 }, (_, index) => ({
      ...unanswered(`câu ${index}`),
      nearest,
    }));
    await Promise.all([old, old, ...entries].map((entry) => store.recordUnanswered(entry)));
    clock = later(24);
    const again = await restart();
    expect(again.unanswered()).toEqual([old, ...entries]);
    clock = later(48);
    expect(again.unanswered()).toEqual(entries);
  });

  test("remembers a conversation at once, also after a restart, and lets it fade after 30 minutes", async () => {
    const { store, restart } = await open();
    const memory = {
      entitlement: "mai-tang",
      choices: [{ do: "menu" as const }],
      commune: "30742",
      askedForPlace: true,
      question: "tiền ma chay bao nhiêu",
      awaitsNotice: false,
      answered: "mai-tang",
    };
    store.remember(person("an"), MORNING, NO_MEMORY);
    store.remember(person("an"), MORNING, memory);
    expect(store.recall(person("an"), MORNING)).toEqual(memory);
    const again = await restart();
    expect(again.recall(person("an"), later(0.5))).toEqual(memory);
    expect(again.recall(person("an"), later(0.51))).toEqual(NO_MEMORY);
    expect(again.recall(person("bình"), MORNING)).toEqual(NO_MEMORY);
  });

  test("shows a person everything kept about them, and erases it", async () => {
    const { store, restart } = await open();
    await store.subscribe(person("an"), subscription());
    await store.subscribe(person("bình"), subscription());
    store.remember(person("an"), MORNING, { ...NO_MEMORY, commune: "30742" });
    await store.accept(message("1"));
    await store.accept(message("2", person("bình")));
    const kept = {
      subscription: subscription(),
      hasConversation: true,
      commune: "30742",
      hasCarryCode: false,
    };
    expect(store.dataOf(person("an"), MORNING)).toEqual(kept);
    const [, erased] = await Promise.all([store.accept(message("3")), store.erase(person("an"))]);
    expect(erased).toEqual(kept);
    const again = await restart();
    const nothing = {
      subscription: null,
      hasConversation: false,
      commune: null,
      hasCarryCode: false,
    };
    expect(again.dataOf(person("an"), MORNING)).toEqual(nothing);
    expect(again.recall(person("an"), MORNING)).toEqual(NO_MEMORY);
    expect(again.pending()).toEqual([message("2", person("bình"))]);
    expect(again.subscriptionOf(person("bình"))).toEqual(subscription());
  });

  test("lets a group keep what it has when its address changes, also the second time", async () => {
    const { store, restart } = await open();
    const [group, supergroup] = [person("-1"), person("-100")];
    const memory = { ...NO_MEMORY, commune: "30742" };
    await store.subscribe(group, subscription());
    store.remember(group, MORNING, memory);
    await store.accept(message("1", group));
    await store.accept(message("2", person("bình")));
    const [taken] = await Promise.all([
      store.accept(message("3", group)),
      store.move(group, supergroup),
    ]);
    expect(taken).toBe(true);
    await store.move(group, supergroup);
    await store.move(supergroup, supergroup);
    const again = await restart();
    const nothing = {
      subscription: null,
      hasConversation: false,
      commune: null,
      hasCarryCode: false,
    };
    expect(again.dataOf(group, MORNING)).toEqual(nothing);
    expect(again.subscriptionOf(supergroup)).toEqual(subscription());
    expect(again.recall(supergroup, MORNING)).toEqual(memory);
    expect(again.pending()).toEqual([
      message("1", supergroup),
      message("2", person("bình")),
      message("3", supergroup),
    ]);
    await again.settle(message("1", group));
    expect(again.pending()).toHaveLength(2);
    expect(await again.accept(message("1", supergroup))).toBe(false);
  });

  test("adds up the topics of an address that is already subscribed, and goes on with the newer conversation", async () => {
    const { store, restart } = await open();
    const [group, supergroup] = [person("-1"), person("-100")];
    await store.subscribe(group, {
      topics: [{ type: "all" }, { type: "field", id: "viec-lam" }],
      since: later(-1),
      consent: "2026-10",
    });
    await store.subscribe(supergroup, subscription("viec-lam"));
    store.remember(group, later(-0.1), { ...NO_MEMORY, commune: "30742" });
    store.remember(supergroup, MORNING, { ...NO_MEMORY, commune: "31108" });
    await store.move(group, supergroup);
    await store.move(group, supergroup);
    const again = await restart();
    expect(again.subscriptionOf(group)).toBeNull();
    expect(again.subscriptionOf(supergroup)).toEqual({
      ...subscription("viec-lam"),
      topics: [{ type: "field", id: "viec-lam" }, { type: "all" }],
    });
    expect(again.recall(supergroup, MORNING).commune).toBe("31108");
    expect(again.recall(group, MORNING)).toEqual(NO_MEMORY);
  });

  test("keeps any text, id and person as they are", async () => {
    const { store, restart } = await open();
    const odd = ["", "\n\r\u2028", '"}]', "__proto__", "constructor", "👩‍👩‍👧 Ẵ \u0000", "\ud800"];
    for (const text of odd) {
      await store.subscribe(person(text), subscription(text));
      await store.recordUnanswered(unanswered(text));
    }
    const again = await restart();
    expect(again.unanswered().map((entry) => entry.text)).toEqual(odd);
    for (const text of odd) {
      expect(again.subscriptionOf(person(text))).toEqual(subscription(text));
    }
  });

  test("counts what was sent in a month, each channel and month apart", async () => {
    const { store, restart } = await open();
    expect(store.sendsIn("zalo-bot", "2026-11")).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => store.countSends("zalo-bot", "2026-11", 1)));
    expect(await store.countSends("zalo-bot", "2026-12", 2)).toBe(2);
    const again = await restart();
    expect(again.sendsIn("zalo-bot", "2026-11")).toBe(20);
    expect(again.sendsIn("zalo-oa", "2026-11")).toBe(0);
  });

  test("counts the subscribers of a channel who did not write lately, and those who never did", async () => {
    const { store, restart } = await open();
    for (const name of ["an", "bình", "chi"]) await store.subscribe(person(name), subscription());
    await store.subscribe({ channel: "web", person: "dung" }, subscription());
    store.noteContact(person("an"), MORNING);
    store.noteContact(person("bình"), later(1));
    store.noteContact(person("em"), MORNING);
    const again = await restart();
    expect(again.countOutOfWindow("telegram", MORNING)).toBe(1);
    expect(again.countOutOfWindow("telegram", later(1))).toBe(2);
    expect(again.countOutOfWindow("telegram", later(2))).toBe(3);
    expect(again.countOutOfWindow("web", MORNING)).toBe(1);
    expect(again.countOutOfWindow("zalo-oa", MORNING)).toBe(0);
  });

  test("knows when somebody last wrote, and erases that with everything else", async () => {
    const { store, restart } = await open();
    expect(store.lastContactOf(person("an"))).toBeNull();
    store.noteContact(person("an"), MORNING);
    store.noteContact(person("an"), later(1));
    await store.subscribe(person("bình"), subscription());
    const again = await restart();
    expect(again.lastContactOf(person("an"))).toEqual(later(1));
    await again.erase(person("an"));
    expect(again.lastContactOf(person("an"))).toBeNull();
  });
});

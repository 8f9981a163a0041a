import { beforeEach, describe, expect, test } from "vitest";
import { release, stop } from "../src/broadcast/transitions.ts";
import { EMPTY_TALLY } from "../src/domain/broadcast.ts";
import type { Store } from "../src/domain/store.ts";
import { LIMITS } from "../src/domain/store.ts";
import { anAct, draftOf, submitted } from "./broadcast-drafts.ts";
import { storeContestants } from "./store-contestants.ts";
import { MORNING, person, subscription } from "./store-people.ts";

let clock = MORNING;

beforeEach(() => {
  clock = MORNING;
});

describe.each(storeContestants(() => clock))("announcements in a store $name", ({ open }) => {
  test("freezes everybody who is meant, and nobody who joins later", async () => {
    const { store, restart } = await open();
    await store.subscribe(person("an"), subscription("viec-lam"));
    await store.subscribe(person("bình"), { ...subscription(), topics: [{ type: "all" }] });
    await store.subscribe(person("chi"), subscription("nha-o"));
    await store.subscribe({ channel: "web", person: "dung" }, subscription("viec-lam"));
    const audience = { everyone: false, fields: ["viec-lam"], communes: [], channels: null };
    expect(store.countMeant({ audience, corrects: null })).toEqual({ telegram: 2, web: 1 });
    const broadcast = await submitted(store, { ...draftOf("TB1"), audience });
    await store.subscribe(person("em"), subscription("viec-lam"));
    expect(broadcast.people).toEqual({ telegram: 2, web: 1 });
    const again = await restart();
    expect(again.broadcast("TB1")).toEqual(broadcast);
    expect(again.tallies("TB1")).toEqual({
      telegram: { ...EMPTY_TALLY, waiting: 2 },
      web: { ...EMPTY_TALLY, waiting: 1 },
    });
    expect(again.deliveries("TB1")).toHaveLength(3);
    expect(JSON.stringify(again.deliveries("TB1"))).not.toMatch(/bình|dung/);
  });

  test("freezes everybody when it is for all, on the channels it names", async () => {
    const { store } = await open();
    await store.subscribe(person("an"), {
      ...subscription(),
      topics: [{ type: "commune", code: "30742" }],
    });
    await store.subscribe({ channel: "web", person: "dung" }, subscription());
    const audience = { everyone: true, fields: [], communes: [], channels: ["web"] };
    expect((await submitted(store, { ...draftOf("TB1"), audience })).people).toEqual({ web: 1 });
  });

  test("reaches a group whose address changed while its announcement waited", async () => {
    const { store, restart } = await open();
    await store.subscribe(person("-1"), subscription());
    await submitted(store, draftOf("TB1"));
    await store.move(person("-1"), person("-100"));
    const again = await restart();
    expect((await again.claim("TB1", "telegram"))?.to).toEqual(person("-100"));
    expect(await again.claim("TB1", "telegram")).toBeNull();
  });

  test("hands each person out once, whoever asks at the same time", async () => {
    const { store } = await open();
    await subscribeMany(store, 30);
    await submitted(store, draftOf("TB1"));
    const claims = await Promise.all(
      Array.from({ length: 40 }, () => store.claim("TB1", "telegram")),
    );
    const people = claims.flatMap((claimed) => claimed?.to.person ?? []);
    expect(new Set(people).size).toBe(30);
    expect(people).toHaveLength(30);
    expect(await store.claim("TB1", "telegram")).toBeNull();
    expect(await store.claim("TB1", "web")).toBeNull();
    expect(await store.claim("none", "telegram")).toBeNull();
  });

  test("passes over who left, also who came back since", async () => {
    const { store, restart } = await open();
    for (const name of ["an", "bình", "chi"]) await store.subscribe(person(name), subscription());
    await submitted(store, draftOf("TB1"));
    await store.unsubscribe(person("an"));
    await store.erase(person("bình"));
    await store.subscribe(person("bình"), subscription());
    const again = await restart();
    expect((await again.claim("TB1", "telegram"))?.to).toEqual(person("chi"));
    expect(await again.claim("TB1", "telegram")).toBeNull();
    expect(again.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, claimed: 1, left: 2 });
  });

  test("keeps somebody on the list who changes what they want to hear", async () => {
    const { store } = await open();
    await store.subscribe(person("an"), subscription("viec-lam"));
    await submitted(store, draftOf("TB1"));
    await store.subscribe(person("an"), subscription("nha-o"));
    expect((await store.claim("TB1", "telegram"))?.to).toEqual(person("an"));
  });

  test("moves a row only from where it may be moved", async () => {
    const { store, restart } = await open();
    await store.subscribe(person("an"), subscription());
    await submitted(store, draftOf("TB1"));
    const claimed = await store.claim("TB1", "telegram");
    if (claimed === null) throw new Error("expected somebody to be claimed");
    const { delivery } = claimed;
    expect(await store.turn(delivery, { from: ["waiting"], to: "sent" })).toBe(false);
    const refused = { from: ["claimed"], to: "refused", reason: "blocked" } as const;
    expect(await store.turn(delivery, refused)).toBe(true);
    expect(await store.turn(delivery, refused)).toBe(false);
    const again = await restart();
    expect(again.tallies("TB1")["telegram"]).toEqual({
      ...EMPTY_TALLY,
      refused: { ...EMPTY_TALLY.refused, blocked: 1, gone: 0, rejected: 0 },
    });
  });

  test("after a crash, rows found claimed are doubtful and a half-frozen list is gone", async () => {
    const { store, restart } = await open();
    await subscribeMany(store, 3);
    await submitted(store, draftOf("TB1"));
    await submitted(store, { ...draftOf("TB2"), notice: "2026-12-02-khac" });
    await store.change("TB2", (current) => ({ ...current, status: "freezing" }));
    await store.claim("TB1", "telegram");
    const again = await restart();
    expect(await again.recoverBroadcasts()).toEqual(["TB1"]);
    expect(again.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, waiting: 2, doubtful: 1 });
    expect(again.broadcast("TB2")).toBeNull();
    expect(again.deliveries("TB2")).toEqual([]);
    expect(await again.recoverBroadcasts()).toEqual([]);
    expect(await again.turnAll("TB1", "telegram", { from: ["doubtful"], to: "waiting" })).toBe(1);
    expect(again.tallies("TB1")["telegram"]).toEqual({ ...EMPTY_TALLY, waiting: 3 });
  });

  test("what is being frozen just now is not taken for what a crash left", async () => {
    const { store } = await open();
    await subscribeMany(store, 1_500);
    const submission = store.submit(draftOf("TB1"), anAct());
    const recovered = store.recoverBroadcasts();
    expect((await submission)?.people).toEqual({ telegram: 1_500 });
    expect(await recovered).toEqual([]);
    expect(store.tallies("TB1")["telegram"]?.waiting).toBe(1_500);
  });

  test("a group that moves while its turn comes is not lost", async () => {
    const { store } = await open();
    const to = { channel: "telegram", person: "-1002" };
    await store.subscribe(person("-1"), subscription());
    await submitted(store, draftOf("TB1"));
    const [claimed] = await Promise.all([
      store.move(person("-1"), to).then(() => store.claim("TB1", "telegram")),
      store.claim("TB1", "telegram").then((early) => expect(early?.to ?? to).toEqual(to)),
    ]);
    const tally = store.tallies("TB1")["telegram"];
    expect([claimed?.to ?? to, tally?.left]).toEqual([to, 0]);
  });

  test("a newer version takes the place of one that was not released, and of none that was", async () => {
    const { store, restart } = await open();
    await subscribeMany(store, 2);
    await submitted(store, draftOf("TB1"));
    const second = await submitted(store, draftOf("TB2"));
    expect(second.version).toBe(2);
    expect(store.broadcast("TB1")?.status).toBe("replaced");
    expect(store.deliveries("TB1")).toEqual([]);
    await store.change("TB2", release({ by: "telegram:2", at: MORNING }));
    expect(await store.submit(draftOf("TB3"), anAct())).toBeNull();
    const again = await restart();
    expect(again.broadcast("TB3")).toBeNull();
    expect(again.broadcasts().map(({ id }) => id)).toEqual(["TB2", "TB1"]);
    expect(again.released().map(({ id }) => id)).toEqual(["TB2"]);
  });

  test("of two submissions at the same time the later one counts", async () => {
    const { store } = await open();
    await subscribeMany(store, 2);
    const both = await Promise.all([
      store.submit(draftOf("TB1"), anAct()),
      store.submit(draftOf("TB2"), anAct()),
    ]);
    expect(both.map((broadcast) => broadcast?.version)).toEqual([1, 2]);
    expect(store.broadcast("TB1")?.status).toBe("replaced");
    expect(store.broadcast("TB2")?.status).toBe("submitted");
  });

  test("changes a broadcast only as decided from where it stands", async () => {
    const { store } = await open();
    await subscribeMany(store, 1);
    await submitted(store, draftOf("TB1"));
    const byTwo = release({ by: "telegram:2", at: MORNING });
    const [first, second] = await Promise.all([
      store.change("TB1", byTwo),
      store.change("TB1", byTwo),
    ]);
    expect(first?.status).toBe("released");
    expect(second).toBeNull();
    expect(await store.change("none", byTwo)).toBeNull();
    await store.change("TB1", stop({ by: "telegram:1", at: MORNING }));
    expect(store.broadcast("TB1")?.acts.map(({ did }) => did)).toEqual([
      "submitted",
      "released",
      "stopped",
    ]);
  });

  test("a correction goes to those who have the other announcement, or may have it", async () => {
    const { store } = await open();
    await subscribeMany(store, 4);
    await submitted(store, draftOf("TB1"));
    const rows = [];
    for (let row = 0; row < 4; row++) rows.push(await store.claim("TB1", "telegram"));
    const ends = ["sent", "doubtful", "refused", "sent"] as const;
    for (const [index, claimed] of rows.entries()) {
      if (claimed === null) throw new Error("expected a row");
      await store.turn(claimed.delivery, { from: ["claimed"], to: ends[index] ?? "sent" });
    }
    await store.unsubscribe(rows[3]?.to ?? person("none"));
    const correction = { ...draftOf("TB2"), notice: "2026-12-03-dinh-chinh", corrects: "TB1" };
    expect(store.countMeant(correction)).toEqual({ telegram: 2 });
    expect((await submitted(store, correction)).people).toEqual({ telegram: 2 });
  });

  test("tells a person's page which announcements wait for it", async () => {
    const { store } = await open();
    const page = { channel: "web", person: "an" };
    await store.subscribe(page, subscription());
    await store.subscribe({ channel: "web", person: "bình" }, subscription());
    await submitted(store, draftOf("TB1"));
    const [waiting] = store.waitingFor(page);
    expect(waiting?.broadcast.id).toBe("TB1");
    if (waiting === undefined) throw new Error("expected an announcement");
    await store.turn(waiting.delivery, { from: ["waiting"], to: "sent" });
    expect(store.waitingFor(page)).toEqual([]);
    expect(store.waitingFor({ channel: "web", person: "bình" })).toHaveLength(1);
    expect(store.waitingFor({ channel: "web", person: "chi" })).toEqual([]);
  });

  test("forgets who stood on a list a month after its end, and keeps the sums", async () => {
    const { store, restart } = await open();
    await subscribeMany(store, 2);
    await submitted(store, draftOf("TB1"));
    const totals = store.tallies("TB1");
    await store.change("TB1", (current) => ({
      ...current,
      status: "finished",
      endedAt: MORNING,
      totals,
    }));
    clock = new Date(MORNING.getTime() + LIMITS.deliveriesForMs + 1);
    const again = await restart();
    // A store in memory has nothing to sweep at a start.
    expect(again === store ? [] : again.deliveries("TB1")).toEqual([]);
    expect(again.broadcast("TB1")?.totals).toEqual(totals);
  });

  test("remembers on which day a channel proved that it works", async () => {
    const { store, restart } = await open();
    expect(store.heartbeatOf("telegram")).toBeNull();
    await store.setHeartbeat("telegram", "2026-11-25");
    expect((await restart()).heartbeatOf("telegram")).toBe("2026-11-25");
  });
});

async function subscribeMany(store: Store, people: number): Promise<void> {
  await Promise.all(
    Array.from({ length: people }, (_, index) =>
      store.subscribe(person(`người ${index}`), subscription()),
    ),
  );
}

import { afterEach, describe, expect, test } from "vitest";
import { decideDoubtful, resume, stop } from "../src/broadcast/transitions.ts";
import { EMPTY_TALLY } from "../src/domain/broadcast.ts";
import { APPROVER, AUTHOR, draftOf, submitted } from "./broadcast-drafts.ts";
import { createRun, platform } from "./broadcast-run.ts";
import { MORNING, subscription } from "./store-people.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Run = ReturnType<typeof createRun>;
const runs: Run[] = [];

function started(options: Parameters<typeof createRun>[0] = {}): Run {
  const run = createRun(options);
  runs.push(run);
  run.delivery.start();
  return run;
}

afterEach(async () => {
  for (const run of runs.splice(0)) {
    const stopped = run.delivery.stop();
    // What waits for a moment that will not come is let go.
    await run.time.pass(2 * MINUTE_MS);
    await stopped;
  }
});

function vietnam(text: string): Date {
  return new Date(`${text}:00+07:00`);
}

describe("rule 1: the list is frozen when it is submitted", () => {
  test("who leaves is skipped, who joins waits for the next announcement", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    await run.subscribe(3);
    const { store } = run;
    telegram.answer = () => {
      // In the middle of the sending one leaves and another joins.
      void store.unsubscribe({ channel: "telegram", person: "3" });
      void store.subscribe({ channel: "telegram", person: "4" }, subscription());
      return undefined;
    };
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(telegram.got.map(({ to }) => to).toSorted()).toEqual(["1", "2"]);
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 2, left: 1 });
  });

  test("the text is the one that was submitted", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    await run.subscribe(1);
    await run.releaseOf({ blocks: [{ type: "heading", text: "Bản đã trình" }] });
    await run.untilStatus("finished");
    expect(telegram.got[0]?.text).toBe("Bản đã trình");
  });
});

describe("rule 2: a row found claimed after a crash is doubtful, and only staff send it again", () => {
  test("it is listed, told to staff and not sent again by itself", async () => {
    const telegram = platform("telegram");
    const run = createRun({ platforms: [telegram] });
    runs.push(run);
    await run.subscribe(3);
    await run.releaseOf();
    // The crash: claimed, and nobody knows whether it left.
    await run.store.claim("TB1", "telegram");
    run.delivery.start();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 2, doubtful: 1 });
    expect(run.told.join("\n")).toContain("không rõ đã nhận chưa");
    expect(telegram.got).toHaveLength(2);

    await run.store.turnAll("TB1", null, { from: ["doubtful"], to: "waiting" });
    await run.store.change(
      "TB1",
      decideDoubtful("resent-doubtful", { by: APPROVER, at: run.time.now() }),
    );
    run.delivery.wake();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 3 });
    expect(new Set(telegram.got.map(({ to }) => to)).size).toBe(3);
  });
});

describe("rule 3: what the platform answers decides", () => {
  test("asked to wait, the whole channel waits, and the same person gets it then", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    let asked = 0;
    telegram.answer = () => {
      asked += 1;
      return asked === 3 ? { status: "retry-after", seconds: 30 } : undefined;
    };
    await run.subscribe(10);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 10 });
    const heldAt = telegram.got[1]?.at ?? 0;
    const afterwards = telegram.got.filter(({ at }) => at > heldAt + 2_000);
    expect(Math.min(...afterwards.map(({ at }) => at))).toBeGreaterThanOrEqual(heldAt + 30_000);
  });

  test("blocked and gone are refusals of their own and do not halt it", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ to }) =>
      Number(to) % 2 === 0
        ? { status: "refused", reason: Number(to) % 4 === 0 ? "gone" : "blocked" }
        : undefined;
    await run.subscribe(40);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({
      ...EMPTY_TALLY,
      sent: 20,
      refused: { ...EMPTY_TALLY.refused, blocked: 10, gone: 10, rejected: 0 },
    });
  });

  test("a lost connection leaves one doubtful, never sent twice", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ to }) => (to === "2" ? { status: "doubtful" } : undefined);
    await run.subscribe(4);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 3, doubtful: 1 });
    expect(run.results.filter((result) => result === "doubtful")).toHaveLength(1);
  });

  test("a platform that is down for an hour delays everybody and loses nobody", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ at }) =>
      at < HOUR_MS ? { status: "unreachable", why: "network" } : undefined;
    await run.subscribe(25);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 25 });
    expect(run.told.filter((sentence) => sentence.includes("Chưa kết nối được"))).toHaveLength(1);
    expect(run.told.filter((sentence) => sentence.includes("đã kết nối lại"))).toHaveLength(1);
    // Not hammered meanwhile.
    expect(run.results.filter((result) => result === "unreachable").length).toBeLessThan(300);
  });

  test("a token revoked in the middle stops nobody's place in the queue, and staff are told which setting", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = (_sending, count) =>
      count >= 5 ? { status: "unreachable", why: "token" } : undefined;
    await run.subscribe(12);
    await run.releaseOf();
    await run.time.until(() => run.told.some((sentence) => sentence.includes(".env")));
    expect(run.status()).toBe("released");
    await run.time.until(() => (run.tally()?.claimed ?? 1) === 0);
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 5, waiting: 7 });
  });
});

describe("rule 4: finished only when the sums agree, and a stop counts at once", () => {
  test("a missing row is told instead of a finish", async () => {
    const run = started();
    await run.subscribe(2);
    const broadcast = await run.releaseOf({ sendAt: new Date(run.time.now().getTime() + HOUR_MS) });
    await run.store.change(broadcast.id, (current) => ({ ...current, people: { telegram: 3 } }));
    await run.untilStatus("halted");
    expect(run.store.broadcast("TB1")?.halted).toBe("sums");
    expect(run.told.join("\n")).toContain("không khớp");
  });

  test("after a stop nothing leaves but what was under way; resumed, the waiting ones alone get it", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    await run.subscribe(100);
    await run.releaseOf();
    await run.time.until(() => telegram.got.length >= 10);
    const before = telegram.got.length;
    await run.store.change("TB1", stop({ by: AUTHOR, at: run.time.now() }));
    await run.time.pass(MINUTE_MS);
    expect(telegram.got.length - before).toBeLessThanOrEqual(4);
    const sent = telegram.got.length;
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent, waiting: 100 - sent });
    await run.store.change("TB1", resume({ by: APPROVER, at: run.time.now() }));
    run.delivery.wake();
    await run.untilStatus("finished");
    expect(telegram.got.map(({ to }) => to).toSorted()).toEqual(
      Array.from({ length: 100 }, (_, index) => String(index + 1)).toSorted(),
    );
  });

  test("nobody left to send to is a finish, not a wait", async () => {
    const run = started();
    await run.subscribe(3);
    for (const person of ["1", "2", "3"]) await run.store.erase({ channel: "telegram", person });
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.told.join("\n")).toContain("0 trên 0 người");
  });

  test("everybody gone since it was submitted is a finish with the reason", async () => {
    const run = started();
    await run.subscribe(3);
    const later = new Date(run.time.now().getTime() + HOUR_MS);
    await run.releaseOf({ sendAt: later });
    for (const person of ["1", "2", "3"])
      await run.store.unsubscribe({ channel: "telegram", person });
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, left: 3 });
  });

  test("what expires is counted as not sent", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = () => ({ status: "unreachable", why: "network" });
    await run.subscribe(5);
    await run.releaseOf({ expiresAt: new Date(run.time.now().getTime() + 2 * HOUR_MS) });
    await run.untilStatus("finished");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, expired: 5 });
    expect(run.store.broadcast("TB1")?.totals?.["telegram"]).toEqual(run.tally());
  });
});

describe("rule 6: it halts itself, and keeps quiet at night", () => {
  test("ten refusals that are a tenth of all halt it and say why; staff may resume", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ to }) =>
      Number(to) <= 15 ? { status: "refused", reason: "rejected" } : undefined;
    await run.subscribe(200);
    await run.releaseOf();
    await run.untilStatus("halted");
    await run.time.pass(MINUTE_MS);
    const tally = run.tally();
    expect(tally?.refused.rejected).toBeGreaterThanOrEqual(10);
    expect(tally?.refused.rejected).toBeLessThanOrEqual(14);
    expect(tally?.waiting).toBeGreaterThan(100);
    expect(run.told.join("\n")).toContain("tự dừng");
    await run.store.change("TB1", resume({ by: APPROVER, at: run.time.now() }));
    run.delivery.wake();
    await run.untilStatus("finished");
    expect(run.tally()).toMatchObject({ sent: 185, refused: { rejected: 15 } });
  });

  test("nine refusals, or fewer than a tenth, do not halt it", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ to }) =>
      Number(to) % 15 === 0 ? { status: "refused", reason: "rejected" } : undefined;
    await run.subscribe(300);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.tally()?.refused.rejected).toBe(20);
  });

  test("a run that reaches 21:00 goes on at 07:00", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram], start: vietnam("2026-11-25T20:59") });
    await run.subscribe(3_000);
    await run.releaseOf();
    await run.untilStatus("finished");
    const night = telegram.got.filter(({ at }) => at > MINUTE_MS + 1_000 && at < 10 * HOUR_MS);
    expect(night).toEqual([]);
    expect(telegram.got.filter(({ at }) => at <= MINUTE_MS + 1_000).length).toBeGreaterThan(1_000);
    expect(telegram.got.at(-1)?.at).toBeGreaterThan(10 * HOUR_MS);
    expect(telegram.got).toHaveLength(3_000);
  });

  test("an urgent one passes the quiet hours and goes before others", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram], start: vietnam("2026-11-25T22:00") });
    await run.subscribe(5);
    await run.releaseOf({ blocks: [{ type: "heading", text: "thường" }] });
    await run.releaseOf({
      id: "TB2",
      notice: "2026-12-02-khan",
      urgent: "bão",
      blocks: [{ type: "heading", text: "khẩn" }],
    });
    await run.untilStatus("finished", "TB2");
    expect(telegram.got.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => "khẩn"));
    await run.untilStatus("finished", "TB1");
    expect(telegram.got).toHaveLength(10);
  });

  test("it begins at its time, and asks when that passed more than half an hour ago", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram], start: vietnam("2026-11-25T08:00") });
    await run.subscribe(2);
    await run.releaseOf({ sendAt: vietnam("2026-11-25T09:00") });
    await run.time.pass(59 * MINUTE_MS);
    expect(telegram.got).toEqual([]);
    await run.untilStatus("finished");

    const late = started({ start: vietnam("2026-11-25T09:31") });
    await late.subscribe(2);
    await late.releaseOf({ sendAt: vietnam("2026-11-25T09:00") });
    await late.untilStatus("halted");
    expect(late.store.broadcast("TB1")?.halted).toBe("late");
    expect(late.told.join("\n")).toContain("hơn 30 phút");
    await late.store.change("TB1", resume({ by: APPROVER, at: late.time.now() }));
    late.delivery.wake();
    await late.untilStatus("finished");
    expect(late.tally()).toEqual({ ...EMPTY_TALLY, sent: 2 });
  });

  test("one that nobody released until it expired is no longer offered", async () => {
    const run = started();
    await run.subscribe(1);
    await submitted(run.store, {
      ...draftOf("TB1"),
      expiresAt: new Date(run.time.now().getTime() + HOUR_MS),
    });
    await run.untilStatus("replaced");
  });

  test("a clock that is set back or forward repeats nothing and loses nobody", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram], start: vietnam("2026-11-25T09:00") });
    await run.subscribe(200);
    await run.releaseOf({ sendAt: vietnam("2026-11-25T09:01") });
    await run.time.until(() => telegram.got.length > 20);
    run.time.setWallClock(vietnam("2026-11-25T08:00"));
    await run.time.until(() => telegram.got.length > 60);
    run.time.setWallClock(vietnam("2026-11-25T12:00"));
    await run.untilStatus("finished");
    expect(new Set(telegram.got.map(({ to }) => to)).size).toBe(200);
    expect(telegram.got).toHaveLength(200);
  });
});

describe("rule 6, where something else is wrong", () => {
  test("when nobody at all is found it halts early: this may be another bot", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = () => ({ status: "refused", reason: "gone" });
    await run.subscribe(200);
    await run.releaseOf();
    await run.untilStatus("halted");
    await run.time.pass(MINUTE_MS);
    expect(run.store.broadcast("TB1")?.halted).toBe("nobody-found");
    expect(run.tally()?.refused.gone).toBeLessThan(15);
    expect(run.told.join("\n")).toContain(".env");
  });

  test("one hiccup with several under way is one failure, and staff are not alarmed", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram], channel: { perSecond: 1_000 } });
    telegram.answer = async ({ at }) => {
      await run.time.wait(50);
      return at < 40 ? { status: "unreachable", why: "network" } : { status: "sent" };
    };
    await run.subscribe(30);
    await run.releaseOf();
    await run.untilStatus("finished");
    expect(run.told.join("\n")).not.toContain("Chưa kết nối được");
    expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 30 });
  });

  test("one that halted because rows were missing ends when it expires", async () => {
    const run = started();
    await run.subscribe(2);
    const broadcast = await run.releaseOf({
      expiresAt: new Date(run.time.now().getTime() + HOUR_MS),
    });
    await run.store.change(broadcast.id, (current) => ({ ...current, people: { telegram: 3 } }));
    await run.untilStatus("halted");
    await run.untilStatus("finished");
    expect(run.store.broadcast("TB1")?.totals?.["telegram"]).toEqual({ ...EMPTY_TALLY, sent: 2 });
  });

  test("those sent to again on staff's word do not wait for another announcement to end", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    await run.subscribe(300);
    telegram.answer = ({ to, text }) =>
      text === "một" && to === "300" ? { status: "doubtful" } : undefined;
    await run.releaseOf({ blocks: [{ type: "heading", text: "một" }] });
    await run.untilStatus("finished");
    await run.releaseOf({ id: "TB2", notice: "2026-12-02-khac" });
    await run.time.until(() => telegram.got.length > 320);
    telegram.answer = () => undefined;
    await run.store.turnAll("TB1", null, { from: ["doubtful"], to: "waiting" });
    await run.store.change(
      "TB1",
      decideDoubtful("resent-doubtful", { by: APPROVER, at: run.time.now() }),
    );
    run.delivery.wake();
    await run.untilStatus("finished", "TB1");
    expect(run.status("TB2")).toBe("released");
    await run.untilStatus("finished", "TB2");
  });
});

describe("rule 8: one that is broken holds up no other", () => {
  test("what makes the channel fail is halted, the next one goes out", async () => {
    const telegram = platform("telegram");
    const run = started({ platforms: [telegram] });
    telegram.answer = ({ text }) => {
      if (text === "hỏng") throw new Error("cannot be rendered");
      return undefined;
    };
    await run.subscribe(5);
    await run.releaseOf({ blocks: [{ type: "heading", text: "hỏng" }] });
    await run.releaseOf({ id: "TB2", notice: "2026-12-02-khac" });
    await run.untilStatus("finished", "TB2");
    expect(run.status("TB1")).toBe("halted");
    expect(run.store.broadcast("TB1")?.halted).toBe("broken");
    expect(telegram.got).toHaveLength(5);
    expect(run.tally("telegram", "TB1")?.waiting).toBeGreaterThanOrEqual(1);
  });

  test("a platform that does not answer delays no other platform", async () => {
    const slow = platform("zalo-oa");
    const telegram = platform("telegram");
    slow.answer = () => new Promise(() => undefined);
    const run = createRun({ platforms: [slow, telegram] });
    run.delivery.start();
    await run.subscribe(20);
    await run.subscribe(20, "zalo-oa");
    await run.releaseOf();
    await run.time.until(() => telegram.got.length === 20);
    expect(run.tally("zalo-oa")).toEqual({ ...EMPTY_TALLY, waiting: 16, claimed: 4 });
  });
});

describe("people who read on the page", () => {
  test("wait up to seven days for their page and are counted", async () => {
    const run = started({ start: MORNING });
    await run.subscribe(2, "web");
    await run.subscribe(1);
    await run.releaseOf();
    await run.time.until(() => run.told.some((sentence) => sentence.includes("chờ mở trang")));
    expect(run.pagesTold()).toBe(1);
    expect(run.status()).toBe("released");
    await run.time.pass(7 * DAY_MS + MINUTE_MS);
    expect(run.status()).toBe("finished");
    expect(run.tally("web")).toEqual({ ...EMPTY_TALLY, expired: 2 });
  });
});

test("at most as many are under way as the channel may have", async () => {
  const telegram = platform("telegram");
  let underWay = 0;
  let most = 0;
  const run = started({ platforms: [telegram], channel: { maxInFlight: 3, perSecond: 1_000 } });
  telegram.answer = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await run.time.wait(80);
    underWay -= 1;
    return { status: "sent" };
  };
  await run.subscribe(30);
  await run.releaseOf();
  await run.untilStatus("finished");
  expect(most).toBe(3);
});

test("the pace stays just below what the platform takes once it has said so", async () => {
  const telegram = platform("telegram");
  const run = started({ platforms: [telegram], channel: { maxInFlight: 50, perSecond: 1_000 } });
  const refusedAt: number[] = [];
  telegram.answer = ({ at }) => {
    const lastSecond = telegram.got.filter((one) => one.at > at - 1_000).length;
    if (lastSecond < 100) return undefined;
    refusedAt.push(at);
    return { status: "retry-after", seconds: 1 };
  };
  await run.subscribe(2_000);
  await run.releaseOf();
  await run.untilStatus("finished");
  expect(run.tally()).toEqual({ ...EMPTY_TALLY, sent: 2_000 });
  expect(Math.max(...refusedAt)).toBeLessThan(2_000);
  expect(run.time.clockMs()).toBeLessThan(25_000);
});

test("nothing is sent that could not be written down first", async () => {
  const telegram = platform("telegram");
  const run = started({ platforms: [telegram] });
  await run.subscribe(5);
  const claim = run.store.claim.bind(run.store);
  let full = true;
  run.store.claim = (id, channel) =>
    full
      ? Promise.reject(
          Object.assign(new Error("disk full"), { code: "STORE_UNAVAILABLE" as const }),
        )
      : claim(id, channel);
  await run.releaseOf();
  await run.time.pass(MINUTE_MS);
  expect(telegram.got).toEqual([]);
  full = false;
  await run.untilStatus("finished");
  expect(telegram.got).toHaveLength(5);
});

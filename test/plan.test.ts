import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { outlookOf, reachLines } from "../src/broadcast/describe.ts";
import { planUse, type ToSend } from "../src/broadcast/plan.ts";
import { release } from "../src/broadcast/transitions.ts";
import { withTerms } from "../src/channel-reach.ts";
import type { Address } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { MORNING, subscription } from "./store-people.ts";

const HOUR_MS = 60 * 60 * 1000;
const DECEMBER = new Date("2026-11-30T17:00:00Z");
const SOON: ToSend = { sendAt: null, people: { "zalo-bot": 300 } };

function use(own: ToSend, others: ToSend[], sent = 2_000) {
  return planUse("zalo-bot", { monthlyLimit: 3_000, sent }, own, others, MORNING);
}

describe("the plan of a month", () => {
  test("counts what was used, what others wait for, and what this one needs", () => {
    expect(use(SOON, [SOON, { sendAt: null, people: { telegram: 900 } }])).toEqual({
      month: "2026-11",
      left: 1_000,
      planned: 300,
      needs: 300,
      short: 0,
    });
    expect(use(SOON, [SOON], 2_500).short).toBe(100);
    expect(use(SOON, [], 9_000)).toMatchObject({ left: 0, short: 300 });
  });

  test("is the next month's for what is sent then, as Viet Nam counts months", () => {
    const later = { ...SOON, sendAt: DECEMBER };
    expect(use(later, [SOON], 3_000)).toMatchObject({ month: "2026-12", left: 3_000, planned: 0 });
    expect(use(SOON, [later], 3_000)).toMatchObject({ month: "2026-11", left: 0, planned: 0 });
    const past = { ...SOON, sendAt: new Date("2026-10-31T00:00:00Z") };
    expect(use(past, [past])).toMatchObject({ month: "2026-11", planned: 300 });
  });

  test("is never negative, and what is short is just what does not fit", () => {
    const count = fc.nat(1_000_000);
    const toSend = fc.record({
      sendAt: fc.constantFrom(null, MORNING, DECEMBER),
      people: fc.dictionary(fc.constantFrom("zalo-bot", "telegram"), count),
    });
    fc.assert(
      fc.property(count, count, toSend, fc.array(toSend), (monthlyLimit, sent, own, others) => {
        const found = planUse("zalo-bot", { monthlyLimit, sent }, own, others, MORNING);
        const { left, planned, needs, short } = found;
        expect(Math.min(left, planned, needs, short)).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(monthlyLimit);
        const all = [own, ...others].reduce((sum, one) => sum + (one.people["zalo-bot"] ?? 0), 0);
        expect(planned + needs).toBeLessThanOrEqual(all);
        expect(short === 0 ? planned + needs <= left : planned + needs - left === short).toBe(true);
      }),
    );
  });
});

describe("what staff see before a release", () => {
  const reach = {
    "zalo-bot": { perSecond: 1, closed: null },
    "zalo-oa": { perSecond: 10, closed: null },
  };
  const terms = {
    "zalo-bot": { monthlyLimit: 5 },
    "zalo-oa": { contactWindowMs: 48 * HOUR_MS },
  };

  async function subscribers(store: Store, channel: string, count: number): Promise<Address[]> {
    const people = Array.from({ length: count }, (_, index) => ({ channel, person: `${index}` }));
    for (const from of people) await store.subscribe(from, subscription());
    return people;
  }

  test("is what the month has left, what waits already, and who is out of reach", async () => {
    const store = createMemoryStore(() => MORNING);
    await subscribers(store, "zalo-bot", 2);
    const people = await subscribers(store, "zalo-oa", 3);
    for (const [index, from] of people.slice(0, 2).entries()) {
      store.noteContact(from, new Date(MORNING.getTime() - (index === 0 ? 48 : 49) * HOUR_MS));
    }
    await store.countSends("zalo-bot", "2026-11", 2);
    await submitted(store, { ...draftOf("TB1"), notice: "một" });
    await store.change("TB1", release({ by: APPROVER, at: MORNING }));
    const second = await submitted(store, { ...draftOf("TB2"), notice: "hai" });
    const lines = (id: typeof second) =>
      reachLines(id, outlookOf(store, id, withTerms(reach, terms, store, MORNING), MORNING));
    expect(lines(second)).toEqual([
      "Zalo OA, ngoài khung liên hệ: 2 người (trong mọi người đăng ký kênh này).",
      "Zalo Bot, hạn mức tháng 11/2026: còn 3, các tin đã duyệt cần 2, tin này cần 2: thiếu 1, phần thiếu chờ sang tháng sau nếu tin còn hạn.",
      expect.stringContaining("Thời gian gửi: dưới một phút"),
    ]);
    await store.turnAll("TB1", "zalo-bot", { from: ["waiting"], to: "sent" });
    expect(lines(second)).toContain("Zalo Bot, hạn mức tháng 11/2026: còn 3, tin này cần 2: đủ.");
    const first = store.broadcast("TB1");
    if (first === null) throw new Error("expected TB1");
    expect(lines(first).join("\n")).not.toContain("hạn mức");
  });

  test("is silent about a channel without plan or window", async () => {
    const store = createMemoryStore(() => MORNING);
    await subscribers(store, "zalo-bot", 2);
    const draft = await submitted(store, draftOf("TB1"));
    const outlook = outlookOf(store, draft, withTerms(reach, {}, store, MORNING), MORNING);
    expect(reachLines(draft, outlook)).toHaveLength(1);
  });
});

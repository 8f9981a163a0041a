import { expect, test } from "vitest";
import { createHeartbeat, isDue } from "../src/broadcast/heartbeat.ts";
import { createStaffTeller } from "../src/broadcast/tell-staff.ts";
import type { Address } from "../src/domain/reply.ts";
import type { SendResult } from "../src/domain/send-result.ts";
import type { Staff } from "../src/domain/staff.ts";
import { renderText } from "../src/channels/text-render.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { storeUnavailable } from "../src/store/unavailable.ts";

const HALF_PAST_SEVEN = new Date("2026-11-25T00:30:00Z");
const MINUTE_MS = 60_000;

const STAFF: Staff[] = [
  { address: { channel: "telegram", person: "1" }, roles: ["author"] },
  { address: { channel: "telegram", person: "2" }, roles: ["approver"] },
  { address: { channel: "zalo-bot", person: "z" }, roles: ["approver"] },
];

function clockAt(start: Date) {
  let at = start;
  return {
    now: () => at,
    pass: (minutes: number) => {
      at = new Date(at.getTime() + minutes * MINUTE_MS);
    },
  };
}

function office(start: Date, answers: (to: Address) => SendResult | Error) {
  const clock = clockAt(start);
  const store = createMemoryStore(clock.now);
  const sent: string[] = [];
  const alarms: string[] = [];
  const options = {
    staff: STAFF,
    store,
    send: (to: Address, reply: Parameters<typeof renderText>[0]): Promise<SendResult> => {
      const result = answers(to);
      if (result instanceof Error) return Promise.reject(result);
      if (result.status === "sent") sent.push(`${to.channel}:${to.person} ${renderText(reply)}`);
      return Promise.resolve(result);
    },
    summary: (day: string) => `ngày ${day} có 12 câu hỏi`,
    onAlarm: (sentence: string) => {
      alarms.push(sentence);
    },
    now: clock.now,
    wait: () => Promise.resolve(),
    log: () => undefined,
  };
  return { clock, store, sent, alarms, options };
}

const SENT: SendResult = { status: "sent" };
const UNREACHABLE: SendResult = { status: "unreachable", why: "network" };

test("staff hear once a day, from half past seven, that every channel works", async () => {
  const { clock, sent, alarms, options } = office(
    new Date(HALF_PAST_SEVEN.getTime() - MINUTE_MS),
    () => SENT,
  );
  const heartbeat = createHeartbeat(options);
  await heartbeat.look();
  expect(sent).toEqual([]);
  clock.pass(1);
  await heartbeat.look();
  const text = "An Sinh vẫn chạy. Hôm qua: ngày 2026-11-24 có 12 câu hỏi.";
  expect(sent).toEqual([`telegram:1 ${text}`, `telegram:2 ${text}`, `zalo-bot:z ${text}`]);
  clock.pass(600);
  await heartbeat.look();
  // Nor after a restart.
  await createHeartbeat(options).look();
  expect(sent).toHaveLength(3);
  clock.pass(24 * 60 - 600);
  await heartbeat.look();
  expect(sent).toHaveLength(6);
  expect(alarms).toEqual([]);
});

test("a run that starts in the evening proves the day late", async () => {
  const { sent, options } = office(new Date("2026-11-25T13:00:00Z"), () => SENT);
  await createHeartbeat(options).look();
  expect(sent).toHaveLength(3);
});

test("a channel that fails three times is told to the staff on the others, once, and when it is back", async () => {
  let isBroken = true;
  const { clock, sent, alarms, options } = office(HALF_PAST_SEVEN, ({ channel }) =>
    channel === "telegram" && isBroken ? UNREACHABLE : SENT,
  );
  const heartbeat = createHeartbeat(options);
  for (let minute = 0; minute < 20; minute += 1) {
    await heartbeat.look();
    clock.pass(1);
  }
  expect(alarms).toHaveLength(1);
  expect(alarms[0]).toContain("Kênh Telegram không gửi được");
  expect(sent.filter((line) => line.startsWith("zalo-bot:z Kênh Telegram"))).toHaveLength(1);
  isBroken = false;
  clock.pass(30);
  await heartbeat.look();
  expect(sent.filter((line) => line.startsWith("telegram:1 An Sinh vẫn chạy"))).toHaveLength(1);
  expect(alarms.at(-1)).toContain("gửi lại được");
});

test("one of the staff who blocked the bot does not make the channel broken", async () => {
  const { store, alarms, options } = office(HALF_PAST_SEVEN, ({ person }) =>
    person === "1" ? { status: "refused", reason: "blocked" } : SENT,
  );
  await createHeartbeat(options).look();
  expect(store.heartbeatOf("telegram")).toBe("2026-11-25");
  expect(alarms).toEqual([]);
});

test("a full disk does not make it repeat itself every minute", async () => {
  const { clock, store, sent, options } = office(HALF_PAST_SEVEN, () => SENT);
  const full = {
    ...store,
    setHeartbeat: () => Promise.reject(storeUnavailable("disk full")),
  };
  const heartbeat = createHeartbeat({ ...options, store: full });
  await heartbeat.look();
  clock.pass(1);
  await heartbeat.look();
  expect(sent).toHaveLength(3);
});

test("it looks every minute until it is stopped", async () => {
  const { sent, options } = office(HALF_PAST_SEVEN, () => SENT);
  const waits: (() => void)[] = [];
  const heartbeat = createHeartbeat({
    ...options,
    wait: (ms) => {
      expect(ms).toBe(MINUTE_MS);
      return new Promise((resolve) => waits.push(resolve));
    },
  });
  heartbeat.start();
  await heartbeat.stop();
  expect(sent).toHaveLength(3);
  for (const resolve of waits) resolve();
  await heartbeat.stop();
  expect(waits.length).toBeLessThanOrEqual(1);
});

test("failures of yesterday do not count today", () => {
  const lastAt = new Date("2026-11-24T16:00:00Z");
  const proof = { day: "2026-11-24" as const, isProved: false, failures: 9, lastAt };
  expect(isDue(proof, null, HALF_PAST_SEVEN)).toBe(true);
  expect(isDue(proof, "2026-11-25", HALF_PAST_SEVEN)).toBe(false);
});

test("telling staff never rejects and names the channels on which nobody got it", async () => {
  const answers: Record<string, SendResult | Error> = {
    "telegram:1": new Error("broken"),
    "telegram:2": SENT,
    "zalo-bot:z": new Error("broken"),
  };
  const { options, sent } = office(
    HALF_PAST_SEVEN,
    ({ channel, person }) => answers[`${channel}:${person}`] ?? SENT,
  );
  expect(await createStaffTeller(options).tell("Một câu.")).toEqual(["zalo-bot"]);
  expect(sent).toEqual(["telegram:2 Một câu."]);
});

import { expect, test } from "vitest";
import { reachNow, reachOf } from "../src/channel-reach.ts";
import { readConfig } from "../src/config.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";

const ALL = {
  ZALO_OA_APP_ID: "4321098765432109876",
  ZALO_OA_SECRET: "khoa-ung-dung",
  ZALO_OA_ID: "579745863508352884",
  ZALO_OA_WEBHOOK_KEY: "khoa-webhook",
  ZALO_OA_REFRESH_TOKEN: "ma-lam-moi",
};

function configOf(environment: Record<string, string>) {
  const config = readConfig(environment);
  if ("problems" in config) throw new Error(config.problems.join("\n"));
  return config;
}

function problemsOf(environment: Record<string, string>): string[] {
  const config = readConfig(environment);
  return "problems" in config ? config.problems : [];
}

test("without its settings there is no Zalo OA, also when only how to send is said", () => {
  expect(configOf({}).zaloOa).toBeNull();
  expect(configOf({ ZALO_OA_SEND: "cs", ZALO_OA_APP_ID: "" }).zaloOa).toBeNull();
});

test("with them there is one, which announcements reach", () => {
  const config = configOf(ALL);
  expect(config.zaloOa).toMatchObject({
    account: { appId: ALL.ZALO_OA_APP_ID, oaId: ALL.ZALO_OA_ID },
    sendWay: "cs-then-v2",
    signFirst: "app_id",
    paidAllowed: false,
  });
  expect(reachOf(config)["zalo-oa"]).toEqual({ perSecond: 20, closed: null });
  expect(configOf({ ...ALL, ZALO_OA_PAID: "1" }).zaloOa?.paidAllowed).toBe(true);
});

test("half-filled settings are one sentence that names what is missing, and no secret", () => {
  const { ZALO_OA_ID, ZALO_OA_APP_ID, ZALO_OA_SECRET } = ALL;
  expect(problemsOf({ ZALO_OA_ID, ZALO_OA_APP_ID, ZALO_OA_SECRET })).toEqual([
    "Zalo OA còn thiếu ZALO_OA_WEBHOOK_KEY, ZALO_OA_REFRESH_TOKEN; điền đủ trong .env, hoặc bỏ trống mọi dòng ZALO_OA nếu không dùng.",
  ]);
});

test.each([
  ["ZALO_OA_APP_ID", "abc", "phải là một dãy số"],
  ["ZALO_OA_SEND", "v3", "phải là cs, v2 hoặc cs-then-v2"],
  ["ZALO_OA_PAID", "yes", "phải là 0 hoặc 1"],
  ["ZALO_OA_SIGN_FIRST", "app", "phải là app_id hoặc oa_id"],
  ["ZALO_OA_API", "không", "phải là một địa chỉ"],
])("%s=%s is told in a sentence", (name, value, sentence) => {
  const problems = problemsOf({ ...ALL, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${name} ${sentence}`);
});

test("how many subscribers may not be written to depends on whether paid messages are allowed", async () => {
  const now = new Date("2026-11-25T01:00:00Z");
  const store = createMemoryStore(() => now);
  for (const [name, hours] of [
    ["an", 47],
    ["bình", 49],
    ["chi", 169],
  ] as const) {
    const from = { channel: "zalo-oa", person: name };
    await store.subscribe(from, { topics: [{ type: "all" }], since: now, consent: "2026-11" });
    store.noteContact(from, new Date(now.getTime() - hours * 60 * 60 * 1000));
  }
  const outOfReach = (environment: Record<string, string>) =>
    reachNow(configOf(environment), store, now)["zalo-oa"]?.outOfReach;
  expect(outOfReach(ALL)).toBe(2);
  expect(outOfReach({ ...ALL, ZALO_OA_PAID: "1" })).toBe(1);
  expect(outOfReach({})).toBeUndefined();
});

import { expect, test } from "vitest";
import { reachNow } from "../src/channel-reach.ts";
import { readConfig } from "../src/config.ts";
import { zaloBotPhrases, zaloBotWebhook } from "../src/zalo-bot-settings.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { realContent } from "./brain.ts";

test("whose message Zalo keeps back is told kindly how else to reach an office", async () => {
  const { unsupported } = zaloBotPhrases(await realContent());
  expect(unsupported).toMatch(/Quý vị có thể gọi .*1900 9068.*18001096.*đến Trung tâm/);
});

test("whoever sends no words is told kindly what to do instead", async () => {
  const { sticker, voice, picture, other } = zaloBotPhrases(await realContent());
  for (const sentence of [sticker, voice, picture, other]) {
    expect(sentence).toMatch(/^An Sinh .*Quý vị gõ .*\.$/);
  }
});

const TOKEN = "4012345678901234567:abcDEF-_123";

test("a token alone is enough; the rest has what Zalo's basic plan says", () => {
  const config = readConfig({ ZALO_BOT_TOKEN: TOKEN });
  if ("problems" in config) throw new Error(config.problems.join());
  expect(config.zaloBot).toEqual({
    token: TOKEN,
    secret: null,
    apiRoot: "https://bot-api.zaloplatforms.com",
    monthlyLimit: 3000,
  });
  expect(zaloBotWebhook(config)).toBeNull();
  expect(zaloBotWebhook({ ...config, publicUrl: "https://a.vn/" })).toEqual({
    url: "https://a.vn/zalo-bot",
    secret: null,
  });
});

test.each([
  ["ZALO_BOT_TOKEN", "xyz"],
  ["ZALO_BOT_SECRET", "1234567"],
  ["ZALO_BOT_SECRET", "a".repeat(257)],
  ["ZALO_BOT_SECRET", "có dấu cách"],
  ["ZALO_BOT_API", "zalo"],
  ["ZALO_BOT_MONTHLY_LIMIT", "-1"],
  ["ZALO_BOT_MONTHLY_LIMIT", "nhiều"],
])("a wrong %s is told by its name, without its value", (name, value) => {
  const config = readConfig({ ZALO_BOT_TOKEN: TOKEN, [name]: value });
  const problems = "problems" in config ? config.problems : [];
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} phải `))]);
  expect(problems.join()).not.toContain(value);
});

test("staff see the month's plan beside what was sent of it, as Viet Nam counts months", async () => {
  const now = new Date("2026-11-30T17:00:00Z");
  const store = createMemoryStore(() => now);
  await store.countSends("zalo-bot", "2026-11", 900);
  await store.countSends("zalo-bot", "2026-12", 2);
  const planWith = (limit: string) => {
    const config = readConfig({ ZALO_BOT_TOKEN: TOKEN, ZALO_BOT_MONTHLY_LIMIT: limit });
    if ("problems" in config) throw new Error(config.problems.join());
    return reachNow(config, store, now)["zalo-bot"]?.plan;
  };
  expect(planWith("500")).toEqual({ monthlyLimit: 500, sent: 2 });
  expect(planWith("0")).toBeNull();
});

import { expect, test } from "vitest";
import { telegramPhrases } from "../src/telegram-settings.ts";
import { realContent } from "./brain.ts";

test("whoever sends no words is told kindly what to do instead", async () => {
  const phrases = telegramPhrases(await realContent());
  expect(phrases.voice).toContain("chưa nghe được");
  expect(phrases.contact).toContain("không cần số điện thoại");
  expect(phrases.location).toContain("gõ tên xã");
  expect(phrases.picture).toContain("đừng gửi hình căn cước");
  const { sticker, voice, picture, contact, location, other } = phrases;
  for (const sentence of [sticker, voice, picture, contact, location, other]) {
    expect(sentence).toMatch(/^An Sinh .*Quý vị gõ .*\.$/);
  }
});

test("what is shown in Telegram's small window is short enough for it", async () => {
  expect(telegramPhrases(await realContent()).gone.length).toBeLessThanOrEqual(200);
});

import { beforeAll, expect, test } from "vitest";
import type { Brain } from "../src/answer/brain.ts";
import { realBrain } from "./brain.ts";
import { toRunTogether, toTelex, toVni } from "./keystrokes.ts";

let brain: Brain;
let samples: string[];
beforeAll(async () => {
  brain = await realBrain();
  samples = Object.values(brain.content.entitlements).flatMap((page) =>
    page.samples.filter((_, index) => index % 4 === 0).map((sample) => sample.text),
  );
});

function ranking(text: string): string {
  return brain
    .match(brain.normalise(text))
    .candidates.slice(0, 3)
    .map((row) => `${row.topic.id} ${row.probability.toFixed(4)}`)
    .join("|");
}

function firstId(text: string): string | undefined {
  return brain.match(brain.normalise(text)).candidates[0]?.topic.id;
}

function shareSame(change: (text: string) => string): number {
  const same = samples.filter((text) => firstId(change(text)) === firstId(text));
  return same.length / samples.length;
}

test.each<[string, (text: string) => string]>([
  ["decomposed accents", (text) => text.normalize("NFD")],
  ["capitals", (text) => text.toUpperCase()],
  ["a question mark and dots at the end", (text) => `${text} ?..`],
  ["doubled spaces", (text) => text.replaceAll(" ", "  ")],
  ["non-breaking spaces", (text) => text.replaceAll(" ", "\u00a0")],
  ["zero-width characters", (text) => text.replaceAll(" ", "\u200b \u200d")],
  [
    "the old place of the tone mark",
    (text) => text.replaceAll("hòa", "hoà").replaceAll("khỏe", "khoẻ").replaceAll("thủy", "thuỷ"),
  ],
])("%s change nothing in the ranking", (_, change) => {
  for (const text of samples) expect(ranking(change(text))).toBe(ranking(text));
});

test("without any accent 98 of 100 questions still find the same page", () => {
  const strip = (text: string) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D");
  expect(shareSame(strip)).toBeGreaterThanOrEqual(0.98);
});

test("typed as raw Telex or VNI keystrokes 96 of 100 still do", () => {
  expect(shareSame(toTelex)).toBeGreaterThanOrEqual(0.96);
  expect(shareSame(toVni)).toBeGreaterThanOrEqual(0.96);
});

test("without accents and spaces 85 of 100 still do", () => {
  expect(shareSame(toRunTogether)).toBeGreaterThanOrEqual(0.85);
});

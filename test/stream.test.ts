import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { environmentWith } from "../src/config.ts";
import { FACETS } from "../src/domain/facet.ts";
import { createModelCache } from "../src/model-cache.ts";
import { realContent, realFiles, realLearnt } from "./brain.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-stream-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
});
afterAll(() => rm(folder, { recursive: true }));

/** What programs that read `ask --json` may count on. */
const lineSchema = z
  .strictObject({
    question: z.string(),
    text: z.string().min(1),
    outcome: z.enum(["answer", "choose", "none", "other"]),
    kind: z
      .enum([
        "entitlement",
        "agency",
        "commune",
        "parameter",
        "target",
        "situation",
        "misconception",
        "out-of-scope",
        "scam",
        "crisis",
        "smalltalk",
        "menu",
      ])
      .nullable(),
    entitlements: z.array(z.string()).max(4),
    also: z.array(z.string()).max(3),
    facet: z.enum(FACETS).nullable(),
    faq: z.string().nullable(),
    agency: z.string().nullable(),
    confidence: z.number().min(0).max(1),
  })
  .refine(
    ({ outcome, entitlements }) =>
      outcome === "answer" || outcome === "choose" || entitlements.length === 0,
    "a reply that states and offers nothing names no page",
  );

async function fingerprint(): Promise<string[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const { mtimeMs, size } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
}

test("each question is answered before the next is asked, every reply keeps the contract, and nothing is written", async () => {
  const content = await realContent();
  const before = await fingerprint();
  const ask = spawn(process.execPath, ["--import", "tsx", "src/cli/ask.ts", "--json"], {
    cwd: ROOT,
    env: environmentWith({ DATA_DIR: folder }),
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    ask.kill();
  });
  const ended = new Promise((resolve) => ask.once("close", resolve));
  const lines = createInterface({ input: ask.stdout })[Symbol.asyncIterator]();
  const kinds = new Set<string | null>();
  const outcomes = new Set<string>();
  const pages = Object.values(content.entitlements);
  const questions = [
    ...pages.flatMap((page) => [page.samples[0]?.text ?? "", page.name]),
    ...content.misconceptions.slice(0, 5).map((row) => row.samples[0] ?? ""),
    ...content.situations.map((row) => row.samples[0] ?? ""),
    ...content.outOfScope.slice(0, 5).map((row) => row.samples[0] ?? ""),
    ...content.plan.samples.slice(0, 2),
    ...Object.values(content.fields).map((field) => field.name),
    "",
    "   ",
    "😀",
    "mất\u00a0thẻ\u2028bảo hiểm\u0000 y tế\r",
    "lương hưu".normalize("NFD"),
    "lương cơ sở bao nhiêu",
    "Sở Lao động Thương binh và Xã hội Kiên Giang ở đâu",
    "xã Lình Huỳnh",
    "xin chào",
    "danh mục",
    "bị chồng đánh gãy tay",
    "có người gọi xưng bên bảo hiểm xã hội xin mã otp",
    "zxcv qwrt plmk",
    "x".repeat(20_000),
  ];
  for (const question of questions) {
    ask.stdin.write(`${question}\n`);
    const { value } = await lines.next();
    const reply = lineSchema.parse(JSON.parse(String(value)));
    expect(reply.question).toBe(question);
    expect(reply.text).toBe(reply.text.normalize("NFC"));
    expect(reply.text).not.toMatch(/(?! |\n)[\s\p{Cc}\p{Cf}]/u);
    const named = [...reply.entitlements, ...reply.also];
    expect(named.filter((id) => content.entitlements[id] === undefined)).toEqual([]);
    expect([null, ...Object.keys(content.agencies)]).toContain(reply.agency);
    kinds.add(reply.kind);
    outcomes.add(reply.outcome);
  }
  ask.stdin.end();
  expect((await lines.next()).done).toBe(true);
  expect(await ended).toBe(0);
  expect([...outcomes]).toEqual(expect.arrayContaining(["answer", "choose", "other"]));
  const said = [
    "entitlement",
    "agency",
    "commune",
    "parameter",
    "smalltalk",
    "menu",
    "crisis",
    "scam",
  ];
  expect([...kinds]).toEqual(expect.arrayContaining(said));
  expect(await fingerprint()).toEqual(before);
});

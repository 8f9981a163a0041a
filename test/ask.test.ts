import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realFiles, realLearnt } from "./brain.ts";
import { run } from "./run.ts";
import { createModelCache } from "../src/model-cache.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-ask-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
});
afterAll(() => rm(folder, { recursive: true }));

function ask(args: string[], input = "") {
  return run("src/cli/ask.ts", args, { DATA_DIR: folder }, input);
}

async function askLines(lines: string[], args: string[] = []): Promise<Record<string, unknown>[]> {
  const { out } = await ask(["--json", ...args], lines.map((line) => `${line}\n`).join(""));
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("a question on the command line is answered as a citizen sees it", async () => {
  const { code, out } = await ask(["mất", "thẻ", "bảo", "hiểm", "y", "tế"]);
  expect(code).toBe(0);
  expect(out).toContain("THẺ BHYT");
  expect(out).toMatch(/^1\. /m);
});

test("another day gets what was due on that day", async () => {
  const { out } = await ask(["--on", "2025-03-01", "lương cơ sở bao nhiêu"]);
  expect(out).toContain("2.340.000 đồng một tháng");
});

test("a day that does not exist is refused with a sentence", async () => {
  const { code, error } = await ask(["--on", "2025-02-30", "lương cơ sở"]);
  expect(code).toBe(2);
  expect(error).toContain('--on cần một ngày có thật như 2025-03-01, không phải "2025-02-30"');
});

describe("line by line as JSON", () => {
  test("every line gets one object in order, an empty one too", async () => {
    const lines = ["lương hưu", "", "xin chào", "\tcột\rlạ", "zxcv qwrt"];
    const rows = await askLines(lines);
    expect(rows.map((row) => row["question"])).toEqual(lines);
  });

  test("the objects keep the contract", async () => {
    const rows = await askLines([
      "trợ cấp thất nghiệp cần hồ sơ gì",
      "đặc khu Phú Quốc",
      "lương cơ sở bao nhiêu",
      "kế hoạch 219 là gì",
      "thủ tục ly hôn",
      "danh mục",
      "bị chồng đánh",
      "khủng long ăn gì",
    ]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        "question",
        "text",
        "outcome",
        "kind",
        "entitlements",
        "also",
        "facet",
        "faq",
        "agency",
        "confidence",
      ]);
      expect(["answer", "choose", "none", "other"]).toContain(row["outcome"]);
      const text = String(row["text"]);
      expect(text).toBe(text.normalize("NFC"));
      expect(text).not.toMatch(/[\u00a0\u200b\t]/);
      const { entitlements, outcome, confidence } = row as {
        entitlements: string[];
        outcome: string;
        confidence: number;
      };
      const silent = outcome === "none" || outcome === "other";
      expect(entitlements.length).toBeLessThanOrEqual(silent ? 0 : 4);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
    expect(rows[0]).toMatchObject({
      outcome: "answer",
      kind: "entitlement",
      entitlements: ["tro-cap-that-nghiep"],
      facet: "documents",
    });
    expect(rows[2]).toMatchObject({ kind: "parameter", outcome: "answer" });
    expect(rows[7]).toMatchObject({ kind: null, outcome: "none" });
  });

  test("lines are separate questions, unless they are said to be one conversation", async () => {
    const lines = ["trợ cấp thất nghiệp là gì", "còn hồ sơ thì sao?"];
    const [, alone] = await askLines(lines);
    expect(alone?.["outcome"]).toBe("other");
    const [, together] = await askLines(lines, ["--conversation"]);
    expect(together).toMatchObject({
      outcome: "answer",
      entitlements: ["tro-cap-that-nghiep"],
      facet: "documents",
    });
  });

  test("a thousand questions stream through, and nothing is written", async () => {
    const before = await readdir(folder);
    const rows = await askLines(Array.from({ length: 1000 }, (_, n) => `lương hưu năm ${n}`));
    expect(rows).toHaveLength(1000);
    expect(await readdir(folder)).toEqual(before);
  });
});

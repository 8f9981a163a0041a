import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAnswer } from "../answer/answer.ts";
import { createBrain } from "../answer/brain.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { learn, trainingTexts } from "../answer/model.ts";
import { environmentWith } from "../config.ts";
import type { ContentFile } from "../content/read-files.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { createModelCache } from "../model-cache.ts";

/** Figures of one run on this machine: compare them with each other, not with another machine's. */
export type Speed = {
  answersPerSecond: number;
  worstMessageMs: number;
  learnSeconds: number;
  firstAnswerColdSeconds: number;
  firstAnswerCachedSeconds: number;
  residentMegabytes: number;
};

const ROUNDS = 5;
const ASK = fileURLToPath(new URL("ask.ts", import.meta.url));

/** Medians of five rounds after a warm-up: the whole `Answer`, learning, and a process from its start to its first answer. */
export async function measureSpeed(content: ContentBase, files: ContentFile[]): Promise<Speed> {
  const learnStart = performance.now();
  const model = learn(content);
  const learnSeconds = (performance.now() - learnStart) / 1000;
  const brain = createBrain(content, model);
  const questions = trainingTexts(content)
    .filter((row) => row.sample)
    .map((row) => row.text);
  const answer = createAnswer(
    () => brain,
    createMemoryStore(() => new Date()),
  );
  const ask = (text: string, index: number) =>
    answer({
      id: String(index),
      from: { channel: "bench", person: String(index) },
      at: new Date(),
      content: { type: "text", text },
    });
  for (const [index, text] of questions.entries()) await ask(text, index);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (const [index, text] of questions.entries()) await ask(text, index);
    rates.push((questions.length * 1000) / (performance.now() - start));
  }
  const worst: number[] = [];
  for (const message of worstMessages()) {
    const start = performance.now();
    await ask(message, 0);
    worst.push(performance.now() - start);
  }
  const folder = mkdtempSync(join(tmpdir(), "an-sinh-bench-"));
  const cold = medianOf(3, () => secondsToFirstAnswer(folder));
  await createModelCache(folder).write(files, { content, model });
  const cached = medianOf(3, () => secondsToFirstAnswer(folder));
  rmSync(folder, { recursive: true });
  return {
    answersPerSecond: Math.round(median(rates)),
    worstMessageMs: round1(Math.max(...worst)),
    learnSeconds: round1(learnSeconds),
    firstAnswerColdSeconds: round1(cold),
    firstAnswerCachedSeconds: round1(cached),
    residentMegabytes: Math.round(process.memoryUsage().rss / 1e6),
  };
}

/** Long, unknown, run together, accented: what costs the most. Each is sent once, so that no cache helps. */
function worstMessages(): string[] {
  const word = (seed: number) => (seed * 2654435761).toString(36).replace(/\d/g, "n");
  return Array.from({ length: 20 }, (_, round) =>
    Array.from({ length: 400 }, (__, index) => word(round * 1000 + index + 1)).join(
      round % 2 === 0 ? " " : "",
    ),
  );
}

function secondsToFirstAnswer(dataFolder: string): number {
  const start = performance.now();
  const run = spawnSync(process.execPath, ["--import", "tsx", ASK, "mất thẻ bảo hiểm y tế"], {
    env: environmentWith({ DATA_DIR: dataFolder }),
  });
  if (run.status !== 0) throw new Error(`ask ended with ${run.status}: ${run.stderr.toString()}`);
  return (performance.now() - start) / 1000;
}

function medianOf(times: number, measure: () => number): number {
  return median(Array.from({ length: times }, measure));
}

function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

import { join } from "node:path";
import { openStore } from "../store/open-store.ts";
import { type BenchBot, createDataFolders, startBot } from "./bench-bot.ts";
import { createCrowd, type Crowd } from "./bench-crowd.ts";
import { telegramChat } from "./bench-post.ts";
import { type BenchTelegram, startBenchTelegram } from "./bench-telegram.ts";

/** Webhook update in → reply request out, over loopback HTTP, with the store on disk. */
export type Load = {
  /** With nobody stored before, and with so many stored subscribers. */
  runs: LoadRun[];
  /** A thousand people in the same moment: seconds until the last one had a reply. None was lost, or there would be no figure. */
  thousandAtOnceSeconds: number;
  memory: MemoryAfter[];
};

export type LoadRun = {
  subscribers: number;
  startSeconds: number;
  updatesPerSecond: number;
  /** At a steady rate. */
  milliseconds: { perSecond: number } & Percentiles;
};

export type Percentiles = { p50: number; p95: number; p99: number };

export type MemoryAfter = { updates: number; megabytes: number | null };

const WARM_UP = 2_000;
const THROUGH = 20_000;
const THROUGH_WITH_SUBSCRIBERS = 5_000;
const AT_ONCE = 64;
const STEADY = 3_000;
const STEADY_PER_SECOND = 200;
const TOGETHER = 1_000;
const SUBSCRIBERS = [10_000, 50_000];

export async function measureLoad(questions: string[]): Promise<Load> {
  const telegram = await startBenchTelegram();
  const folders = await createDataFolders();
  try {
    const first = await folders.next();
    await (await startBot(telegram, first)).stop();
    await folders.learnFrom(first);

    const memory: MemoryAfter[] = [];
    let thousandAtOnceSeconds = 0;
    const runs = [
      await withCrowd(telegram, await folders.next(), questions, async (bot, crowd) => {
        const run = await measureRun(bot, crowd, THROUGH, memory);
        thousandAtOnceSeconds = round(await crowd.askTogether(TOGETHER), 2);
        return { subscribers: 0, ...run };
      }),
    ];
    for (const subscribers of SUBSCRIBERS) {
      const folder = await folders.next();
      await subscribe(join(folder, "store"), subscribers);
      runs.push(
        await withCrowd(telegram, folder, questions, async (bot, crowd) => ({
          subscribers,
          ...(await measureRun(bot, crowd, THROUGH_WITH_SUBSCRIBERS, [])),
        })),
      );
    }
    return { runs, thousandAtOnceSeconds, memory };
  } finally {
    await folders.remove();
    await telegram.close();
  }
}

/** Resident memory at every fifth of so many updates. */
export async function measureMemory(questions: string[], updates: number): Promise<MemoryAfter[]> {
  const telegram = await startBenchTelegram();
  const folders = await createDataFolders();
  try {
    return await withCrowd(telegram, await folders.next(), questions, async (bot, crowd) => {
      const memory: MemoryAfter[] = [];
      await askNotingMemory(bot, crowd, updates, memory);
      return memory;
    });
  } finally {
    await folders.remove();
    await telegram.close();
  }
}

async function withCrowd<T>(
  telegram: BenchTelegram,
  folder: string,
  questions: string[],
  measure: (bot: BenchBot, crowd: Crowd) => Promise<T>,
): Promise<T> {
  const bot = await startBot(telegram, folder);
  const crowd = createCrowd(bot, telegramChat(telegram), questions);
  try {
    return await measure(bot, crowd);
  } finally {
    crowd.close();
    await bot.stop();
  }
}

async function measureRun(
  bot: BenchBot,
  crowd: Crowd,
  updates: number,
  memory: MemoryAfter[],
): Promise<Omit<LoadRun, "subscribers">> {
  await crowd.askThrough(WARM_UP, AT_ONCE);
  const updatesPerSecond = await askNotingMemory(bot, crowd, updates, memory);
  const took = await crowd.askSteadily(STEADY, STEADY_PER_SECOND);
  return {
    startSeconds: round(bot.startSeconds, 2),
    updatesPerSecond: Math.round(updatesPerSecond),
    milliseconds: {
      perSecond: STEADY_PER_SECOND,
      ...percentiles(took.map(({ repliedMs }) => repliedMs)),
    },
  };
}

/** Updates a second over all of them. */
async function askNotingMemory(
  bot: BenchBot,
  crowd: Crowd,
  updates: number,
  memory: MemoryAfter[],
): Promise<number> {
  const parts = 5;
  let seconds = 0;
  for (let part = 1; part <= parts; part++) {
    const count = updates / parts;
    seconds += count / (await crowd.askThrough(count, AT_ONCE));
    memory.push({ updates: count * part, megabytes: bot.memory() });
  }
  return updates / seconds;
}

async function subscribe(folder: string, people: number): Promise<void> {
  const store = await openStore({ folder, now: () => new Date(), onProblem: console.error });
  if ("refused" in store) throw new Error(store.refused);
  const since = new Date();
  await Promise.all(
    Array.from({ length: people }, (_, index) =>
      store.subscribe(
        { channel: "telegram", person: String(1_000_000_001 + index) },
        { topics: [{ type: "all" }], since, consent: "2026-11" },
      ),
    ),
  );
  await store.close();
}

/** A line each. */
export function loadLines({ runs, thousandAtOnceSeconds, memory }: Load): string[] {
  return [
    ...runs.map(
      ({ subscribers, startSeconds, updatesPerSecond, milliseconds }) =>
        `tải, ${subscribers} người đăng ký sẵn: ${updatesPerSecond} tin/giây; ở ${milliseconds.perSecond} tin/giây p50 ${milliseconds.p50} ms, p95 ${milliseconds.p95} ms, p99 ${milliseconds.p99} ms; khởi động ${startSeconds} giây`,
    ),
    `1.000 người cùng lúc: người cuối nhận trả lời sau ${thousandAtOnceSeconds} giây, không sót ai`,
    memoryLine(memory),
  ];
}

export function memoryLine(memory: MemoryAfter[]): string {
  const points = memory.map(({ updates, megabytes }) => `${updates}: ${megabytes ?? "?"} MB`);
  return `bộ nhớ sau số tin: ${points.join(", ")}`;
}

export function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const part = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? 0, 1);
  return { p50: part(0.5), p95: part(0.95), p99: part(0.99) };
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

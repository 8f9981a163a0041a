import { type BenchBot, createDataFolders, startBot } from "./bench-bot.ts";
import { createBodies } from "./bench-bodies.ts";
import { type MemoryAfter, memoryLine } from "./bench-load.ts";
import { createZaloBodies } from "./bench-bodies-zalo.ts";
import type { BenchPlatform, Posted } from "./bench-platform.ts";
import { createPoster, WEBHOOK_PATH, webhookHeaders } from "./bench-post.ts";
import { createRandom, type Random } from "./bench-random.ts";
import { startBenchTelegram } from "./bench-telegram.ts";
import { startBenchZaloBot } from "./bench-zalo-bot.ts";
import { startBenchZaloOa } from "./bench-zalo-oa.ts";

/** What came of random and broken bodies, as many of them posted to one address as to another. */
export type Broken = {
  seed: number;
  bodies: number;
  /** How often each status was answered, by address. */
  statuses: { path: string; counts: Record<string, number> }[];
  /** 500 and above. */
  serverErrors: number;
  /** Connections that broke before the answer. */
  cut: number;
  crashed: boolean;
  memory: MemoryAfter[];
};

const AT_ONCE = 32;
const PARTS = 5;

/** The webhook of Telegram, and the page. */
export async function measureBroken(
  questions: string[],
  bodies: number,
  seed: number,
): Promise<Broken> {
  const telegram = await startBenchTelegram();
  try {
    return await postBroken(telegram, bodies, seed, (bot, random) => {
      const broken = createBodies(random, questions);
      return [
        {
          path: WEBHOOK_PATH,
          next: () => ({ body: broken.update(), headers: webhookHeaders(telegram.secret()) }),
        },
        {
          path: "/api/message",
          next: () => ({ body: broken.page(), headers: pageHeaders(bot, random) }),
        },
      ];
    });
  } finally {
    await telegram.close();
  }
}

/** The webhooks of Zalo Bot and Zalo OA. */
export async function measureBrokenZalo(
  questions: string[],
  bodies: number,
  seed: number,
): Promise<Broken> {
  const zaloBot = await startBenchZaloBot();
  const zaloOa = await startBenchZaloOa();
  const both: BenchPlatform = {
    environment: { ...zaloBot.environment, ...zaloOa.environment },
    async nextStart() {
      await Promise.all([zaloBot.nextStart(), zaloOa.nextStart()]);
    },
  };
  try {
    return await postBroken(both, bodies, seed, (_bot, random) => {
      const broken = createZaloBodies(random, questions);
      return [
        { path: zaloBot.path, next: () => broken.zaloBot() },
        { path: zaloOa.path, next: () => broken.zaloOa() },
      ];
    });
  } finally {
    await zaloBot.close();
    await zaloOa.close();
  }
}

type Way = { path: string; next: () => Posted };

async function postBroken(
  platform: BenchPlatform,
  bodies: number,
  seed: number,
  waysOf: (bot: BenchBot, random: Random) => Way[],
): Promise<Broken> {
  const folders = await createDataFolders();
  // As behind our own proxy, so that each body can come from an address of its own.
  const bot = await startBot(platform, await folders.next(), { TRUST_PROXY: "1" });
  const poster = createPoster(bot.origin);
  const random = createRandom(seed);
  const ways = waysOf(bot, random).map((way) => ({ ...way, counts: {} }));
  const memory: MemoryAfter[] = [];
  let cut = 0;
  const crash = new AbortController();
  void bot.ended.then(() => {
    crash.abort();
  });

  async function postOne(): Promise<void> {
    const { path, next, counts } = random.pick<Way & { counts: Record<string, number> }>(ways);
    const { body, headers } = next();
    try {
      const status = await poster.post(path, body, headers);
      counts[status] = (counts[status] ?? 0) + 1;
    } catch {
      cut += 1;
    }
  }

  try {
    for (let part = 1; part <= PARTS; part++) {
      let left = Math.ceil(bodies / PARTS);
      const postMany = async () => {
        while (left-- > 0 && !crash.signal.aborted) await postOne();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, postMany));
      memory.push({ updates: (bodies / PARTS) * part, megabytes: bot.memory() });
    }
    const statuses = ways.map(({ path, counts }) => ({ path, counts }));
    const serverErrors = statuses
      .flatMap(({ counts }) => Object.entries<number>(counts))
      .reduce((sum, [status, count]) => (Number(status) >= 500 ? sum + count : sum), 0);
    return { seed, bodies, statuses, serverErrors, cut, crashed: crash.signal.aborted, memory };
  } finally {
    poster.close();
    if (crash.signal.aborted) console.error(bot.lastWords());
    await bot.stop();
    await folders.remove();
  }
}

/** A browser of somebody new; now and then one header is not as it should be. */
function pageHeaders(bot: BenchBot, random: Random): Record<string, string> {
  const address = Array.from({ length: 4 }, () => random.below(256)).join(".");
  const person = String(random.next()).slice(2).padEnd(22, "a").slice(0, 22);
  const headers: Record<string, string> = {
    "x-forwarded-for": address,
    cookie: `an_sinh=${person}`,
    origin: bot.origin,
  };
  if (random.next() < 0.05) {
    headers[random.pick(["cookie", "origin", "content-type", "x-forwarded-for"])] = "sai";
  }
  return headers;
}

/** A line each. */
export function brokenLines(figures: Broken): string[] {
  const { seed, bodies, statuses, serverErrors, cut, crashed, memory } = figures;
  const counted = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([status, count]) => `${status}: ${count}`)
      .join(", ");
  return [
    `${bodies} nội dung hỏng (hạt giống ${seed}): sập ${crashed ? "CÓ" : "không"}, lỗi 5xx ${serverErrors}, đứt kết nối ${cut}`,
    ...statuses.map(({ path, counts }) => `  ${path.padEnd(12)} ${counted(counts)}`),
    `  ${memoryLine(memory)}`,
  ];
}

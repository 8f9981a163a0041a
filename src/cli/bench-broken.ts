import { type BenchBot, createDataFolders, startBot } from "./bench-bot.ts";
import { createBodies } from "./bench-bodies.ts";
import { type MemoryAfter, memoryLine } from "./bench-load.ts";
import { createPoster, WEBHOOK_PATH, webhookHeaders } from "./bench-post.ts";
import { createRandom, type Random } from "./bench-random.ts";
import { startBenchTelegram } from "./bench-telegram.ts";

/** What came of random and broken bodies, half of them posted to the webhook, half to the page. */
export type Broken = {
  seed: number;
  bodies: number;
  /** How often each status was answered. */
  statuses: { webhook: Record<string, number>; page: Record<string, number> };
  /** 500 and above. */
  serverErrors: number;
  /** Connections that broke before the answer. */
  cut: number;
  crashed: boolean;
  memory: MemoryAfter[];
};

const AT_ONCE = 32;
const PARTS = 5;

export async function measureBroken(
  questions: string[],
  bodies: number,
  seed: number,
): Promise<Broken> {
  const telegram = await startBenchTelegram();
  const folders = await createDataFolders();
  // As behind our own proxy, so that each body can come from an address of its own.
  const bot = await startBot(telegram, await folders.next(), { TRUST_PROXY: "1" });
  const poster = createPoster(bot.origin);
  const random = createRandom(seed);
  const broken = createBodies(random, questions);
  const statuses: Broken["statuses"] = { webhook: {}, page: {} };
  const memory: MemoryAfter[] = [];
  let cut = 0;
  const crash = new AbortController();
  void bot.ended.then(() => {
    crash.abort();
  });

  async function postOne(): Promise<void> {
    const isUpdate = random.next() < 0.5;
    const counts = isUpdate ? statuses.webhook : statuses.page;
    try {
      const status = isUpdate
        ? await poster.post(WEBHOOK_PATH, broken.update(), webhookHeaders(telegram.secret()))
        : await poster.post("/api/message", broken.page(), pageHeaders(bot, random));
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
    const serverErrors = [statuses.webhook, statuses.page]
      .flatMap((counts) => Object.entries(counts))
      .reduce((sum, [status, count]) => (Number(status) >= 500 ? sum + count : sum), 0);
    return { seed, bodies, statuses, serverErrors, cut, crashed: crash.signal.aborted, memory };
  } finally {
    poster.close();
    if (crash.signal.aborted) console.error(bot.lastWords());
    await bot.stop();
    await folders.remove();
    await telegram.close();
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
    `  webhook ${counted(statuses.webhook)}`,
    `  trang   ${counted(statuses.page)}`,
    `  ${memoryLine(memory)}`,
  ];
}

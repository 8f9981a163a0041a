import { join } from "node:path";
import { openStore } from "../store/open-store.ts";
import { createDataFolders, startBot } from "./bench-bot.ts";
import { createCrowd, type Crowd } from "./bench-crowd.ts";
import { type Percentiles, percentiles, round } from "./bench-load.ts";
import { type BenchZalo, startBenchZaloBot } from "./bench-zalo-bot.ts";
import { startBenchZaloOa } from "./bench-zalo-oa.ts";

/** Webhook in → reply request out, over loopback HTTP, with the store on disk and somebody new each time. */
export type ZaloLoad = {
  platform: string;
  updatesPerSecond: number;
  /** While each send takes the platform seconds. */
  slow: {
    people: number;
    perSecond: number;
    /** Until the webhook's HTTP 200. */
    acceptedMs: Percentiles;
    /** From when it was due to the slowest person's reply. None was lost, or there would be no figure. */
    slowestReplySeconds: number;
  };
  /** Messages that the store still has as not answered after an orderly stop, later parts of long replies included. */
  leftPending: number;
};

const WARM_UP = 1_000;
const THROUGH = 10_000;
const AT_ONCE = 64;
const SLOW = { delayMs: 3_000, people: 2_000, perSecond: 200 };

export async function measureZalo(questions: string[]): Promise<ZaloLoad[]> {
  const folders = await createDataFolders();
  try {
    await learnOnce(folders);
    return [
      await measureOne("Zalo Bot", await startBenchZaloBot(), await folders.next(), questions),
      await measureOne("Zalo OA", await startBenchZaloOa(), await folders.next(), questions),
    ];
  } finally {
    await folders.remove();
  }
}

async function learnOnce(folders: Awaited<ReturnType<typeof createDataFolders>>): Promise<void> {
  const zalo = await startBenchZaloBot();
  const folder = await folders.next();
  try {
    await (await startBot(zalo, folder)).stop();
    await folders.learnFrom(folder);
  } finally {
    await zalo.close();
  }
}

async function measureOne(
  platform: string,
  zalo: BenchZalo,
  folder: string,
  questions: string[],
): Promise<ZaloLoad> {
  try {
    const measured = await withCrowd(zalo, folder, questions, (crowd) => measureCrowd(zalo, crowd));
    return { platform, ...measured, leftPending: await pendingIn(join(folder, "store")) };
  } finally {
    await zalo.close();
  }
}

async function withCrowd<T>(
  zalo: BenchZalo,
  folder: string,
  questions: string[],
  measure: (crowd: Crowd) => Promise<T>,
): Promise<T> {
  const bot = await startBot(zalo, folder);
  const crowd = createCrowd(bot, zalo, questions);
  try {
    return await measure(crowd);
  } finally {
    crowd.close();
    await bot.stop();
  }
}

async function measureCrowd(
  zalo: BenchZalo,
  crowd: Crowd,
): Promise<Pick<ZaloLoad, "updatesPerSecond" | "slow">> {
  await crowd.askThrough(WARM_UP, AT_ONCE);
  const updatesPerSecond = Math.round(await crowd.askThrough(THROUGH, AT_ONCE));
  const { delayMs, people, perSecond } = SLOW;
  zalo.takes(delayMs);
  const waited = await crowd.askSteadily(people, perSecond);
  const slowestMs = Math.max(...waited.map(({ repliedMs }) => repliedMs));
  return {
    updatesPerSecond,
    slow: {
      people,
      perSecond,
      acceptedMs: percentiles(waited.map(({ acceptedMs }) => acceptedMs)),
      slowestReplySeconds: round(slowestMs / 1000, 2),
    },
  };
}

async function pendingIn(folder: string): Promise<number> {
  const store = await openStore({ folder, now: () => new Date(), onProblem: console.error });
  if ("refused" in store) throw new Error(store.refused);
  const { length } = store.pending();
  await store.close();
  return length;
}

/** A line each. */
export function zaloLines(loads: ZaloLoad[]): string[] {
  return loads.map(({ platform, updatesPerSecond, slow, leftPending }) => {
    const { people, perSecond, acceptedMs, slowestReplySeconds } = slow;
    return `tải ${platform}: ${updatesPerSecond} tin/giây; khi nền tảng nhận mỗi tin mất ${SLOW.delayMs / 1000} giây, ở ${perSecond} tin/giây: đáp 200 p50 ${acceptedMs.p50} ms, p95 ${acceptedMs.p95} ms, p99 ${acceptedMs.p99} ms; ${people} người đều có trả lời, chậm nhất ${slowestReplySeconds} giây; còn chờ sau khi dừng: ${leftPending}`;
  });
}

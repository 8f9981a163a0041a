import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createDataFolders } from "./bench-bot.ts";
import { createRandom } from "./bench-random.ts";
import {
  type Compared,
  compareRecords,
  HEAP_MEGABYTES,
  NAIVE,
  prepareContent,
  type Sending,
  startSending,
  subscribeMany,
  timesOf,
} from "./bench-sending.ts";
import { type BenchTelegram, startBenchTelegram } from "./bench-telegram.ts";

/** The real bot sends an announcement that two staff released, to a platform that answers after 80 ms. */
export type Broadcasting = {
  /** The platform takes 30 a second. */
  modest: { people: number; timesIdeal: number; refusedAfterFirstSecond: number };
  /** The platform takes 1,000 a second. */
  fast: FastRun[];
  /** Killed once in the middle; every fiftieth answer is lost. */
  killedOnce: { ours: Compared; plainLoop: Omit<Compared, "doubtful"> };
};

export type FastRun = {
  people: number;
  perSecond: number;
  cpuMillisecondsEach: number;
  megabytesBefore: number | null;
  megabytesAfter: number | null;
  /** Of a citizen's question meanwhile. */
  questionP95Ms: number;
  /** From the staff's stop to the last message; null: it was not stopped. */
  stopMs: number | null;
};

const DELAY_MS = 80;
const MODEST = { perSecond: 30, people: 900 };
const FAST = { perSecond: 1_000, people: [1_000, 10_000, 50_000], inFlight: "150", pace: "960" };
const ASKS_EVERY_MS = 250;
const KILLED = { people: 2_000, losesAnswerEvery: 50 };
const TOKEN = "123456789:AAbenchBenchBenchBenchBenchBenchBench";

type Setup = {
  telegram: BenchTelegram;
  folders: Awaited<ReturnType<typeof createDataFolders>>;
  content: string;
};

async function withSetup<T>(contentFolder: string, work: (setup: Setup) => Promise<T>): Promise<T> {
  const telegram = await startBenchTelegram();
  const folders = await createDataFolders();
  try {
    const first = await folders.next();
    const content = await prepareContent(contentFolder, first);
    const sending = await startSending(telegram, first, { CONTENT_DIR: content });
    await sending.close();
    await folders.learnFrom(first);
    return await work({ telegram, folders, content });
  } finally {
    await folders.remove();
    await telegram.close();
  }
}

export function measureBroadcasts(
  contentFolder: string,
  questions: string[],
): Promise<Broadcasting> {
  return withSetup(contentFolder, async (setup) => {
    const modest = await measureModest(setup);
    const fast: FastRun[] = [];
    for (const people of FAST.people) fast.push(await measureFast(setup, people, questions, false));
    fast.push(await measureFast(setup, FAST.people[1] ?? 0, questions, true));
    return { modest, fast, killedOnce: await measureKilledOnce(setup) };
  });
}

async function sendingTo(
  { folders, telegram, content }: Setup,
  people: number,
  environment: Record<string, string>,
): Promise<{ folder: string; sending: Sending }> {
  const folder = await folders.next();
  await subscribeMany(folder, people);
  const settings = { CONTENT_DIR: content, ...environment };
  return { folder, sending: await startSending(telegram, folder, settings) };
}

async function measureModest(setup: Setup): Promise<Broadcasting["modest"]> {
  const { telegram } = setup;
  const { people, perSecond } = MODEST;
  const { sending } = await sendingTo(setup, people, {});
  telegram.behaves({ delayMs: DELAY_MS, perSecond, losesAnswerEvery: null });
  telegram.refusedAt.length = 0;
  await sending.release();
  await sending.over();
  await sending.close();
  const [first, last] = [sending.sent[0]?.at ?? 0, sending.sent.at(-1)?.at ?? 0];
  return {
    people: timesOf(sending.sent).size,
    timesIdeal: round((last - first) / 1000 / ((people - 1) / perSecond), 3),
    refusedAfterFirstSecond: telegram.refusedAt.filter((at) => at > first + 1_000).length,
  };
}

async function measureFast(
  setup: Setup,
  people: number,
  questions: string[],
  stops: boolean,
): Promise<FastRun> {
  const { telegram } = setup;
  const environment = { SENDS_IN_FLIGHT: FAST.inFlight, TELEGRAM_PER_SECOND: FAST.pace };
  const { sending } = await sendingTo(setup, people, environment);
  telegram.behaves({ delayMs: DELAY_MS, perSecond: FAST.perSecond, losesAnswerEvery: null });
  const { pid } = sending.bot();
  const megabytesBefore = sending.bot().memory();
  const cpuBefore = cpuMilliseconds(pid);
  await sending.release();
  const took: number[] = [];
  const asking = new AbortController();
  const asks = askNowAndThen(sending, questions, took, asking.signal);
  let stopMs: number | null = null;
  if (stops) {
    await sending.over(() => sending.sent.length > people / 2);
    const at = await sending.stop();
    await sleep(2_000);
    stopMs = Math.max(0, Math.round((sending.sent.at(-1)?.at ?? 0) - at));
  } else await sending.over();
  const cpu = cpuMilliseconds(pid) - cpuBefore;
  asking.abort();
  await asks;
  const megabytesAfter = sending.bot().memory();
  await sending.close();
  const [first, last] = [sending.sent[0]?.at ?? 0, sending.sent.at(-1)?.at ?? 0];
  took.sort((one, other) => one - other);
  return {
    people: sending.sent.length,
    perSecond: Math.round((sending.sent.length * 1000) / (last - first)),
    cpuMillisecondsEach: round(cpu / sending.sent.length, 2),
    megabytesBefore,
    megabytesAfter,
    questionP95Ms: Math.round(took[Math.floor(took.length * 0.95)] ?? 0),
    stopMs,
  };
}

async function askNowAndThen(
  sending: Sending,
  questions: string[],
  took: number[],
  ended: AbortSignal,
): Promise<void> {
  for (let index = 0; !ended.aborted; index++) {
    // The questions' own time on the wire: the platform's 80 ms are not in it.
    took.push(await sending.ask(questions[(index * 7919) % questions.length] ?? ""));
    await sleep(ASKS_EVERY_MS);
  }
}

async function measureKilledOnce(setup: Setup): Promise<Broadcasting["killedOnce"]> {
  const { telegram } = setup;
  const { people, losesAnswerEvery } = KILLED;
  const environment = { SENDS_IN_FLIGHT: "16", TELEGRAM_PER_SECOND: "200" };
  const { folder, sending } = await sendingTo(setup, people, environment);
  telegram.behaves({ delayMs: DELAY_MS, perSecond: FAST.perSecond, losesAnswerEvery });
  await sending.release();
  await sending.over(() => sending.sent.length > people / 2);
  await sending.killAndRestart();
  await sending.over();
  await sending.close();
  const ours = await compareRecords(folder, sending.sent);
  return { ours, plainLoop: await runPlainLoop(telegram, people) };
}

/** Killed in the middle and started again, which is all that can be done with it. */
async function runPlainLoop(
  telegram: BenchTelegram,
  people: number,
): Promise<Omit<Compared, "doubtful">> {
  const sent: { chat: number; at: number }[] = [];
  let stopAt: (() => void) | null = null;
  telegram.onReply(({ chat, at }) => {
    sent.push({ chat, at });
    if (sent.length > people / 20) stopAt?.();
  });
  // It sends one after another: with 80 ms each, all of them would take minutes.
  telegram.behaves({
    delayMs: 5,
    perSecond: FAST.perSecond,
    losesAnswerEvery: KILLED.losesAnswerEvery,
  });
  const args = [telegram.apiRoot, TOKEN, String(NAIVE.first), String(people / 10), NAIVE.text];
  const run = () =>
    spawn(process.execPath, ["--import", "tsx", NAIVE.file, ...args], { stdio: "inherit" });
  const ended = (child: ReturnType<typeof run>) =>
    new Promise((resolve) => child.once("exit", resolve));
  const first = run();
  stopAt = () => {
    stopAt = null;
    first.kill("SIGKILL");
  };
  await ended(first);
  await ended(run());
  const times = timesOf(sent);
  return {
    people: people / 10,
    lost: people / 10 - times.size,
    repeated: [...times.values()].filter((count) => count > 1).length,
  };
}

export type BroadcastKills = { kills: number; inFlight: number; seed: number } & Compared;

/** Killed at random moments until it is finished. */
export function measureBroadcastKills(
  contentFolder: string,
  seed: number,
): Promise<BroadcastKills> {
  const kills = 30;
  const inFlight = 4;
  return withSetup(contentFolder, async (setup) => {
    const random = createRandom(seed);
    const people = 2_000;
    const environment = { SENDS_IN_FLIGHT: String(inFlight), TELEGRAM_PER_SECOND: "200" };
    const { folder, sending } = await sendingTo(setup, people, environment);
    setup.telegram.behaves({
      delayMs: DELAY_MS,
      perSecond: FAST.perSecond,
      losesAnswerEvery: null,
    });
    await sending.release();
    for (let kill = 0; kill < kills; kill++) {
      await sleep(random.below(1_000));
      await sending.killAndRestart();
    }
    await sending.over();
    await sending.close();
    return { kills, inFlight, seed, ...(await compareRecords(folder, sending.sent)) };
  });
}

/** User and system time of a process so far; 0 where the system does not tell. */
function cpuMilliseconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // In hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** A line each. */
export function broadcastLines({ modest, fast, killedOnce }: Broadcasting): string[] {
  const { ours, plainLoop } = killedOnce;
  return [
    `thông báo, kênh nhận 30 tin/giây: ${modest.people} người, ${modest.timesIdeal} lần thời gian lý tưởng, bị bảo chờ sau giây đầu: ${modest.refusedAfterFirstSecond} lần`,
    ...fast.map(
      (run) =>
        `thông báo, kênh nhận 1.000 tin/giây: ${run.people} người, ${run.perSecond} tin/giây, ${run.cpuMillisecondsEach} ms CPU mỗi người, bộ nhớ (trần ${HEAP_MEGABYTES} MB) ${run.megabytesBefore ?? "?"} → ${run.megabytesAfter ?? "?"} MB, câu hỏi của người dân p95 ${run.questionP95Ms} ms${run.stopMs === null ? "" : `, dừng sau ${run.stopMs} ms`}`,
    ),
    `bị kill -9 một lần giữa chừng, cứ ${KILLED.losesAnswerEvery} tin mất một câu trả lời: An Sinh ${ours.people} người, mất ${ours.lost}, gửi lặp ${ours.repeated}, chưa rõ ${ours.doubtful} (đều có tên trong báo cáo); vòng lặp thường + auto-retry ${plainLoop.people} người, mất ${plainLoop.lost}, gửi lặp ${plainLoop.repeated}`,
  ];
}

export function broadcastKillLine(figures: BroadcastKills): string {
  const { kills, seed, people, lost, repeated, doubtful, inFlight } = figures;
  return `thông báo bị kill -9 ${kills} lần (hạt giống ${seed}): ${people} người, mất ${lost}, gửi lặp ${repeated}, chưa rõ ${doubtful} (nhiều nhất ${kills * inFlight})`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

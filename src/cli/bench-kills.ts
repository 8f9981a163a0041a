import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDataFolders, startBot } from "./bench-bot.ts";
import { createLosses, isBaffled, isSubscribed } from "./bench-losses.ts";
import {
  createPoster,
  createUpdates,
  type Poster,
  WEBHOOK_PATH,
  webhookHeaders,
} from "./bench-post.ts";
import { createRandom } from "./bench-random.ts";
import { startBenchTelegram } from "./bench-telegram.ts";
import { createVisitors, missing, type Visitor } from "./bench-visitors.ts";

/** What was left of promises after the bot was killed under load again and again. */
export type Kills = {
  seed: number;
  kills: number;
  questions: number;
  subscriptions: number;
  unanswered: number;
  /** Accepted with 200, never answered. */
  lostQuestions: number;
  /** Confirmed to the person, not in the store right after the kill. */
  lostSubscriptions: number;
  /** The person was told that An Sinh does not know; not in the store right after the kill. */
  lostUnanswered: number;
  /** Left in the store as not answered yet after a last, orderly stop. */
  leftPending: number;
  /** Heard twice because the kill came between the reply and its note in the store; the longest time between them. */
  repeated: number;
  repeatedLongestMs: number;
  /** Heard twice though the reply was long settled. */
  repeatedOtherwise: number;
};

const AT_ONCE = 24;
const LONGEST_LIFE_MS = 1_200;
/** How long after its reply a question may still be in flight on a busy machine. */
const IN_FLIGHT_MS = 1_000;
const REPLY_PATIENCE_MS = 2_000;
const LAST_PATIENCE_MS = 30_000;
const QUIET_MS = 2_000;
const ALL = "u:all";

export async function measureKills(options: {
  questions: string[];
  /** Questions that nobody can answer, each asked once. */
  baffling: string[];
  kills: number;
  seed: number;
}): Promise<Kills> {
  const { questions, baffling, seed, kills } = options;
  const telegram = await startBenchTelegram();
  const folders = await createDataFolders();
  const folder = await folders.next();
  const random = createRandom(seed);
  const updates = createUpdates();
  const visitors = createVisitors(updates, random, questions, [...baffling]);
  let lastReplyAt = 0;
  telegram.onReply((reply) => {
    lastReplyAt = reply.at;
    visitors.takeReply(reply);
  });
  const killedAt: number[] = [];
  const losses = createLosses(join(folder, "store"), visitors);
  /** Null while no bot runs. */
  let poster: Poster | null = null;
  const over = new AbortController();

  /** As Telegram does: again and again, until the bot says 200. */
  async function deliver(visitor: Visitor, update: string): Promise<void> {
    while (!(await isAccepted(update))) await sleep(20);
    visitor.accepted += 1;
  }

  async function isAccepted(update: string): Promise<boolean> {
    if (poster === null) return false;
    const headers = webhookHeaders(telegram.secret());
    return poster.post(WEBHOOK_PATH, update, headers).then(
      (status) => status === 200,
      () => false,
    );
  }

  async function comeAndGo(): Promise<void> {
    while (!over.signal.aborted) {
      const visitor = visitors.come();
      await deliver(visitor, updates.says(visitor.person, visitor.text));
      await Promise.race([visitors.hears(visitor, 1), sleep(REPLY_PATIENCE_MS)]);
      if (visitor.comes !== "subscribes" || visitor.heard.size === 0) continue;
      await deliver(visitor, updates.presses(visitor.person, ALL));
      await Promise.race([visitors.hears(visitor, 2), sleep(REPLY_PATIENCE_MS)]);
    }
  }

  try {
    const load = Array.from({ length: AT_ONCE }, comeAndGo);
    for (let kill = 0; kill < kills; kill++) {
      const bot = await startBot(telegram, folder);
      const posts = createPoster(bot.origin);
      poster = posts;
      await sleep(random.below(LONGEST_LIFE_MS));
      poster = null;
      killedAt.push(performance.now());
      await bot.kill();
      posts.close();
      await losses.note();
      visitors.nextLife();
    }
    const last = await startBot(telegram, folder);
    const posts = createPoster(last.origin);
    poster = posts;
    over.abort();
    await Promise.all(load);
    const owed = () => visitors.all().reduce((sum, visitor) => sum + missing(visitor), 0);
    const giveUpAt = performance.now() + LAST_PATIENCE_MS;
    // The bot may still be repeating what was in flight at the last kill.
    const isQuiet = () => owed() === 0 && performance.now() - lastReplyAt > QUIET_MS;
    while (!isQuiet() && performance.now() < giveUpAt) await sleep(100);
    posts.close();
    await last.stop();
    const leftPending = await losses.note();

    const ages = visitors.repeats().map(({ firstAt }) => ageAtKill(firstAt, killedAt));
    const inFlight = ages.filter((ms) => ms !== null);
    return {
      seed,
      kills,
      questions: visitors.all().reduce((sum, { accepted }) => sum + accepted, 0),
      subscriptions: visitors.all().filter(isSubscribed).length,
      unanswered: visitors.all().filter(isBaffled).length,
      lostQuestions: owed(),
      lostSubscriptions: losses.subscriptions(),
      lostUnanswered: losses.unanswered(),
      leftPending,
      repeated: inFlight.length,
      repeatedLongestMs: Math.round(Math.max(0, ...inFlight)),
      repeatedOtherwise: ages.length - inFlight.length,
    };
  } finally {
    over.abort();
    await folders.remove();
    await telegram.close();
  }
}

/** How long before the next kill a reply came; null when it was not in flight any more. */
function ageAtKill(repliedAt: number, kills: number[]): number | null {
  // What was in the wire at the kill comes a little after it.
  const ages = kills.map((at) => at - repliedAt).filter((ms) => ms > -IN_FLIGHT_MS / 10);
  const age = Math.max(0, Math.min(...ages));
  return age <= IN_FLIGHT_MS ? age : null;
}

/** A line each. */
export function killLines(figures: Kills): string[] {
  const { kills, seed, questions, subscriptions, unanswered } = figures;
  return [
    `kill -9 ${kills} lần (hạt giống ${seed}), giữa ${questions} tin, ${subscriptions} lượt đăng ký, ${unanswered} câu chưa biết:`,
    `  mất: ${figures.lostQuestions} tin, ${figures.lostSubscriptions} đăng ký, ${figures.lostUnanswered} câu chưa biết; còn chờ sau khi dừng: ${figures.leftPending}`,
    `  trả lời lặp: ${figures.repeated} tin đang gửi dở lúc bị dừng (lâu nhất ${figures.repeatedLongestMs} ms trước đó), ${figures.repeatedOtherwise} tin khác`,
  ];
}

import { setTimeout as sleep } from "node:timers/promises";
import type { BenchBot } from "./bench-bot.ts";
import type { BenchChat } from "./bench-platform.ts";
import { createPoster } from "./bench-post.ts";

/** People who ask a running bot one question each, as the platform would pass it on. */
export type Crowd = {
  /** So many questions with `atOnce` of them unanswered at any time. Updates a second, from the first post to the last reply. */
  askThrough(count: number, atOnce: number): Promise<number>;
  /** A question every `1 / perSecond` seconds, whether or not the ones before are answered. */
  askSteadily(count: number, perSecond: number): Promise<Waited[]>;
  /** All at the same moment. Seconds to the last reply. */
  askTogether(count: number): Promise<number>;
  close(): void;
};

/** Milliseconds from when a question was due to the HTTP 200, and to the reply. */
export type Waited = { acceptedMs: number; repliedMs: number };

/** Without any reply for so long, what is still unanswered counts as lost. */
const PATIENCE_MS = 30_000;

/** A question that is not answered ends the measurement with an error. */
export function createCrowd(bot: BenchBot, chat: BenchChat, questions: string[]): Crowd {
  const poster = createPoster(bot.origin);
  const waiting = new Map<string, (at: number) => void>();
  let asked = 0;
  let lastReplyAt = 0;
  chat.onReply(({ person, at }) => {
    lastReplyAt = at;
    waiting.get(person)?.(at);
    waiting.delete(person);
  });

  /** Resolves with both moments once there is a reply. */
  async function ask(): Promise<{ acceptedAt: number; repliedAt: number }> {
    const { person, body, headers } = chat.says(questions[asked++ % questions.length] ?? "");
    const replied = new Promise<number>((resolve) => waiting.set(person, resolve));
    const status = await poster.post(chat.path, body, headers);
    if (status !== 200) throw new Error(`the bot answered an update with ${status}`);
    const acceptedAt = performance.now();
    return { acceptedAt, repliedAt: await replied };
  }

  async function unlessLost<T>(work: Promise<T>): Promise<T> {
    const done = new AbortController();
    const watch = async () => {
      lastReplyAt = performance.now();
      while (performance.now() - lastReplyAt < PATIENCE_MS) {
        await sleep(1_000, undefined, { signal: done.signal });
      }
      throw new Error(`${waiting.size} of ${asked} questions were not answered`);
    };
    const died = bot.ended.then(({ code, signal }) => {
      throw new Error(`the bot ended with ${code ?? signal}: ${bot.lastWords()}`);
    });
    try {
      return await Promise.race([work, watch(), died]);
    } finally {
      done.abort();
    }
  }

  return {
    async askThrough(count, atOnce) {
      let left = count;
      const start = performance.now();
      const askOneByOne = async () => {
        while (left-- > 0) await ask();
      };
      await unlessLost(Promise.all(Array.from({ length: atOnce }, askOneByOne)));
      return count / ((performance.now() - start) / 1000);
    },
    async askSteadily(count, perSecond) {
      const start = performance.now();
      const took: Promise<Waited>[] = [];
      while (took.length < count) {
        const dueAt = start + (took.length * 1000) / perSecond;
        const earlyMs = dueAt - performance.now();
        if (earlyMs > 0) await sleep(earlyMs);
        took.push(
          ask().then(({ acceptedAt, repliedAt }) => ({
            acceptedMs: acceptedAt - dueAt,
            repliedMs: repliedAt - dueAt,
          })),
        );
      }
      return unlessLost(Promise.all(took));
    },
    async askTogether(count) {
      const start = performance.now();
      const replies = Array.from({ length: count }, ask);
      const moments = await unlessLost(Promise.all(replies));
      return (Math.max(...moments.map(({ repliedAt }) => repliedAt)) - start) / 1000;
    },
    close() {
      poster.close();
    },
  };
}

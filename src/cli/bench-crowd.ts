import { setTimeout as sleep } from "node:timers/promises";
import type { BenchBot } from "./bench-bot.ts";
import { createPoster, createUpdates, WEBHOOK_PATH, webhookHeaders } from "./bench-post.ts";
import type { BenchTelegram } from "./bench-telegram.ts";

/** People who ask a running bot one question each, as Telegram would pass it on. */
export type Crowd = {
  /** So many questions with `atOnce` of them unanswered at any time. Updates a second, from the first post to the last reply. */
  askThrough(count: number, atOnce: number): Promise<number>;
  /** A question every `1 / perSecond` seconds, whether or not the ones before are answered. Milliseconds from when each was due to its reply. */
  askSteadily(count: number, perSecond: number): Promise<number[]>;
  /** All at the same moment. Seconds to the last reply. */
  askTogether(count: number): Promise<number>;
  close(): void;
};

/** Without any reply for so long, what is still unanswered counts as lost. */
const PATIENCE_MS = 30_000;

/** A question that is not answered ends the measurement with an error. */
export function createCrowd(bot: BenchBot, telegram: BenchTelegram, questions: string[]): Crowd {
  const poster = createPoster(bot.origin);
  const headers = webhookHeaders(telegram.secret());
  const updates = createUpdates();
  const waiting = new Map<number, (at: number) => void>();
  let asked = 0;
  let lastReplyAt = 0;
  telegram.onReply(({ chat, at }) => {
    lastReplyAt = at;
    waiting.get(chat)?.(at);
    waiting.delete(chat);
  });

  /** Resolves with the moment of the reply. */
  async function ask(): Promise<number> {
    const person = updates.newPerson();
    const text = questions[asked++ % questions.length] ?? "";
    const replied = new Promise<number>((resolve) => waiting.set(person, resolve));
    const status = await poster.post(WEBHOOK_PATH, updates.says(person, text), headers);
    if (status !== 200) throw new Error(`the bot answered an update with ${status}`);
    return replied;
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
      const took: Promise<number>[] = [];
      while (took.length < count) {
        const dueAt = start + (took.length * 1000) / perSecond;
        const earlyMs = dueAt - performance.now();
        if (earlyMs > 0) await sleep(earlyMs);
        took.push(ask().then((at) => at - dueAt));
      }
      return unlessLost(Promise.all(took));
    },
    async askTogether(count) {
      const start = performance.now();
      const replies = Array.from({ length: count }, ask);
      const at = await unlessLost(Promise.all(replies));
      return (Math.max(...at) - start) / 1000;
    },
    close() {
      poster.close();
    },
  };
}

import { unlessStopped } from "./background.ts";
import { fieldsOfZalo, isZaloTokenRejected, type ZaloBotCall } from "./zalo-bot-api.ts";
import type { ZaloBotLog } from "./zalo-bot-options.ts";

export type ZaloPollOptions = {
  call: ZaloBotCall;
  /** Takes an update over. Nobody waits for it: what people write while nobody asks is lost. */
  take: (update: unknown) => void;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  pollSeconds: number;
  stopped: AbortSignal;
  log: ZaloBotLog;
};

/** How much longer than Zalo we wait for its answer. */
const GRACE_SECONDS = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const TOKEN_PAUSE_MS = 60_000;
/** So many idle answers that come long before their time are no long polling. */
const QUICK_IN_A_ROW = 5;

/** Long polling: one update an answer, none of which comes again. “Time is up” is the usual answer when nobody writes. */
export async function pollZalo(options: ZaloPollOptions): Promise<void> {
  const { call, take, wait, now, pollSeconds, stopped, log } = options;
  let pauseMs = FIRST_PAUSE_MS;
  let quick = 0;

  async function pause(ms: number): Promise<void> {
    await unlessStopped(stopped, wait(ms));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  while (!stopped.aborted) {
    const askedAt = now().getTime();
    const params = { timeout: String(pollSeconds) };
    const got = await call("getUpdates", params, { seconds: pollSeconds + GRACE_SECONDS, stopped });
    if (got.ok && !isNothing(got.value)) {
      take(got.value);
      pauseMs = FIRST_PAUSE_MS;
      quick = 0;
      continue;
    }
    if (stopped.aborted) return;
    if (got.ok || (got.failure.type === "answered" && got.failure.code === 408)) {
      quick = now().getTime() - askedAt < pollSeconds * 100 ? quick + 1 : 0;
      if (quick < QUICK_IN_A_ROW) pauseMs = FIRST_PAUSE_MS;
      else await pause(pauseMs);
      continue;
    }
    log("zalo-bot.poll-failed", fieldsOfZalo(got.failure));
    await pause(isZaloTokenRejected(got.failure) ? TOKEN_PAUSE_MS : pauseMs);
  }
}

function isNothing(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

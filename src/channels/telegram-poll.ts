import { type Call, fieldsOf, isTokenRejected, signalFor } from "./telegram-api.ts";
import { unlessStopped } from "./background.ts";
import { UPDATE_KINDS, updateIdOf } from "./telegram-updates.ts";

export type PollOptions = {
  call: Call;
  /** Takes an update over; resolves once it is safe, and never rejects. */
  take: (update: unknown) => Promise<void>;
  wait: (ms: number) => Promise<void>;
  pollSeconds: number;
  stopped: AbortSignal;
  log: (event: string, fields: Record<string, string | number>) => void;
};

const BATCH = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const TOKEN_PAUSE_MS = 60_000;
/** How long a slow answer may hold up the next look for messages of others. */
const PATIENCE_MS = 250;

/**
 * Long polling that confirms an update to Telegram only when it and all before it are safe with us: a kill loses nothing, and one slow
 * person delays nobody else (grammY's own loop answers one after another; its runner confirms before anything is done).
 */
export async function pollUpdates(options: PollOptions): Promise<void> {
  const { call, take, wait, pollSeconds, stopped, log } = options;
  /** Handed on, but not safe yet. */
  const unsafe = new Map<number, Promise<void>>();
  const taken = new Set<number>();
  let next = 0;
  let pauseMs = FIRST_PAUSE_MS;

  const offset = () => Math.min(next, ...unsafe.keys());

  while (!stopped.aborted) {
    const got = await call((api) =>
      api.getUpdates(
        { offset: offset(), limit: BATCH, timeout: pollSeconds, allowed_updates: UPDATE_KINDS },
        signalFor(stopped),
      ),
    );
    if (stopped.aborted) break;
    if (!got.ok) {
      const { failure } = got;
      log("telegram.poll-failed", fieldsOf(failure));
      const asked = failure.type === "answered" ? failure.retryAfterSeconds : null;
      const ms = isTokenRejected(failure) ? TOKEN_PAUSE_MS : pauseMs;
      await unlessStopped(stopped, wait(asked === null ? ms : asked * 1000));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      continue;
    }
    pauseMs = FIRST_PAUSE_MS;
    const fresh = got.value
      .filter((update) => !taken.has(updateIdOf(update) ?? Number.NaN))
      .sort((a, b) => a.update_id - b.update_id);
    for (const update of fresh) {
      const { update_id: id } = update;
      taken.add(id);
      next = Math.max(next, id + 1);
      const safe = take(update).finally(() => unsafe.delete(id));
      unsafe.set(id, safe);
    }
    if (unsafe.size > 0) {
      const all = Promise.all(unsafe.values());
      // Nothing new: only those still unsafe came again, so any of them may be waited for.
      const some = fresh.length > 0 ? all : Promise.race(unsafe.values());
      await unlessStopped(stopped, Promise.race([some, wait(PATIENCE_MS)]));
    }
    for (const id of taken) if (id < offset()) taken.delete(id);
  }
  await Promise.all(unsafe.values());
  // The next run would get again, and drop again, what is already done.
  if (next > 0) await call((api) => api.getUpdates({ offset: offset(), limit: 1, timeout: 0 }));
}

import type { Durable } from "./durable.ts";
import type { Address, Incoming, Reply } from "./domain/reply.ts";
import type { SendResult } from "./domain/send-result.ts";

export type ResumeOptions = {
  /** What the last run took over and did not get to, oldest first: read from the store before this run takes anything over. */
  pending: Incoming[];
  durable: Durable;
  /** How each channel sends what nobody asked for just now. The page and the terminal are not among them: they ask again themselves. */
  senders: Record<string, (from: Address, reply: Reply) => Promise<SendResult>>;
  /** What is said when a message cannot be answered. */
  failed: () => Reply;
  onError: (error: unknown) => void;
  wait: (ms: number) => Promise<void>;
  stopped: AbortSignal;
};

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Answers what the last run left: each channel by itself, one after another. What a stop keeps it from sending stays for the next run. */
export async function resumePending(options: ResumeOptions): Promise<void> {
  const channels = new Set(options.pending.map(({ from }) => from.channel));
  await Promise.all([...channels].map((channel) => resumeChannel(channel, options)));
}

async function resumeChannel(channel: string, options: ResumeOptions): Promise<void> {
  const { pending, durable, senders } = options;
  const send = senders[channel];
  for (const incoming of pending.filter(({ from }) => from.channel === channel)) {
    if (options.stopped.aborted) return;
    if (send !== undefined) {
      const reply = await answer(incoming, options);
      if (reply !== null && !(await sendUntilTaken(() => send(incoming.from, reply), options))) {
        return;
      }
    }
    await durable.left(incoming);
  }
}

/** A message that breaks the bot must not break it at every start. */
async function answer(
  incoming: Incoming,
  { durable, failed, onError }: ResumeOptions,
): Promise<Reply | null> {
  try {
    return await durable.resume(incoming);
  } catch (error) {
    onError(error);
    return failed();
  }
}

/** False when it was stopped before the channel took the reply. */
async function sendUntilTaken(
  send: () => Promise<SendResult>,
  { wait, stopped }: ResumeOptions,
): Promise<boolean> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!stopped.aborted) {
    const result = await send();
    if (result.status !== "unreachable" && result.status !== "retry-after") return true;
    await wait(result.status === "retry-after" ? result.seconds * 1000 : pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  return false;
}

import type { Incoming, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { type Background, createLanes } from "./background.ts";
import { createRateLimit, type Rate } from "./rate.ts";
import { describeError } from "./redact.ts";
import { createUnderWay } from "./under-way.ts";

/** What every platform does with what people write there. A place is where to answer. */
export type Talk<Place> = {
  /** Does it the first time an id comes, and never rejects. Resolves as soon as it is safe here, before the reply is sent. */
  once(id: string, hear: () => Promise<void>): Promise<void>;
  /** Beyond the limit a chat is told so once, and then not answered until it has slowed down. */
  isAllowed(place: Place): boolean;
  /** Resolves once the message is safe; the reply is sent afterwards, in the order the messages came. */
  answer(place: Place, incoming: Incoming): Promise<void>;
  /** Says something in turn that is no answer. */
  say(place: Place, text: string): void;
  /** Resolves when the replies that are being sent now have been, those too that were told to wait. */
  repliesSent(): Promise<unknown>;
};

export type TalkOptions<Place, Part> = {
  /** Begins the names of what is logged. */
  channel: string;
  token: string;
  receive: (incoming: Incoming) => Promise<Reply | null>;
  onAnswered: ((incoming: Incoming) => Promise<void>) | undefined;
  onSent: ((result: SendResult["status"]) => void) | undefined;
  phrases: { failed: string; tooFast: string };
  rate: Rate | undefined;
  /** Whose limit and whose order it counts to. */
  chatOf: (place: Place) => string;
  render: (reply: Reply) => Part[];
  plain: (text: string) => Part;
  /** Tries again what certainly was not carried out. */
  send: (place: Place, parts: Part[]) => Promise<SendResult>;
  showTyping: (place: Place) => Promise<unknown>;
  log: (event: string, fields: Record<string, string | number>) => void;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  background: Background;
  stopped: AbortSignal;
};

const REMEMBERED = 10_000;
const RATE: Rate = { burst: 20, perMinute: 20 };
/** An answer that takes less is there before “đang soạn tin” could be read. */
const TYPING_AFTER_MS = 300;
/** Telegram shows it for five seconds; Zalo does not say. */
const TYPING_AGAIN_MS = 4_500;

export function createTalk<Place, Part>(options: TalkOptions<Place, Part>): Talk<Place> {
  const { channel, phrases, chatOf, log, wait, background, stopped } = options;
  const rate = createRateLimit(options.rate ?? RATE, options.now);
  const inLane = createLanes();
  /** What came last, each with the moment from which it is safe. */
  const seen = new Map<string, Promise<void>>();
  const underWay = createUnderWay();
  const toldToSlowDown = new Set<string>();

  function partsOf(reply: Reply | "failed"): Part[] {
    const parts = reply === "failed" ? [] : options.render(reply);
    return parts.length > 0 ? parts : [options.plain(phrases.failed)];
  }

  function say(place: Place, text: string): void {
    const parts = [options.plain(text)];
    background.run(inLane(chatOf(place), () => sendReply(place, parts)));
  }

  async function sendReply(place: Place, parts: Part[]): Promise<SendResult> {
    const result = await underWay.watch(options.send(place, parts));
    options.onSent?.(result.status);
    if (result.status !== "sent") log(`${channel}.reply-lost`, { result: result.status });
    return result;
  }

  async function typeMeanwhile(place: Place, composing: Promise<unknown>): Promise<void> {
    const done = composing.then(() => false);
    const isStillComposing = (ms: number) => Promise.race([done, wait(ms).then(() => true)]);
    if (!(await isStillComposing(TYPING_AFTER_MS))) return;
    do {
      await options.showTyping(place);
    } while (!stopped.aborted && (await isStillComposing(TYPING_AGAIN_MS)));
  }

  return {
    say,
    once(id, hear) {
      const before = seen.get(id);
      if (before !== undefined) return before;
      const safe = hear().catch((error: unknown) => {
        log(`${channel}.failed`, { error: describeError(error, options.token) });
      });
      seen.set(id, safe);
      if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value ?? id);
      return safe;
    },

    isAllowed(place) {
      const chat = chatOf(place);
      if (rate.take(chat) === 0) {
        toldToSlowDown.delete(chat);
        return true;
      }
      if (!toldToSlowDown.has(chat)) {
        if (toldToSlowDown.size >= REMEMBERED) toldToSlowDown.clear();
        toldToSlowDown.add(chat);
        say(place, phrases.tooFast);
      }
      return false;
    },

    async answer(place, incoming) {
      const received = options.receive(incoming).catch((error: unknown) => {
        log(`${channel}.answer-failed`, { error: describeError(error, options.token) });
        return "failed" as const;
      });
      background.run(typeMeanwhile(place, received));
      const replied = inLane(chatOf(place), async () => {
        const reply = await received;
        if (reply === null) return;
        const { status } = await sendReply(place, partsOf(reply));
        // Nothing reached the person: the store keeps the message, and a restart answers it.
        if (status === "unreachable" || status === "retry-after") return;
        await options.onAnswered?.(incoming);
      });
      background.run(replied);
      await received;
    },

    repliesSent: () => underWay.settled(),
  };
}

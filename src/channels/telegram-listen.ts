import type { Incoming, Reply } from "../domain/reply.ts";
import { type Call, withoutSecrets } from "./telegram-api.ts";
import { type Background, createLanes } from "./telegram-background.ts";
import type { TelegramOptions } from "./telegram-options.ts";
import { plainMessage, renderTelegram, type TelegramMessage } from "./telegram-render.ts";
import type { SendResult } from "../domain/send-result.ts";
import type { Sender } from "./telegram-send.ts";
import {
  type BotAccount,
  type Heard,
  type Place,
  readUpdate,
  updateIdOf,
} from "./telegram-updates.ts";
import { createRateLimit, type Rate } from "./web-rate.ts";

export type Listener = {
  /**
   * Takes an update over, each once; resolves as soon as it is safe here, before the reply is sent. Never rejects: what cannot be handled
   * now could not be handled later either.
   */
  take(update: unknown, me: BotAccount): Promise<void>;
  /** Resolves when the replies that are being sent now have been. */
  repliesSent(): Promise<unknown>;
};

export type ListenerOptions = {
  channel: TelegramOptions;
  call: Call;
  sender: Sender;
  background: Background;
  stopped: AbortSignal;
};

const REMEMBERED = 10_000;
const RATE: Rate = { burst: 20, perMinute: 20 };
/** An answer that takes less is there before “đang soạn tin” could be read. */
const TYPING_AFTER_MS = 300;
/** Telegram shows it for five seconds. */
const TYPING_AGAIN_MS = 4_500;

export function createListener({
  channel,
  call,
  sender,
  background,
  stopped,
}: ListenerOptions): Listener {
  const { receive, log, wait, now, phrases } = channel;
  const rate = createRateLimit(channel.rate ?? RATE, now);
  const inLane = createLanes();
  /** The updates seen last, each with the moment from which it is safe. */
  const seen = new Map<number, Promise<void>>();
  const sending = new Set<Promise<SendResult>>();
  const toldToSlowDown = new Set<string>();

  async function hear(heard: Heard): Promise<void> {
    switch (heard.type) {
      case "asked":
        channel.onReceived?.();
        if (heard.press !== null) background.run(answerPress(heard.press));
        if (isAllowed(heard.place)) await answer(heard.place, heard.incoming);
        return;
      case "wordless":
        channel.onReceived?.();
        if (isAllowed(heard.place)) say(heard.place, phrases[heard.what]);
        return;
      case "gone":
        channel.onReceived?.();
        background.run(answerPress(heard.press, phrases.gone));
        return;
      case "left":
        await channel.onBlocked(heard.from);
        return;
      case "moved":
        await channel.onMoved?.(heard.from, heard.to);
        return;
      case "malformed":
        log("telegram.malformed", {});
        return;
      case "ignored":
        return;
    }
  }

  /** Beyond the limit a chat is told so once, and then not answered until it has slowed down. */
  function isAllowed(place: Place): boolean {
    if (rate.take(place.chat) === 0) {
      toldToSlowDown.delete(place.chat);
      return true;
    }
    if (!toldToSlowDown.has(place.chat)) {
      if (toldToSlowDown.size >= REMEMBERED) toldToSlowDown.clear();
      toldToSlowDown.add(place.chat);
      say(place, phrases.tooFast);
    }
    return false;
  }

  /** Resolves once the message is safe; the reply is sent afterwards, in the order the messages came. */
  async function answer(place: Place, incoming: Incoming): Promise<void> {
    const received = receive(incoming).catch((error: unknown) => {
      log("telegram.answer-failed", { error: describeError(error, channel.token) });
      return "failed" as const;
    });
    background.run(showTyping(place, received));
    const replied = inLane(place.chat, async () => {
      const reply = await received;
      if (reply === null) return;
      const { status } = await sendReply(place, partsOf(reply));
      // Nothing reached the person: the store keeps the message, and a restart answers it.
      if (status === "unreachable" || status === "retry-after") return;
      await channel.onAnswered?.(incoming);
    });
    background.run(replied);
    await received;
  }

  function partsOf(reply: Reply | "failed"): TelegramMessage[] {
    const parts = reply === "failed" ? [] : renderTelegram(reply);
    return parts.length > 0 ? parts : [plainMessage(phrases.failed)];
  }

  function say(place: Place, text: string): void {
    background.run(inLane(place.chat, () => sendReply(place, [plainMessage(text)])));
  }

  async function sendReply(place: Place, parts: TelegramMessage[]): Promise<SendResult> {
    const sent = sender.send(place, parts, { retriesFirst: true });
    sending.add(sent);
    try {
      const result = await sent;
      channel.onSent?.(result.status);
      if (result.status !== "sent") log("telegram.reply-lost", { result: result.status });
      return result;
    } finally {
      sending.delete(sent);
    }
  }

  /** Always, or the button keeps turning on the person's screen. One that is too old can no longer be answered. */
  async function answerPress(press: string, text?: string): Promise<void> {
    await call((api) =>
      api.answerCallbackQuery(press, text === undefined ? {} : { text, show_alert: true }),
    );
  }

  async function showTyping(place: Place, composing: Promise<unknown>): Promise<void> {
    const done = composing.then(() => false);
    const isStillComposing = (ms: number) => Promise.race([done, wait(ms).then(() => true)]);
    if (!(await isStillComposing(TYPING_AFTER_MS))) return;
    const topic = place.thread === null ? {} : { message_thread_id: place.thread };
    do {
      await call((api) => api.sendChatAction(place.chat, "typing", topic));
    } while (!stopped.aborted && (await isStillComposing(TYPING_AGAIN_MS)));
  }

  return {
    take(update, me) {
      const id = updateIdOf(update);
      if (id === undefined) return Promise.resolve();
      const before = seen.get(id);
      if (before !== undefined) return before;
      const safe = hear(readUpdate(update, me, now())).catch((error: unknown) => {
        log("telegram.failed", { error: describeError(error, channel.token) });
      });
      seen.set(id, safe);
      if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value ?? id);
      return safe;
    },
    repliesSent: () => Promise.allSettled(sending),
  };
}

/** What went wrong and where, without the message: it may hold a person's words. */
export function describeError(error: unknown, token: string): string {
  if (!(error instanceof Error)) return typeof error;
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return withoutSecrets(`${error.name} ${where?.trim() ?? ""}`, token);
}

import type { Call } from "./telegram-api.ts";
import type { Background } from "./background.ts";
import type { TelegramOptions } from "./telegram-options.ts";
import { plainMessage, renderTelegram } from "./telegram-render.ts";
import type { Sender } from "./telegram-send.ts";
import {
  type BotAccount,
  type Heard,
  type Place,
  readUpdate,
  updateIdOf,
} from "./telegram-updates.ts";
import { createTalk } from "./talk.ts";

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

export function createListener({
  channel,
  call,
  sender,
  background,
  stopped,
}: ListenerOptions): Listener {
  const { log, now, phrases } = channel;
  const talk = createTalk({
    ...channel,
    channel: "telegram",
    onAnswered: channel.onAnswered,
    onSent: channel.onSent,
    rate: channel.rate,
    chatOf: (place: Place) => place.chat,
    render: renderTelegram,
    plain: plainMessage,
    send: (place, parts) => sender.send(place, parts, { retriesFirst: true }),
    showTyping(place) {
      const topic = place.thread === null ? {} : { message_thread_id: place.thread };
      return call((api) => api.sendChatAction(place.chat, "typing", topic));
    },
    background,
    stopped,
  });

  async function hear(heard: Heard): Promise<void> {
    switch (heard.type) {
      case "asked":
        channel.onReceived?.();
        if (heard.press !== null) background.run(answerPress(heard.press));
        if (talk.isAllowed(heard.place)) await talk.answer(heard.place, heard.incoming);
        return;
      case "wordless":
        channel.onReceived?.();
        if (talk.isAllowed(heard.place)) talk.say(heard.place, phrases[heard.what]);
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

  /** Always, or the button keeps turning on the person's screen. One that is too old can no longer be answered. */
  async function answerPress(press: string, text?: string): Promise<void> {
    await call((api) =>
      api.answerCallbackQuery(press, text === undefined ? {} : { text, show_alert: true }),
    );
  }

  return {
    take(update, me) {
      const id = updateIdOf(update);
      if (id === undefined) return Promise.resolve();
      return talk.once(String(id), () => hear(readUpdate(update, me, now())));
    },
    repliesSent: () => talk.repliesSent(),
  };
}

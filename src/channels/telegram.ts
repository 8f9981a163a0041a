import type { Address, Reply } from "../domain/reply.ts";
import { createCall, fieldsOf, isTokenRejected } from "./telegram-api.ts";
import { createBackground } from "./background.ts";
import { introduceUntilKnown } from "./introduction.ts";
import { createListener } from "./telegram-listen.ts";
import type { TelegramOptions } from "./telegram-options.ts";
import { pollUpdates } from "./telegram-poll.ts";
import { describeError } from "./redact.ts";
import { isSameSecret } from "./secret.ts";
import { renderTelegram } from "./telegram-render.ts";
import type { SendResult } from "../domain/send-result.ts";
import { createSender } from "./telegram-send.ts";
import { type BotAccount, UPDATE_KINDS, updateIdOf } from "./telegram-updates.ts";

export type WebhookRequest = {
  /** `X-Telegram-Bot-Api-Secret-Token` */
  secretHeader: string | null | undefined;
  /** Read only when the secret is right. */
  body: () => Promise<string>;
};

export type TelegramChannel = {
  /**
   * Resolves once Telegram knows the bot, or when it cannot be reached (it is tried again until `stop`).
   * Rejects with one Vietnamese sentence naming the setting when the token or the webhook's address is refused.
   */
  start(): Promise<void>;
  /** Takes nothing new; answers under way may finish for ten seconds. */
  stop(): Promise<void>;
  /** The HTTP status to answer with. 200: the update is safe here. Anything else: Telegram sends it again. */
  webhookHandler(request: WebhookRequest): Promise<number>;
  /** Resolves when the replies that are being sent now have been: they go before an announcement. */
  ready(): Promise<unknown>;
  /** Sends what nobody asked for just now. Nothing is tried again but later parts of a long text. */
  send(from: Address, reply: Reply): Promise<SendResult>;
};

const POLL_SECONDS = 30;
const REQUEST_SECONDS = 45;
const STOP_MS = 10_000;

const TOKEN_REFUSED =
  "TELEGRAM_TOKEN: Telegram không nhận mã này. Lấy lại mã ở @BotFather, sửa trong tệp .env rồi chạy lại.";

export function createTelegramChannel(options: TelegramOptions): TelegramChannel {
  const { token, apiRoot, log, wait, webhook } = options;
  const { requestSeconds = REQUEST_SECONDS, pollSeconds = POLL_SECONDS } = options;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const background = createBackground((error) => {
    log("telegram.failed", { error: describeError(error, token) });
  });
  const call = createCall({ token, apiRoot, timeoutSeconds: requestSeconds });
  const sender = createSender({
    call,
    wait,
    log,
    onBlocked(from) {
      background.run(options.onBlocked(from));
    },
    onMoved(from, to) {
      if (options.onMoved) background.run(options.onMoved(from, to));
    },
  });
  const listener = createListener({ channel: options, call, sender, background, stopped });
  let me = options.botInfo;

  /** False when Telegram could not be asked; throws when it refuses. */
  async function introduce(): Promise<boolean> {
    const account = await call((api) => api.getMe());
    if (!account.ok) {
      if (isTokenRejected(account.failure)) throw new Error(TOKEN_REFUSED);
      log("telegram.start-failed", fieldsOf(account.failure));
      return false;
    }
    const known = { id: account.value.id, username: account.value.username };
    me = known;
    const way = await call((api) =>
      webhook === null
        ? api.deleteWebhook()
        : api.setWebhook(webhook.url, {
            secret_token: webhook.secret,
            allowed_updates: UPDATE_KINDS,
          }),
    );
    if (!way.ok) {
      const { failure } = way;
      if (webhook !== null && failure.type === "answered" && failure.code === 400) {
        throw new Error(`PUBLIC_URL: Telegram không nhận địa chỉ này (${failure.description}).`);
      }
      log("telegram.start-failed", fieldsOf(failure));
      return false;
    }
    const told = await call((api) => api.setMyCommands(options.commands));
    if (!told.ok) log("telegram.commands-failed", fieldsOf(told.failure));
    begin(known);
    return true;
  }

  function begin(account: BotAccount): void {
    log("telegram.started", { mode: webhook === null ? "polling" : "webhook" });
    if (webhook !== null || stopped.aborted) return;
    const take = (update: unknown) => listener.take(update, account);
    background.run(pollUpdates({ call, take, wait, log, pollSeconds, stopped }));
  }

  return {
    start: () =>
      introduceUntilKnown({
        introduce,
        onRefused(reason) {
          log("telegram.refused", { reason });
        },
        background,
        wait,
        stopped,
      }),

    async stop() {
      stopping.abort();
      await Promise.race([background.finished(), wait(STOP_MS)]);
    },

    async webhookHandler({ secretHeader, body }) {
      if (webhook === null || !isSameSecret(secretHeader ?? "", webhook.secret)) return 401;
      if (stopped.aborted || me === undefined) return 503;
      const update: unknown = await body()
        .then(JSON.parse)
        .catch(() => undefined);
      if (updateIdOf(update) === undefined) return 400;
      await listener.take(update, me);
      return 200;
    },

    ready: () => listener.repliesSent(),

    async send(from, reply) {
      const parts = renderTelegram(reply);
      if (parts.length === 0) throw new Error("a reply to send must hold text, got none");
      const place = { chat: from.person, thread: null, replyTo: null };
      const result = await sender.send(place, parts, { retriesFirst: false });
      options.onSent?.(result.status);
      return result;
    },
  };
}

import { z } from "zod";
import type { Address, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { createBackground } from "./background.ts";
import { introduceUntilKnown } from "./introduction.ts";
import { describeError } from "./redact.ts";
import { isSameSecret } from "./secret.ts";
import { createTalk } from "./talk.ts";
import { createZaloBotCall, fieldsOfZalo, isZaloTokenRejected } from "./zalo-bot-api.ts";
import type { ZaloBotOptions } from "./zalo-bot-options.ts";
import { pollZalo } from "./zalo-bot-poll.ts";
import { createZaloQuota } from "./zalo-bot-quota.ts";
import { createZaloSender } from "./zalo-bot-send.ts";
import { readZaloUpdate, ZALO_BOT, type ZaloAccount, type ZaloHeard } from "./zalo-bot-updates.ts";
import { renderZalo } from "./zalo-text.ts";

export type ZaloWebhookRequest = {
  /** `X-Bot-Api-Secret-Token` */
  secretHeader: string | null | undefined;
  /** Read only when the secret is right. */
  body: () => Promise<string>;
};

export type ZaloBotChannel = {
  /**
   * Resolves once Zalo knows the bot, or when it cannot be reached (it is tried again until `stop`). Rejects with one Vietnamese sentence
   * naming what staff must do when the token is refused, or when Zalo sends messages elsewhere.
   */
  start(): Promise<void>;
  /** Takes nothing new; answers under way may finish for ten seconds. */
  stop(): Promise<void>;
  /** The HTTP status to answer with. 200: the message is safe here. */
  webhookHandler(request: ZaloWebhookRequest): Promise<number>;
  /** Resolves when the replies that are being sent now have been: they go before an announcement. */
  ready(): Promise<unknown>;
  /** Sends what nobody asked for just now, while the month's number allows it. */
  send(to: Address, reply: Reply): Promise<SendResult>;
  /** Sends a reply that an earlier run could not, also beyond the month's number. */
  sendReply(to: Address, reply: Reply): Promise<SendResult>;
};

const POLL_SECONDS = 30;
const REQUEST_SECONDS = 45;
const STOP_MS = 10_000;

const TOKEN_REFUSED =
  "ZALO_BOT_TOKEN: Zalo không nhận mã này. Lấy lại mã ở Zalo Bot Manager, sửa trong tệp .env rồi chạy lại.";
const NO_SECRET =
  "ZALO_BOT_SECRET: chưa có nên chưa nhận được tin từ Zalo Bot. Ghi một chuỗi 8 đến 256 ký tự vào tệp .env, chạy npm run zalo -- set-webhook, rồi chạy lại.";
const NOT_HERE =
  "PUBLIC_URL: Zalo Bot chưa gửi tin về địa chỉ này. Hãy chạy npm run zalo -- set-webhook.";
const ELSEWHERE =
  "PUBLIC_URL: Zalo Bot đang gửi tin về một địa chỉ khác nên không hỏi tin được. Ghi PUBLIC_URL vào tệp .env, hoặc chạy npm run zalo -- delete-webhook.";

const account = z.object({
  id: z.string().nullish().catch(null),
  account_name: z.string().nullish().catch(null),
  display_name: z.string().nullish().catch(null),
});
const webhookInfo = z.object({ url: z.string() });

export function createZaloBotChannel(options: ZaloBotOptions): ZaloBotChannel {
  const { token, apiRoot, log, wait, now, webhook, phrases } = options;
  const { requestSeconds = REQUEST_SECONDS, pollSeconds = POLL_SECONDS } = options;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const background = createBackground((error) => {
    log("zalo-bot.failed", { error: describeError(error, token) });
  });
  const call = createZaloBotCall({ token, apiRoot, timeoutSeconds: requestSeconds });
  const sender = createZaloSender({
    call,
    quota: createZaloQuota(options),
    wait,
    now,
    onGone(chat) {
      background.run(options.onBlocked({ channel: ZALO_BOT, person: chat }));
    },
    log,
  });
  const talk = createTalk({
    ...options,
    channel: ZALO_BOT,
    onAnswered: options.onAnswered,
    onSent: options.onSent,
    rate: options.rate,
    chatOf: (chat: string) => chat,
    render: renderZalo,
    plain: (text: string) => text,
    send: (chat, parts) => sender.reply(chat, parts),
    showTyping: (chat) => call("sendChatAction", { chat_id: chat, action: "typing" }),
    background,
    stopped,
  });
  /** A token begins with the bot's own id. */
  let me: ZaloAccount = { id: token.split(":")[0] ?? null, names: [] };

  async function take(update: unknown): Promise<void> {
    const heard = readZaloUpdate(update, me, now());
    if (heard.type === "malformed") log("zalo-bot.malformed", {});
    if (heard.type === "asked" || heard.type === "wordless") {
      await talk.once(heard.id, () => hear(heard));
    }
  }

  async function hear(heard: Extract<ZaloHeard, { chat: string }>): Promise<void> {
    if (!talk.isAllowed(heard.chat)) return;
    if (heard.type === "asked") await talk.answer(heard.chat, heard.incoming);
    else talk.say(heard.chat, phrases[heard.what]);
  }

  /** False when Zalo could not be asked; throws when it refuses, or sends messages elsewhere. */
  async function introduce(): Promise<boolean> {
    const known = await call("getMe", {}, { stopped });
    if (!known.ok) {
      if (isZaloTokenRejected(known.failure)) throw new Error(TOKEN_REFUSED);
      log("zalo-bot.start-failed", fieldsOfZalo(known.failure));
      return false;
    }
    const { id, account_name: name, display_name: shown } = account.parse(known.value ?? {});
    me = { id: id ?? me.id, names: [name, shown].flatMap((one) => one ?? []) };
    begin();
    const trouble = await findTrouble();
    if (trouble !== null) throw new Error(trouble);
    return true;
  }

  function begin(): void {
    log("zalo-bot.started", { mode: webhook === null ? "polling" : "webhook" });
    if (webhook !== null || stopped.aborted) return;
    const takeAside = (update: unknown) => {
      background.run(take(update));
    };
    background.run(pollZalo({ call, take: takeAside, wait, now, log, pollSeconds, stopped }));
  }

  /** The webhook is only ever set by hand, so it may not be where this run expects it. */
  async function findTrouble(): Promise<string | null> {
    if (webhook?.secret === null) return NO_SECRET;
    const set = await call("getWebhookInfo", {}, { stopped });
    const isUnset = !set.ok && set.failure.type === "answered" && set.failure.code === 404;
    if (!set.ok && !isUnset) return null;
    const url = set.ok ? (webhookInfo.safeParse(set.value).data?.url ?? "") : "";
    if (webhook === null) return url === "" ? null : ELSEWHERE;
    return url === webhook.url ? null : NOT_HERE;
  }

  function partsOf(reply: Reply): string[] {
    const parts = renderZalo(reply);
    if (parts.length === 0) throw new Error("a reply to send must hold text, got none");
    return parts;
  }

  function told(result: SendResult): SendResult {
    options.onSent?.(result.status);
    return result;
  }

  return {
    start: () =>
      introduceUntilKnown({
        introduce,
        onRefused(reason) {
          log("zalo-bot.refused", { reason });
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
      if (!isSameSecret(secretHeader ?? "", webhook?.secret ?? "")) return 401;
      if (stopped.aborted) return 503;
      const update: unknown = await body()
        .then(JSON.parse)
        .catch(() => undefined);
      if (typeof update !== "object" || update === null || Array.isArray(update)) return 400;
      await take(update);
      return 200;
    },

    ready: () => talk.repliesSent(),

    async send(to, reply) {
      const parts = partsOf(reply);
      return told(await sender.announce(to.person, parts));
    },

    async sendReply(to, reply) {
      return told(await sender.reply(to.person, partsOf(reply)));
    },
  };
}

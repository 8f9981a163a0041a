import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PushChannel } from "./broadcast/send-loop.ts";
import { measured, type Metrics } from "./channels/metrics.ts";
import type { Webhook } from "./channels/server.ts";
import { createTelegramChannel } from "./channels/telegram.ts";
import { createZaloBotChannel } from "./channels/zalo-bot.ts";
import { ZALO_BOT_PER_SECOND } from "./channels/zalo-bot-options.ts";
import { ZALO_BOT } from "./channels/zalo-bot-updates.ts";
import { createZaloOaChannel, ZALO_OA_PER_SECOND } from "./channels/zalo-oa.ts";
import type { Config } from "./config.ts";
import type { Durable } from "./durable.ts";
import type { ContentBase } from "./domain/content-base.ts";
import type { Address, Incoming, Reply } from "./domain/reply.ts";
import type { SendResult } from "./domain/send-result.ts";
import type { Store } from "./domain/store.ts";
import type { Log } from "./log.ts";
import { TELEGRAM_COMMANDS, telegramPhrases } from "./telegram-settings.ts";
import { ZALO_BOT_PATH, zaloBotPhrases, zaloBotWebhook } from "./zalo-bot-settings.ts";

/** Where people write from their phones, and are sent announcements. */
export type Platform = {
  push: PushChannel;
  /** Sends a reply that the last run could not. */
  sendReply: (to: Address, reply: Reply) => Promise<SendResult>;
  webhook: Webhook;
  /** Rejects with one Vietnamese sentence for staff. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
};

export type PlatformsOptions = {
  config: Config;
  content: ContentBase;
  store: Store;
  durable: Durable;
  metrics: Metrics;
  /** A sentence for staff. */
  tell: (sentence: string) => void;
  log: Log;
  now: () => Date;
};

/** The platforms that are set up. */
export function createPlatforms(options: PlatformsOptions): Platform[] {
  return [telegramPlatform(options), zaloBotPlatform(options), zaloOaPlatform(options)].filter(
    (one) => one !== null,
  );
}

const TELEGRAM = "telegram";
const TELEGRAM_PATH = "/telegram";

function telegramPlatform(options: PlatformsOptions): Platform | null {
  const { config, store } = options;
  if (config.telegram === null) return null;
  const { token, apiRoot } = config.telegram;
  const channel = createTelegramChannel({
    ...sharedBy(options, TELEGRAM),
    receive: counted(options, (incoming) => options.durable.receive(incoming)),
    token,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    onMoved: (from, to) => store.move(from, to),
    webhook: telegramWebhook(config),
    commands: TELEGRAM_COMMANDS,
    phrases: telegramPhrases(options.content),
  });
  const send = (to: Address, reply: Reply) => channel.send(to, reply);
  const { inFlight, telegramPerSecond } = config.sending;
  return {
    push: {
      name: TELEGRAM,
      ready: () => channel.ready(),
      send,
      maxInFlight: inFlight,
      perSecond: telegramPerSecond,
    },
    sendReply: send,
    webhook: {
      path: TELEGRAM_PATH,
      async handle(request) {
        const status = await channel.webhookHandler({
          secretHeader: request.headers.get("x-telegram-bot-api-secret-token"),
          body: () => request.text(),
        });
        return new Response(null, { status });
      },
    },
    start: () => channel.start(),
    stop: () => channel.stop(),
  };
}

/** A secret of this run alone: Telegram is told it at the start, and whoever else posts here does not know it. */
function telegramWebhook({ publicUrl }: Config): { url: string; secret: string } | null {
  if (publicUrl === null) return null;
  const url = `${publicUrl.replace(/\/+$/, "")}${TELEGRAM_PATH}`;
  return { url, secret: randomBytes(32).toString("hex") };
}

/** Zalo's messages are short. */
const MAX_ZALO_BYTES = 64 * 1024;

function zaloBotPlatform(options: PlatformsOptions): Platform | null {
  const { config, store } = options;
  if (config.zaloBot === null) return null;
  const { token, apiRoot, monthlyLimit } = config.zaloBot;
  const channel = createZaloBotChannel({
    ...sharedBy(options, ZALO_BOT),
    receive: counted(options, (incoming) => options.durable.receive(incoming)),
    token,
    apiRoot,
    monthlyLimit,
    sends: {
      count: (month, sends) => store.countSends(ZALO_BOT, month, sends),
      sentIn: (month) => store.sendsIn(ZALO_BOT, month),
    },
    onQuota: options.tell,
    webhook: zaloBotWebhook(config),
    phrases: zaloBotPhrases(options.content),
  });
  return {
    push: {
      name: ZALO_BOT,
      ready: () => channel.ready(),
      send: (to, reply) => channel.send(to, reply),
      maxInFlight: config.sending.inFlight,
      perSecond: ZALO_BOT_PER_SECOND,
    },
    sendReply: (to, reply) => channel.sendReply(to, reply),
    webhook: {
      path: ZALO_BOT_PATH,
      maxBytes: MAX_ZALO_BYTES,
      async handle(request) {
        const status = await channel.webhookHandler({
          secretHeader: request.headers.get("x-bot-api-secret-token"),
          body: () => request.text(),
        });
        return new Response(null, { status });
      },
    },
    start: () => channel.start(),
    stop: () => channel.stop(),
  };
}

const ZALO_OA = "zalo-oa";
const ZALO_OA_PATH = "/zalo-oa";

function zaloOaPlatform(options: PlatformsOptions): Platform | null {
  const { config, store, durable } = options;
  if (config.zaloOa === null) return null;
  const channel = createZaloOaChannel({
    ...config.zaloOa,
    ...sharedBy(options, ZALO_OA),
    tokenFile: join(config.dataFolder, "zalo-oa-token.json"),
    accept: (incoming) => durable.accept(incoming),
    answer: counted(options, (incoming) => durable.resume(incoming)),
    contacts: {
      note: (from, at) => {
        store.noteContact(from, at);
      },
      lastOf: (from) => store.lastContactOf(from),
    },
    tell: options.tell,
    phrases: telegramPhrases(options.content),
  });
  const send = (to: Address, reply: Reply) => channel.send(to, reply);
  const { inFlight } = config.sending;
  return {
    push: {
      name: ZALO_OA,
      ready: () => channel.ready(),
      send,
      maxInFlight: inFlight,
      perSecond: ZALO_OA_PER_SECOND,
    },
    sendReply: send,
    webhook: {
      path: ZALO_OA_PATH,
      async handle(request) {
        const status = await channel.webhookHandler({
          signature: request.headers.get("x-zevent-signature"),
          timestamp: request.headers.get("x-zevent-timestamp"),
          body: async () => new Uint8Array(await request.arrayBuffer()),
        });
        return new Response(null, { status });
      },
    },
    start() {
      channel.start();
      return Promise.resolve();
    },
    stop: () => channel.stop(),
  };
}

/** Answers, with the reply still to be sent: it has left only when the platform took it. */
function counted({ metrics }: PlatformsOptions, answer: Durable["receive"]): Durable["receive"] {
  return measured(answer, metrics, () => performance.now());
}

function sharedBy({ store, durable, metrics, log, now }: PlatformsOptions, name: string) {
  return {
    onAnswered: (incoming: Incoming) => durable.left(incoming),
    onBlocked: async (from: Address) => {
      await store.unsubscribe(from);
    },
    onSent: (result: SendResult["status"]) => {
      metrics.sent(name, result);
    },
    log,
    wait: (ms: number) => sleep(ms),
    now,
  };
}

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAnnouncements, DEMO_SPEAKERS } from "./announcements.ts";
import type { PushChannel } from "./broadcast/send-loop.ts";
import { createAnswer } from "./answer/answer.ts";
import { say } from "./answer/compose.ts";
import { plain } from "./answer/compose-other.ts";
import { talkInConsole } from "./channels/console.ts";
import { createMetrics, measured } from "./channels/metrics.ts";
import { createServer, type Webhook } from "./channels/server.ts";
import { createTelegramChannel, type TelegramChannel } from "./channels/telegram.ts";
import { createWebChannel, type WebChannel } from "./channels/web.ts";
import { createZaloOaChannel, ZALO_OA_PER_SECOND, type ZaloOaChannel } from "./channels/zalo-oa.ts";
import { type Config, requireConfig, storeFolderOf } from "./config.ts";
import { createDurable, type Durable } from "./durable.ts";
import type { Address, Incoming, Reply } from "./domain/reply.ts";
import { type Knowledge, openKnowledge } from "./knowledge.ts";
import { createLog, type Log } from "./log.ts";
import type { PersonalData, Store } from "./domain/store.ts";
import { resumePending } from "./resume.ts";
import { openStore } from "./store/open-store.ts";
import { TELEGRAM_COMMANDS, telegramPhrases } from "./telegram-settings.ts";
import { tellOfNotices, watchContent } from "./watch-content.ts";
import { webGreeting } from "./web-greeting.ts";

/** How long the end waits for what is under way. */
const STOP_MS = 10_000;

async function main(): Promise<number> {
  const isDemo = requireOptions();
  const config = requireConfig();
  if (isDemo && (config.telegram !== null || config.zaloOa !== null)) {
    console.error(DEMO_ALONE);
    return 2;
  }
  const inTerminal = process.stdin.isTTY || isDemo;
  const log: Log = inTerminal ? () => undefined : createLog();
  const tell = (sentence: string) => {
    if (inTerminal) console.error(sentence);
    log("notice", { sentence });
  };
  const now = () => new Date();

  tell("Đang đọc nội dung…");
  const knowledge = await openKnowledge({ ...config, writes: true, now: now() });
  if (knowledge.status === "broken") {
    console.error(`Nội dung có lỗi nên chưa chạy được:\n${knowledge.report}`);
    return 1;
  }
  if (knowledge.report !== null) {
    tell(`Nội dung có lỗi, đang dùng bản tốt gần nhất:\n${knowledge.report}`);
  }
  tellOfNotices(knowledge.brokenNotices, tell);
  let onProblem = tell;
  const store = await openStore({
    folder: storeFolderOf(config, isDemo),
    now,
    onProblem: (sentence) => {
      onProblem(sentence);
    },
  });
  if ("refused" in store) {
    console.error(store.refused);
    return 1;
  }

  const metrics = createMetrics();
  const people = { ...store, erase: (from: Address) => eraseEverywhere(store, web, from) };
  const announcements = createAnnouncements({
    config,
    content: () => knowledge.brain().content,
    store,
    push: () => platforms(),
    isDemo,
    now,
    tellHere: tell,
    log,
  });
  const answer = announcements.wrap(createAnswer(knowledge.brain, people));
  const durable = createDurable(answer, store, () => ({
    ...plain(knowledge.brain().content, "alreadyDone", "smalltalk"),
    feedback: null,
  }));
  const receive = measured(settled(durable), metrics, () => performance.now());
  const telegram =
    config.telegram === null
      ? null
      : createTelegramChannel({
          token: config.telegram.token,
          ...(config.telegram.apiRoot === undefined ? {} : { apiRoot: config.telegram.apiRoot }),
          receive: measured(
            (incoming) => durable.receive(incoming),
            metrics,
            () => performance.now(),
          ),
          onAnswered: (incoming) => durable.left(incoming),
          onBlocked: async (from) => {
            await store.unsubscribe(from);
          },
          onMoved: (from, to) => store.move(from, to),
          onSent: (result) => {
            metrics.sent("telegram", result);
          },
          log,
          wait: (ms) => sleep(ms),
          now,
          webhook: webhookOf(config),
          commands: TELEGRAM_COMMANDS,
          phrases: telegramPhrases(knowledge.brain().content),
        });
  const zaloOa =
    config.zaloOa === null
      ? null
      : createZaloOaChannel({
          ...config.zaloOa,
          tokenFile: join(config.dataFolder, "zalo-oa-token.json"),
          accept: (incoming) => durable.accept(incoming),
          answer: measured(
            (incoming) => durable.resume(incoming),
            metrics,
            () => performance.now(),
          ),
          onAnswered: (incoming) => durable.left(incoming),
          onBlocked: async (from) => {
            await store.unsubscribe(from);
          },
          contacts: {
            note: (from, at) => {
              store.noteContact(from, at);
            },
            lastOf: (from) => store.lastContactOf(from),
          },
          onSent: (result) => {
            metrics.sent("zalo-oa", result);
          },
          tell: announcements.tell,
          log,
          wait: (ms) => sleep(ms),
          now,
          phrases: telegramPhrases(knowledge.brain().content),
        });
  const platforms = (): PushChannel[] => [
    ...(telegram === null ? [] : [pushTo("telegram", telegram, config.sending.telegramPerSecond)]),
    ...(zaloOa === null ? [] : [pushTo("zalo-oa", zaloOa, ZALO_OA_PER_SECOND)]),
  ];
  const pushTo = (
    name: string,
    channel: Pick<PushChannel, "send">,
    perSecond: number,
  ): PushChannel => ({
    name,
    send: (to, reply) => channel.send(to, reply),
    maxInFlight: config.sending.inFlight,
    perSecond,
  });
  const web = createWebChannel({
    receive,
    greet: () => webGreeting(knowledge.brain().content),
    notices: announcements.pages,
    now,
    secureCookies: false,
    onError: (error) => {
      log("web-failure", { error: String(error) });
    },
  });
  const server = createServer({
    host: config.host,
    port: config.port,
    trustProxyHops: config.trustProxyHops,
    web,
    webhooks: [
      ...(telegram === null ? [] : [telegramWebhook(telegram)]),
      ...(zaloOa === null ? [] : [zaloOaWebhook(zaloOa)]),
    ],
    ready: () => true,
    metrics:
      config.metricsPort === null ? null : { port: config.metricsPort, read: () => metrics.read() },
    log,
  });
  const toldToStop = inTerminal ? null : untilToldToStop();
  // From the first request on, what waits may be this run's own.
  const pending = store.pending();
  try {
    await server.start();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    await store.close();
    return 1;
  }
  const stopLooking = watchContent(knowledge, now, announcements.tell);
  tell(`Trang trò chuyện: ${server.url}`);

  if (telegram !== null) {
    try {
      await telegram.start();
    } catch (error) {
      // The other channels start all the same.
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  zaloOa?.start();
  const stopping = new AbortController();
  const resumed = resumePending({
    pending,
    durable,
    senders: Object.fromEntries(platforms().map(({ name, send }) => [name, send])),
    failed: () => ({ ...plain(knowledge.brain().content, "failure", null), feedback: null }),
    onError: (error) => {
      log("resume-failed", { error: String(error) });
    },
    // A stop does not wait for the pause to end.
    wait: (ms) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined),
    stopped: stopping.signal,
  }).catch((error: unknown) => {
    log("resume-failed", { error: String(error) });
  });

  onProblem = announcements.tell;
  announcements.start();

  if (inTerminal) {
    await talkInConsole({
      input: process.stdin,
      output: process.stdout,
      receive,
      now,
      welcome: isDemo ? DEMO_WELCOME : welcomeOf(knowledge),
      speakers: isDemo ? DEMO_SPEAKERS : [],
    });
  } else {
    await toldToStop;
  }
  stopLooking();
  stopping.abort();
  const announced = announcements.stop();
  const orderly = async () => {
    // One after the other: a webhook's last requests still leave replies to send.
    await server.stop();
    await Promise.all([telegram?.stop(), zaloOa?.stop()]);
    await Promise.all([resumed, announced]);
  };
  // What is cut off now is answered, or listed as doubtful, by the next run.
  await Promise.race([orderly(), sleep(STOP_MS)]);
  await store.close();
  return 0;
}

const DEMO_ALONE =
  "--demo chỉ để xem thử trên máy này: hãy bỏ TELEGRAM_TOKEN và các dòng ZALO_OA trong tệp .env, hoặc chạy không có --demo.";

const DEMO_WELCOME = `Bản chạy thử. Mở trang trò chuyện, gõ "đăng ký nhận thông báo" và chọn một điều; rồi ở đây:
/vai soan    nói với tư cách người soạn:  /thongbao, /trinh <mã>
/vai duyet   nói với tư cách người duyệt: /xem <mã>, /duyet <mã> <số người>, /baocao <mã>
/vai dan     hỏi như người dân
(Gõ "thoát" để dừng.)`;

/** Whether this is a demonstration; anything else on the command line ends with a sentence. */
function requireOptions(): boolean {
  const [first, ...more] = process.argv.slice(2);
  if (first === undefined) return false;
  if (first === "--demo" && more.length === 0) return true;
  console.error(
    `Không hiểu "${first}". Cách dùng: npm start, hoặc npm start -- --demo để chạy thử.`,
  );
  process.exit(2);
}

/** The page keeps the last replies of a person for a while; they say what was asked. */
async function eraseEverywhere(
  store: Store,
  web: WebChannel,
  from: Address,
): Promise<PersonalData> {
  const erased = await store.erase(from);
  if (from.channel === "web") web.forget(from.person);
  return erased;
}

/** For channels whose reply is gone with the return: the page and the terminal ask again themselves. */
function settled(durable: Durable): (incoming: Incoming) => Promise<Reply | null> {
  return async (incoming) => {
    const reply = await durable.receive(incoming);
    if (reply !== null) await durable.left(incoming);
    return reply;
  };
}

const TELEGRAM_PATH = "/telegram";

/** A secret of this run alone: Telegram is told it at the start, and whoever else posts here does not know it. */
function webhookOf({ publicUrl }: Config): { url: string; secret: string } | null {
  if (publicUrl === null) return null;
  const url = `${publicUrl.replace(/\/+$/, "")}${TELEGRAM_PATH}`;
  return { url, secret: randomBytes(32).toString("hex") };
}

function telegramWebhook(telegram: TelegramChannel): Webhook {
  return {
    path: TELEGRAM_PATH,
    async handle(request) {
      const status = await telegram.webhookHandler({
        secretHeader: request.headers.get("x-telegram-bot-api-secret-token"),
        body: () => request.text(),
      });
      return new Response(null, { status });
    },
  };
}

const ZALO_OA_PATH = "/zalo-oa";

function zaloOaWebhook(zaloOa: ZaloOaChannel): Webhook {
  return {
    path: ZALO_OA_PATH,
    async handle(request) {
      const status = await zaloOa.webhookHandler({
        signature: request.headers.get("x-zevent-signature"),
        timestamp: request.headers.get("x-zevent-timestamp"),
        body: async () => new Uint8Array(await request.arrayBuffer()),
      });
      return new Response(null, { status });
    },
  };
}

function welcomeOf(knowledge: Extract<Knowledge, { status: "ready" }>): string {
  const { content } = knowledge.brain();
  const greeting = say(content, "greeting", { don_vi: content.phrases.office ?? "" });
  const trial = content.phrases.office === null ? ` ${say(content, "trial")}` : "";
  return `${greeting}${trial}\n(Gõ "thoát" để dừng.)`;
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => {
      resolve();
    });
    process.once("SIGINT", () => {
      resolve();
    });
  });
}

// All that must be done is done: what is left, a pause or a call that hangs, may not hold up the end.
process.exit(await main());

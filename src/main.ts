import { setTimeout as sleep } from "node:timers/promises";
import { createAnnouncements, DEMO_SPEAKERS } from "./announcements.ts";
import { createAnswer } from "./answer/answer.ts";
import { say } from "./answer/compose.ts";
import { plain } from "./answer/compose-other.ts";
import { talkInConsole } from "./channels/console.ts";
import { createMetrics, measured } from "./channels/metrics.ts";
import { createServer } from "./channels/server.ts";
import { createWebChannel, type WebChannel } from "./channels/web.ts";
import { requireConfig, storeFolderOf } from "./config.ts";
import { createDurable, type Durable } from "./durable.ts";
import type { Address, Incoming, Reply } from "./domain/reply.ts";
import { type Knowledge, openKnowledge } from "./knowledge.ts";
import { createLog, type Log } from "./log.ts";
import { createPlatforms } from "./platforms.ts";
import type { PersonalData, Store } from "./domain/store.ts";
import { resumePending } from "./resume.ts";
import { openStore } from "./store/open-store.ts";
import { tellOfNotices, watchContent } from "./watch-content.ts";
import { webGreeting } from "./web-greeting.ts";

/** How long the end waits for what is under way. */
const STOP_MS = 10_000;

async function main(): Promise<number> {
  const isDemo = requireOptions();
  const config = requireConfig();
  if (isDemo && [config.telegram, config.zaloBot, config.zaloOa].some((one) => one !== null)) {
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
    push: () => platforms.map(({ push }) => push),
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
  const platforms = createPlatforms({
    config,
    content: knowledge.brain().content,
    store,
    durable,
    metrics,
    tell: announcements.tell,
    log,
    now,
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
    webhooks: platforms.map(({ webhook }) => webhook),
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

  // Not waited for: a platform that does not answer holds up neither the others nor the end.
  for (const platform of platforms) platform.start().catch(sayWhy);
  const stopping = new AbortController();
  const resumed = resumePending({
    pending,
    durable,
    senders: Object.fromEntries(platforms.map(({ push, sendReply }) => [push.name, sendReply])),
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
    await Promise.all(platforms.map((platform) => platform.stop()));
    await Promise.all([resumed, announced]);
  };
  // What is cut off now is answered, or listed as doubtful, by the next run.
  await Promise.race([orderly(), sleep(STOP_MS)]);
  await store.close();
  return 0;
}

const DEMO_ALONE =
  "--demo chỉ để xem thử trên máy này: hãy bỏ TELEGRAM_TOKEN, ZALO_BOT_TOKEN và các dòng ZALO_OA trong tệp .env, hoặc chạy không có --demo.";

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

/** One sentence for staff; the other channels start all the same. */
function sayWhy(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
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

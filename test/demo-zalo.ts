// Stands here and not under src/cli/: it needs the fakes, which the bot itself must not know.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requireConfig } from "../src/config.ts";
import { readContentFiles } from "../src/content/read-files.ts";
import { createModelCache } from "../src/model-cache.ts";
import { type FakeZaloBot, startFakeZaloBot } from "./fake-zalo-bot.ts";
import { type FakeZaloOa, startFakeZaloOa } from "./fake-zalo-oa.ts";
import { freePort, startMain } from "./main-process.ts";

/** What somebody does, and how it is shown. */
type Move = { shown: string; act: () => Promise<unknown> };

/** Somebody's telephone on one platform. */
type Phone = {
  channel: string;
  moves: Move[];
  /** All that reached it so far, as the person sees it. */
  received: () => string[];
};

const PERSON = "5f3c9a1b2d4e6f708192";
const STICKER = "(gửi một hình dán)";
const LOOK_AGAIN_MS = 30;
const PATIENCE_MS = 60_000;

const WELCOME = `Một cuộc trò chuyện với An Sinh trên Zalo. Bot là bot thật; Zalo là bản giả chạy ngay trên máy này,
nên không cần tài khoản và không có gì gửi ra ngoài. Đang khởi động…`;

const BOT_HEADING = "──── Zalo Bot: không có nút bấm, người dân gõ số để chọn ────";

const OA_HEADING = "──── Zalo OA: năm lựa chọn đầu có nút bấm, gõ số cũng được ────";

const GOODBYE = "──── Hết. Muốn dùng thật: xem mục Zalo Bot và Zalo OA trong README.md ────";

async function main(): Promise<void> {
  const { contentFolder, dataFolder } = requireConfig();
  const folder = await mkdtemp(join(tmpdir(), "an-sinh-demo-zalo-"));
  // Also when the demonstration is interrupted.
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

  console.log(WELCOME);
  await takeOverWhatIsLearnt(contentFolder, dataFolder, folder);
  const [bot, oa] = await Promise.all([startFakeZaloBot(), startFakeZaloOa()]);
  const metricsPort = await freePort();
  const running = await startMain({
    CONTENT_DIR: contentFolder,
    DATA_DIR: folder,
    METRICS_PORT: String(metricsPort),
    ZALO_BOT_TOKEN: bot.token,
    ZALO_BOT_API: bot.apiRoot,
    ZALO_OA_APP_ID: oa.account.appId,
    ZALO_OA_SECRET: oa.account.appSecret,
    ZALO_OA_ID: oa.account.oaId,
    ZALO_OA_WEBHOOK_KEY: oa.account.webhookKey,
    ZALO_OA_REFRESH_TOKEN: oa.account.refreshToken,
    ZALO_OA_API: oa.url,
    ZALO_OA_OAUTH: oa.url,
  });
  oa.webhook = `${running.url}zalo-oa`;
  console.log(`\n${BOT_HEADING}`);
  await play(phoneWithBot(bot), metricsPort);
  console.log(`\n${OA_HEADING}`);
  await play(phoneWithOa(oa), metricsPort);
  console.log(`\n${GOODBYE}`);

  await running.stop();
  await Promise.all([bot.close(), oa.close()]);
}

/** Learning takes seconds, and the bot of this machine may have done it. */
async function takeOverWhatIsLearnt(contentFolder: string, from: string, to: string) {
  const files = await readContentFiles(contentFolder);
  const learnt = await createModelCache(from).read(files);
  if (learnt !== undefined) await createModelCache(to).write(files, learnt);
}

function phoneWithBot(fake: FakeZaloBot): Phone {
  // What is sent while nobody asks for it is lost.
  const whenHeard = async (act: () => Promise<unknown>) => {
    await until(async () => fake.isPolled());
    return act();
  };
  const types = (words: string): Move => ({
    shown: words,
    act: () => whenHeard(() => fake.says(PERSON, words)),
  });
  const sticker = {
    from: { id: PERSON, display_name: "Người dân", is_bot: false },
    chat: { id: PERSON, chat_type: "PRIVATE" },
    sticker: "1",
    url: "https://stickers.example.org/1",
  };
  return {
    channel: "zalo-bot",
    received: () => fake.sent.map(({ text }) => text),
    moves: [
      types("me toi 80 tuoi k co luong huu dc tro cap gi"),
      types("1"),
      types("nhà tôi ở xã Lình Huỳnh"),
      {
        shown: STICKER,
        act: () => whenHeard(() => fake.push("message.sticker.received", sticker)),
      },
      types("đăng ký nhận thông báo"),
      types("2"),
    ],
  };
}

function phoneWithOa(fake: FakeZaloOa): Phone {
  const types = (words: string): Move => ({ shown: words, act: () => fake.says(PERSON, words) });
  const follows = () => {
    fake.person(PERSON, new Date());
    const { oaId } = fake.account;
    return fake.deliver({
      ...fake.event("follow", PERSON),
      oa_id: oaId,
      follower: { id: PERSON },
    });
  };
  const sticker = {
    msg_id: "hinh-dan",
    attachments: [{ type: "sticker", payload: { id: "1", url: "https://stickers.example.org/1" } }],
  };
  return {
    channel: "zalo-oa",
    received: () => fake.sent.map(({ text, buttons }) => withButtons(text, buttons)),
    moves: [
      { shown: "(bấm Quan tâm)", act: follows },
      types("ba toi moi mat co duoc tien mai tang k"),
      types("3"),
      types("phường Vĩnh Thanh Vân"),
      {
        shown: STICKER,
        act: () => fake.deliver(fake.event("user_send_sticker", PERSON, { message: sticker })),
      },
      types("đăng ký nhận thông báo"),
      // A press writes the button's number.
      { shown: "(bấm nút 1)", act: () => fake.says(PERSON, "1") },
    ],
  };
}

function withButtons(text: string, buttons: { title: string }[]): string {
  if (buttons.length === 0) return text;
  return `${text}\n\nNút bấm: ${buttons.map(({ title }) => `[${title}]`).join(" ")}`;
}

/** One move after the other, each when the reply to the last has come as a whole. */
async function play({ channel, moves, received }: Phone, metricsPort: number): Promise<void> {
  for (const [index, { shown, act }] of moves.entries()) {
    const before = received().length;
    console.log(`\nNgười dân: ${shown}`);
    await act();
    await until(async () => (await repliesOn(channel, metricsPort)) > index);
    for (const text of received().slice(before)) console.log(`\nAn Sinh: ${text}`);
  }
}

/** How many replies went out as a whole: one may be several messages. */
async function repliesOn(channel: string, metricsPort: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  const counts = await response.text();
  const sent = `an_sinh_sends_total{channel="${channel}",result="sent"} `;
  const line = counts.split("\n").find((one) => one.startsWith(sent)) ?? "";
  return Number(line.slice(sent.length));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedMs > PATIENCE_MS) throw new Error("Bot không trả lời.");
    await sleep(LOOK_AGAIN_MS);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();

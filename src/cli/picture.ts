import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { createAnswer } from "../answer/answer.ts";
import { composeNotice, digestOf } from "../answer/compose-notice.ts";
import { inTurn } from "../answer/in-turn.ts";
import { createPageNotices } from "../broadcast/page.ts";
import { release as releaseIt, start } from "../broadcast/transitions.ts";
import { createServer } from "../channels/server.ts";
import { createWebChannel } from "../channels/web.ts";
import { requireConfig } from "../config.ts";
import type { Draft } from "../domain/broadcast.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { dayOf } from "../domain/day.ts";
import type { Address } from "../domain/reply.ts";
import type { Store } from "../domain/store.ts";
import { openKnowledge } from "../knowledge.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { webGreeting } from "../web-greeting.ts";
import { hasChromium, HOW_TO_GET_CHROMIUM, openChromium } from "./chromium.ts";
import { requireOptions } from "./options.ts";

const PHONE = { width: 390, height: 844 };

const CHAT = ".ci/web-chat.png";
const ANNOUNCEMENT = ".ci/announcement.png";

const USAGE = `Cách dùng:
  npm run picture                                   chụp trang web và một thông báo vào ${CHAT} và ${ANNOUNCEMENT}
  npm run picture -- --to tệp.png "câu hỏi"         chỉ chụp trang web, vào tệp khác, với câu hỏi khác`;

async function main(): Promise<number> {
  const { values, positionals } = requireOptions(USAGE, {
    allowPositionals: true,
    options: {
      to: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (!hasChromium()) {
    console.error(`Chưa chụp được: ${HOW_TO_GET_CHROMIUM}`);
    return 1;
  }
  const config = requireConfig();
  const knowledge = await openKnowledge({
    contentFolder: config.contentFolder,
    dataFolder: config.dataFolder,
    writes: false,
    now: new Date(),
  });
  if (knowledge.status === "broken") {
    console.error(knowledge.report);
    return 1;
  }
  const now = () => new Date();
  const store = createMemoryStore(now);
  const isSubscribed = (from: Address) => store.subscriptionOf(from) !== null;
  const pages = createPageNotices({ store, isSubscribed, now });
  const server = createServer({
    host: "127.0.0.1",
    port: 0,
    trustProxyHops: 0,
    web: createWebChannel({
      receive: inTurn(createAnswer(knowledge.brain, store)),
      greet: () => webGreeting(knowledge.brain().content),
      notices: pages,
      now,
      secureCookies: false,
      onError: (error) => {
        console.error(error);
      },
    }),
    webhooks: [],
    ready: () => true,
    metrics: null,
    log: () => undefined,
  });
  await server.start();
  const question = positionals.join(" ") || "me toi 76 tuoi khong co luong huu thi duoc gi";
  const to = values.to ?? CHAT;
  const announce = async () => {
    await release(store, knowledge.brain().content, now());
    pages.announce();
  };
  try {
    await withPhone(async (page) => {
      await page.goto(server.url);
      await ask(page, question);
      await save(page, to);
    });
    if (values.to === undefined) {
      await withPhone(async (page) => {
        await page.goto(server.url);
        await ask(page, "đăng ký nhận thông báo");
        await page.getByRole("button", { name: "Nhận thông báo mọi lĩnh vực" }).click();
        await page.getByText("Đã đăng ký nhận thông báo").waitFor();
        await announce();
        const notice = page.locator("#log article.announcement");
        await notice.waitFor();
        await notice.scrollIntoViewIfNeeded();
        await save(page, ANNOUNCEMENT);
      });
    }
  } finally {
    await server.stop();
  }
  console.log(`Đã chụp vào ${values.to ?? `${CHAT} và ${ANNOUNCEMENT}`}`);
  return 0;
}

/** As if two staff had released the newest notice. */
async function release(store: Store, content: ContentBase, at: Date): Promise<void> {
  const notice = content.notices.at(-1);
  if (notice === undefined) throw new Error("expected a notice in the content, found none");
  const id = "TB7K3FQ";
  const draft: Draft = {
    id,
    notice: notice.id,
    digest: digestOf(notice),
    title: notice.title,
    blocks: composeNotice(content, notice, dayOf(at), id, null),
    audience: notice.audience,
    sendAt: null,
    expiresAt: new Date(notice.expiresAt),
    urgent: null,
    corrects: null,
  };
  await store.submit(draft, { did: "submitted", by: "console:soan", at });
  await store.change(id, releaseIt({ by: "console:duyet", at }));
  await store.change(id, start(at));
}

async function withPhone(use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await openChromium();
  try {
    const page = await browser.newPage({
      viewport: PHONE,
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      colorScheme: "light",
    });
    await use(page);
  } finally {
    await browser.close();
  }
}

async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Câu hỏi của quý vị").fill(question);
  await page.keyboard.press("Enter");
  await page.locator(".turn .reply").waitFor();
}

async function save(page: Page, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
}

process.exitCode = await main();

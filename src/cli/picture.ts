import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { createAnswer } from "../answer/answer.ts";

import { inTurn } from "../answer/in-turn.ts";
import { createServer } from "../channels/server.ts";
import { createWebChannel } from "../channels/web.ts";
import { requireConfig } from "../config.ts";
import { openKnowledge } from "../knowledge.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { webGreeting } from "../web-greeting.ts";
import { hasChromium, HOW_TO_GET_CHROMIUM, openChromium } from "./chromium.ts";

const PHONE = { width: 390, height: 844 };

const USAGE = `Cách dùng:
  npm run picture                                   chụp trang web vào .ci/web-chat.png
  npm run picture -- --to tệp.png "câu hỏi"         chụp vào tệp khác, với câu hỏi khác`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: "string", default: ".ci/web-chat.png" },
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
  const server = createServer({
    host: "127.0.0.1",
    port: 0,
    trustProxyHops: 0,
    web: createWebChannel({
      receive: inTurn(createAnswer(knowledge.brain, createMemoryStore(now))),
      greet: () => webGreeting(knowledge.brain().content),
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
  try {
    await takePicture(server.url, question, values.to);
  } finally {
    await server.stop();
  }
  console.log(`Đã chụp vào ${values.to}`);
  return 0;
}

async function takePicture(url: string, question: string, file: string): Promise<void> {
  const browser = await openChromium();
  try {
    const page = await browser.newPage({
      viewport: PHONE,
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      colorScheme: "light",
    });
    await page.goto(url);
    await page.getByLabel("Câu hỏi của quý vị").fill(question);
    await page.keyboard.press("Enter");
    await page.locator(".turn .reply").waitFor();
    await mkdir(dirname(file), { recursive: true });
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

process.exitCode = await main();

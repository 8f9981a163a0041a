import { z } from "zod";
import { type BenchChat, type BenchPlatform, PUBLIC_URL } from "./bench-platform.ts";
import { serveJson } from "./bench-serve.ts";

/** Both Zalo platforms as a bench sees them. */
export type BenchZalo = BenchPlatform &
  BenchChat & {
    /** How long each send takes from now on. */
    takes(delayMs: number): void;
    close(): Promise<void>;
  };

const ID = "4012345678901234567";
const TOKEN = `${ID}:BenchBenchBenchBenchBenchBench`;
export const ZALO_BOT_SECRET = "bench-secret-of-the-webhook";
export const ZALO_BOT_PATH = "/zalo-bot";

const sendMessage = z.object({ chat_id: z.string().min(1), text: z.string().min(1).max(2_000) });

/** A Zalo Bot API on this machine that takes every message. */
export async function startBenchZaloBot(): Promise<BenchZalo> {
  let listener: Parameters<BenchChat["onReply"]>[0] = () => undefined;
  let delayMs = 0;
  let count = 0;
  const waitingForStart: (() => void)[] = [];

  function perform(method: string, body: string, at: number): unknown {
    switch (method) {
      case "getMe":
        return { id: ID, account_name: "Bot An Sinh", account_type: "BASIC" };
      case "getWebhookInfo":
        for (const resolve of waitingForStart.splice(0)) resolve();
        return { url: `${PUBLIC_URL}${ZALO_BOT_PATH}`, updated_at: Date.now() };
      case "sendMessage":
        listener({ person: sendMessage.parse(JSON.parse(body)).chat_id, at });
        return { message_id: `tra-loi-${++count}`, date: Date.now() };
      default:
        return undefined;
    }
  }

  const { origin, close } = await serveJson(({ path, body, at }) => {
    const [, prefix, method = ""] = path.split("/");
    if (prefix !== `bot${TOKEN}`) throw new Error("the bot must send its token, and did not");
    return {
      answer: { ok: true, result: perform(method, body, at) },
      afterMs: method === "sendMessage" ? delayMs : 0,
    };
  });
  return {
    environment: {
      ZALO_BOT_TOKEN: TOKEN,
      ZALO_BOT_SECRET,
      ZALO_BOT_API: origin,
      ZALO_BOT_MONTHLY_LIMIT: "0",
    },
    nextStart: () => new Promise((resolve) => waitingForStart.push(resolve)),
    path: ZALO_BOT_PATH,
    says(text) {
      count += 1;
      const person = `nguoi-dan-${count}`;
      const message = {
        message_id: `tin-${count}`,
        date: Date.now(),
        from: { id: person, display_name: "Người dân", is_bot: false },
        chat: { id: person, chat_type: "PRIVATE" },
        text,
      };
      const update = { ok: true, result: { event_name: "message.text.received", message } };
      return { person, body: JSON.stringify(update), headers: zaloBotHeaders(ZALO_BOT_SECRET) };
    },
    onReply(next) {
      listener = next;
    },
    takes(next) {
      delayMs = next;
    },
    close,
  };
}

export function zaloBotHeaders(secret: string): Record<string, string> {
  return { "x-bot-api-secret-token": secret };
}

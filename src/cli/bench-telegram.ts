import { createServer } from "node:http";
import { z } from "zod";
import type { BenchPlatform } from "./bench-platform.ts";
import { readBody, serveLocally } from "./bench-serve.ts";

/** A message the bot sent. `at` is on the clock of `performance.now()`. */
export type BenchReply = { chat: number; text: string; at: number };

/** How a platform behaves under a load of announcements. */
export type Behaviour = {
  /** How long each `sendMessage` takes. */
  delayMs: number;
  /** More in a second are told to wait one; null: it takes any number. */
  perSecond: number | null;
  /** Every so-manieth message is taken, and its answer lost; null: none. */
  losesAnswerEvery: number | null;
};

/** A Bot API on this machine that takes everything at once unless told otherwise, and tells what came when. */
export type BenchTelegram = BenchPlatform & {
  apiRoot: string;
  /** The secret the bot gave with its webhook last. */
  secret(): string;
  /** Called for each message, at the moment it is here. One listener at a time. */
  onReply(listener: (reply: BenchReply) => void): void;
  behaves(behaviour: Behaviour): void;
  /** When messages were refused because too many came. */
  refusedAt: number[];
  close(): Promise<void>;
};

const sendMessage = z.object({ chat_id: z.coerce.number(), text: z.string() });
const setWebhook = z.object({ secret_token: z.string() });

const TOKEN = "123456789:AAbenchBenchBenchBenchBenchBenchBench";
const BOT = { id: 123456789, is_bot: true, first_name: "An Sinh", username: "AnSinhThuBot" };

const TOO_MANY = {
  ok: false,
  error_code: 429,
  description: "Too Many Requests: retry after 1",
  parameters: { retry_after: 1 },
};

export async function startBenchTelegram(): Promise<BenchTelegram> {
  let secret = "";
  let listener: (reply: BenchReply) => void = () => undefined;
  const waitingForStart: (() => void)[] = [];
  let behaviour: Behaviour = { delayMs: 0, perSecond: null, losesAnswerEvery: null };
  let taken = 0;
  let lastSecond: number[] = [];
  const refusedAt: number[] = [];

  function isTooMany(at: number): boolean {
    if (behaviour.perSecond === null) return false;
    lastSecond = lastSecond.filter((time) => at - time < 1_000);
    if (lastSecond.length >= behaviour.perSecond) {
      refusedAt.push(at);
      return true;
    }
    lastSecond.push(at);
    return false;
  }

  function perform(method: string, body: string, at: number): unknown {
    switch (method) {
      case "getMe":
        return BOT;
      case "setWebhook":
        secret = setWebhook.parse(JSON.parse(body)).secret_token;
        for (const resolve of waitingForStart.splice(0)) resolve();
        return true;
      case "sendMessage": {
        const { chat_id: chat, text } = sendMessage.parse(JSON.parse(body));
        listener({ chat, text, at });
        return { message_id: 1, date: 1, chat: { id: chat, type: "private" }, text: "" };
      }
      default:
        return true;
    }
  }

  const server = createServer((request, response) => {
    const at = performance.now();
    const method = request.url?.split("/").at(-1) ?? "";
    readBody(request, (body) => {
      const isSend = method === "sendMessage";
      const refused = isSend && isTooMany(at);
      const answer = JSON.stringify(
        refused ? TOO_MANY : { ok: true, result: perform(method, body, at) },
      );
      if (isSend && !refused) taken += 1;
      const every = behaviour.losesAnswerEvery;
      const loses = isSend && !refused && every !== null && taken % every === 0;
      const finish = () => {
        if (loses) {
          request.socket.destroy();
          return;
        }
        response.statusCode = refused ? 429 : 200;
        response.setHeader("content-type", "application/json");
        response.end(answer);
      };
      if (isSend && behaviour.delayMs > 0) setTimeout(finish, behaviour.delayMs);
      else finish();
    });
  });
  const { origin, close } = await serveLocally(server);
  return {
    environment: { TELEGRAM_TOKEN: TOKEN, TELEGRAM_API: origin },
    apiRoot: origin,
    secret: () => secret,
    // It says so with its webhook.
    nextStart: () => new Promise((resolve) => waitingForStart.push(resolve)),
    onReply(next) {
      listener = next;
    },
    behaves(next) {
      behaviour = next;
      lastSecond = [];
    },
    refusedAt,
    close,
  };
}

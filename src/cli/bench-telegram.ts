import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

/** A message the bot sent. `at` is on the clock of `performance.now()`. */
export type BenchReply = { chat: number; text: string; at: number };

/** A Bot API on this machine that takes everything at once, and tells what came when. */
export type BenchTelegram = {
  apiRoot: string;
  /** The secret the bot gave with its webhook last. */
  secret(): string;
  /** Resolves at the next `setWebhook`. */
  nextWebhook(): Promise<void>;
  /** Called for each message, at the moment it is here. One listener at a time. */
  onReply(listener: (reply: BenchReply) => void): void;
  close(): Promise<void>;
};

const sendMessage = z.object({ chat_id: z.coerce.number(), text: z.string() });
const setWebhook = z.object({ secret_token: z.string() });

const BOT = { id: 123456789, is_bot: true, first_name: "An Sinh", username: "AnSinhThuBot" };

export async function startBenchTelegram(): Promise<BenchTelegram> {
  let secret = "";
  let listener: (reply: BenchReply) => void = () => undefined;
  const waitingForWebhook: (() => void)[] = [];

  function perform(method: string, body: string, at: number): unknown {
    switch (method) {
      case "getMe":
        return BOT;
      case "setWebhook":
        secret = setWebhook.parse(JSON.parse(body)).secret_token;
        for (const resolve of waitingForWebhook.splice(0)) resolve();
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
      const answer = JSON.stringify({ ok: true, result: perform(method, body, at) });
      response.setHeader("content-type", "application/json");
      response.end(answer);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4_096, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    apiRoot: `http://127.0.0.1:${address.port}`,
    secret: () => secret,
    nextWebhook: () => new Promise((resolve) => waitingForWebhook.push(resolve)),
    onReply(next) {
      listener = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    done(Buffer.concat(chunks).toString());
  });
}

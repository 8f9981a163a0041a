import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  checkWebhook,
  isRefused,
  newMessageId,
  type Params,
  type Refusal,
  refuse,
  sendChatAction,
  sendMessage,
  sendPhoto,
  type Sent,
  textOf,
  type World,
} from "./fake-zalo-bot-methods.ts";

export type Update = { event_name: string; message: Record<string, unknown> };

/** What goes wrong with one call. After “doing” the call was carried out, though nobody is told. */
export type Fault =
  | { type: "refuse"; code: number; description: string }
  | { type: "cut-before-reading" }
  | { type: "cut-after-doing" }
  | { type: "half-answer" }
  /** What stands in front of Zalo answers, and names the address it was asked for. */
  | { type: "html"; status: number }
  | { type: "json"; status: number; body: unknown }
  | { type: "hold"; until: Promise<unknown> };

/** How updates look, and how they go astray on their way to the bot. */
export type Mischief = {
  shape: "wrapped" | "bare";
  photo: "photo" | "photo_url";
  /** Each update is delivered this many times. */
  copies: number;
  /** Dates in seconds, as one client expects them. */
  inSeconds: boolean;
  loses: (update: Update) => boolean;
  /** What a delivery waits for. */
  before: (update: Update) => Promise<unknown>;
};

export type Called = { method: string; params: Params; verb: string; contentType: string };

/** A Zalo Bot API on this machine that behaves as the research note says, with switches for what goes wrong. */
export type FakeZaloBot = {
  apiRoot: string;
  token: string;
  bot: { id: string; account_name: string };
  calls: Called[];
  sent: Sent[];
  world: World;
  mischief: Mischief;
  /** Updates that nobody was there to hear: they do not come again. */
  lost: Update[];
  /** What the webhook answered, or 0 where nothing did. */
  delivered: number[];
  webhook(): { url: string; secret: string } | null;
  /** Lets a webhook be on this machine. */
  allowsLoopback: boolean;
  fault(method: string, fault: Fault): void;
  chat(id: string, refusal?: Refusal): void;
  /** Whether somebody is asking for updates just now. */
  isPolled(): boolean;
  /** Keeps updates back until the function it returns is called; they then come newest first. */
  holdBack(): () => Promise<void>;
  /** Somebody writes in private. Resolves to the message's id once it was delivered, as often as it is. */
  says(person: string, text: string, more?: Record<string, unknown>): Promise<string>;
  sendsPhoto(person: string, more?: Record<string, unknown>): Promise<string>;
  /** An event word for word; what is left out of the message is made up. */
  push(event: string, message: Record<string, unknown>): Promise<string>;
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
};

const BOT_ID = "4012345678901234567";
const TOKEN = `${BOT_ID}:FakeFakeFakeFakeFakeFakeFakeFake`;
const DEFAULT_POLL_SECONDS = 30;

export async function startFakeZaloBot(token = TOKEN): Promise<FakeZaloBot> {
  const bot = { id: BOT_ID, account_name: "Bot An Sinh" };
  const world: World = {
    chats: new Map(),
    sent: [],
    monthlyLimit: null,
    sentThisMonth: 0,
    nextMessage: 0,
  };
  const mischief: Mischief = {
    shape: "wrapped",
    photo: "photo",
    copies: 1,
    inSeconds: false,
    loses: () => false,
    before: () => Promise.resolve(),
  };
  const calls: Called[] = [];
  const lost: Update[] = [];
  const delivered: number[] = [];
  const faults = new Map<string, Fault[]>();
  const sockets = new Set<Socket>();
  const polls: ((update: Update) => void)[] = [];
  let webhook: { url: string; secret: string; updatedAt: number } | null = null;
  let heldBack: Update[] | null = null;

  async function perform(method: string, params: Params, gone: AbortSignal): Promise<unknown> {
    switch (method) {
      case "getMe":
        return { ...bot, account_type: "BASIC", can_join_groups: false };
      case "getUpdates":
        return getUpdates(params, gone);
      case "setWebhook":
        return setWebhook(params);
      case "deleteWebhook":
        webhook = null;
        return { url: "", updated_at: Date.now() };
      case "getWebhookInfo":
        if (webhook === null) throw refuse(404, "Not found");
        return { url: webhook.url, updated_at: webhook.updatedAt };
      case "sendMessage":
        return sendMessage(world, params);
      case "sendPhoto":
        return sendPhoto(world, params);
      case "sendChatAction":
        return sendChatAction(world, params);
      default:
        throw refuse(404, "Not found");
    }
  }

  /** One update, or after just the time that was asked for none. */
  async function getUpdates(params: Params, gone: AbortSignal): Promise<Update> {
    if (webhook !== null) throw refuse(400, "Bad request: A webhook is set");
    const asked = textOf(params["timeout"]);
    const seconds = asked === "" ? DEFAULT_POLL_SECONDS : Number(asked);
    if (!(seconds > 0)) throw refuse(400, "Bad request: The timeout is invalid");
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        const at = polls.indexOf(hear);
        if (at >= 0) polls.splice(at, 1);
      };
      const hear = (update: Update) => {
        end();
        resolve(update);
      };
      const timer = setTimeout(() => {
        end();
        reject(refuse(408, "Request timeout"));
      }, seconds * 1000);
      gone.addEventListener("abort", end);
      polls.push(hear);
    });
  }

  /** Asks the address at once whether it answers, and keeps it in any case. */
  async function setWebhook(params: Params): Promise<unknown> {
    checkWebhook(params, fake.allowsLoopback);
    const [url, secret] = [textOf(params["url"]), textOf(params["secret_token"])];
    webhook = { url, secret, updatedAt: Date.now() };
    const status = url.startsWith("http://127.0.0.1") ? await post({}) : 0;
    const isOk = status === 200;
    const verification = { ok: isOk, outcome: isOk ? "OK" : "UNREACHABLE", status_code: status };
    return { url, updated_at: webhook.updatedAt, verification };
  }

  async function post(body: unknown): Promise<number> {
    if (webhook === null) return 0;
    const { url, secret } = webhook;
    const headers = { "content-type": "application/json", "x-bot-api-secret-token": secret };
    try {
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      await answer.text();
      return answer.status;
    } catch {
      return 0;
    }
  }

  async function deliver(update: Update): Promise<void> {
    if (heldBack !== null) {
      heldBack.push(update);
      return;
    }
    if (mischief.loses(update)) return;
    await mischief.before(update);
    for (let copy = 0; copy < mischief.copies; copy += 1) {
      if (webhook !== null) {
        const body = mischief.shape === "bare" ? update : { ok: true, result: update };
        delivered.push(await post(body));
        continue;
      }
      const hear = polls.shift();
      if (hear === undefined) lost.push(update);
      else hear(update);
      // The next copy reaches whoever asks again.
      if (copy + 1 < mischief.copies) await fake.until(() => polls.length > 0);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const [, prefix = "", method = ""] = url.pathname.split("/");
    const fault = faults.get(method)?.shift();
    if (fault?.type === "cut-before-reading") {
      request.socket.resetAndDestroy();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => {
      gone.abort();
    });
    const contentType = request.headers["content-type"] ?? "";
    const params = { ...Object.fromEntries(url.searchParams), ...(await readBody(request)) };
    calls.push({ method, params, verb: request.method ?? "", contentType });
    if (fault?.type === "hold") await fault.until;
    if (fault?.type === "json") return reply(response, fault.status, fault.body);
    const body =
      fault?.type === "refuse"
        ? refused(fault)
        : await answerOf(prefix, () => perform(method, params, gone.signal));
    if (fault?.type === "cut-after-doing") {
      request.socket.resetAndDestroy();
    } else if (fault?.type === "half-answer") {
      const text = JSON.stringify(body);
      response.writeHead(200, { "content-length": Buffer.byteLength(text) });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => {
        request.socket.destroy();
      });
    } else if (fault?.type === "html") {
      response.writeHead(fault.status, { "content-type": "text/html" });
      response.end(`<html><h1>${fault.status}</h1>${request.url ?? ""}</html>`);
    } else {
      reply(response, 200, body);
    }
  }

  async function answerOf(prefix: string, work: () => Promise<unknown>): Promise<unknown> {
    if (prefix !== `bot${token}`) return refused({ code: 401, description: "Unauthorized" });
    try {
      const result = await work();
      return result === undefined ? { ok: true } : { ok: true, result, error_code: 0 };
    } catch (error) {
      if (isRefused(error)) return refused(error.refusal);
      throw error;
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A mistake of the fake must not look like an answer of Zalo.
      console.error("fake Zalo Bot:", error);
      request.socket.destroy();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const fake: FakeZaloBot = {
    apiRoot: `http://127.0.0.1:${port}`,
    token,
    bot,
    calls,
    sent: world.sent,
    world,
    mischief,
    lost,
    delivered,
    webhook: () => webhook,
    allowsLoopback: false,
    fault(method, fault) {
      faults.set(method, [...(faults.get(method) ?? []), fault]);
    },
    chat(id, refusal) {
      world.chats.set(id, refusal ?? null);
    },
    isPolled: () => polls.length > 0,
    holdBack() {
      const held: Update[] = [];
      heldBack = held;
      return async () => {
        heldBack = null;
        for (const update of held.reverse()) await deliver(update);
      };
    },
    says: (person, text, more = {}) =>
      fake.push("message.text.received", { ...privateOf(person), text, ...more }),
    sendsPhoto: (person, more = {}) =>
      fake.push("message.image.received", {
        ...privateOf(person),
        [mischief.photo]: "https://photo.example.org/1.jpg",
        ...more,
      }),
    async push(eventName, message) {
      const messageId = newMessageId(world);
      const date = mischief.inSeconds ? Math.floor(Date.now() / 1000) : Date.now();
      const update = {
        event_name: eventName,
        message: { message_id: messageId, date, ...message },
      };
      const { chat } = update.message as { chat?: { id?: string } };
      if (chat?.id !== undefined && !world.chats.has(chat.id)) world.chats.set(chat.id, null);
      await deliver(update);
      return messageId;
    },
    async until(holds) {
      while (!holds()) await new Promise(setImmediate);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return fake;
}

function privateOf(person: string): Record<string, unknown> {
  return {
    from: { id: person, display_name: "Người dân", is_bot: false },
    chat: { id: person, chat_type: "PRIVATE" },
  };
}

function refused({ code, description }: Refusal): Record<string, unknown> {
  return { ok: false, error_code: code, description };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** JSON and forms are read; multipart is not, whatever the documentation says. */
async function readBody(request: IncomingMessage): Promise<Params> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  const type = request.headers["content-type"] ?? "";
  if (body === "") return {};
  if (type.startsWith("application/json")) return JSON.parse(body);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  return {};
}

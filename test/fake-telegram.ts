import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  isTrue,
  numberOf,
  objectOf,
  type Params,
  readParams,
  textOf,
} from "./fake-telegram-body.ts";
import {
  answerCallbackQuery,
  type Chat,
  type ChatState,
  editMessageText,
  isRefused,
  now,
  type Refusal,
  refuse,
  sendChatAction,
  sendMessage,
  type Sent,
  setMyCommands,
  type World,
} from "./fake-telegram-methods.ts";
import {
  createUpdateQueue,
  type Mischief,
  type Update,
  type Webhook,
} from "./fake-telegram-updates.ts";

export type { Sent } from "./fake-telegram-methods.ts";
export type { Update } from "./fake-telegram-updates.ts";

/** What goes wrong with one call. After “doing” the call was carried out, though nobody is told. */
export type Fault =
  | { type: "refuse"; code: number; description: string; retryAfter?: number; movedTo?: number }
  | { type: "cut-before-reading" }
  | { type: "cut-after-doing" }
  | { type: "half-answer" }
  | { type: "html"; status: number }
  | { type: "hold"; until: Promise<unknown> };

export type Called = { method: string; params: Params; contentType: string };

/** A Bot API on this machine, strict where the real one is, with switches for what goes wrong. */
export type FakeTelegram = {
  apiRoot: string;
  token: string;
  bot: { id: number; username: string };
  calls: Called[];
  sent: Sent[];
  /** How a press was answered: `null` while it is not. */
  pressAnswer(id: string): { text: string | undefined; alert: boolean } | null | undefined;
  commands(): unknown[];
  webhook(): Webhook | undefined;
  mischief: Mischief;
  /** The next call of this method goes wrong so; several wait in line. */
  fault(method: string, fault: Fault): void;
  chat(id: number, type?: Chat["type"]): void;
  setChat(id: number, state: ChatState): void;
  /** Somebody writes in private; resolves to the update's number. */
  says(person: number, text: string, more?: Record<string, unknown>): number;
  /** A message in a group, word for word as Telegram would tell it. */
  groupMessage(chat: number, message: Record<string, unknown>): number;
  presses(person: number, data: string): { updateId: number; press: string };
  push(update: Record<string, unknown>): number;
  waiting(): number;
  /** Resolves when it holds; looked at again and again. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
};

const TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak";

export async function startFakeTelegram(token = TOKEN): Promise<FakeTelegram> {
  const bot = { id: Number(token.split(":")[0]), username: "AnSinhThuBot" };
  const account = { ...bot, is_bot: true, first_name: "An Sinh" };
  const world: World = {
    chats: new Map(),
    sent: [],
    heard: new Set(),
    presses: new Map(),
    commands: [],
    nextMessageId: 1000,
  };
  const calls: Called[] = [];
  const faults = new Map<string, Fault[]>();
  const sockets = new Set<Socket>();
  let webhook: Webhook | undefined;
  let allowedUpdates: string[] = [];
  let nextUpdateId = 7_000_001;
  let nextPress = 1;

  const queue = createUpdateQueue((call) => {
    const { method, ...params } = call;
    calls.push({ method: textOf(method), params, contentType: "webhook-reply" });
    void Promise.resolve()
      .then(() => perform(textOf(method).toLowerCase(), params, new AbortController().signal))
      .catch(() => undefined);
  });

  async function perform(method: string, params: Params, gone: AbortSignal): Promise<unknown> {
    switch (method) {
      case "getme":
        return { ...account, can_join_groups: true, can_read_all_group_messages: false };
      case "getupdates":
        return getUpdates(params, gone);
      case "setwebhook":
        return setWebhook(params);
      case "deletewebhook":
        webhook = undefined;
        queue.stopDelivery();
        if (isTrue(params["drop_pending_updates"])) queue.clear();
        return true;
      case "getwebhookinfo":
        return webhookInfo();
      case "sendmessage":
        return sendMessage(world, params);
      case "editmessagetext":
        return editMessageText(world, params);
      case "answercallbackquery":
        return answerCallbackQuery(world, params);
      case "sendchataction":
        return sendChatAction(world, params);
      case "setmycommands":
        return setMyCommands(world, params);
      case "getmycommands":
        return world.commands;
      default:
        throw refuse(404, "Not Found");
    }
  }

  async function getUpdates(params: Params, gone: AbortSignal): Promise<Update[]> {
    if (webhook !== undefined) {
      throw refuse(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    keepKinds(params);
    const updates = await queue.poll({
      offset: numberOf(params["offset"]) ?? 0,
      limit: Math.min(Math.max(numberOf(params["limit"]) ?? 100, 1), 100),
      seconds: Math.min(Math.max(numberOf(params["timeout"]) ?? 0, 0), 50),
      gone,
    });
    if (updates !== "conflict") return updates;
    throw refuse(
      409,
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    );
  }

  /** An omitted list keeps the setting of before. */
  function keepKinds(params: Params): void {
    const kinds = objectOf(params["allowed_updates"]);
    if (Array.isArray(kinds)) allowedUpdates = kinds.map(String);
  }

  function setWebhook(params: Params): true {
    const url = textOf(params["url"]);
    const secret = textOf(params["secret_token"]);
    if (secret.length > 256) throw refuse(400, "Bad Request: secret token is too long");
    if (!/^[\w-]*$/.test(secret)) {
      throw refuse(400, "Bad Request: secret token contains unallowed characters");
    }
    queue.stopDelivery();
    webhook = undefined;
    if (url === "") return true;
    // The real one wants https; on this machine only the bot's own loopback server is let through without.
    if (!/^https:\/\/|^http:\/\/127\.0\.0\.1[:/]/.test(url)) {
      throw refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    }
    keepKinds(params);
    const maxConnections = numberOf(params["max_connections"]) ?? 40;
    webhook = { url, secret, maxConnections, allowedUpdates };
    queue.startDelivery(webhook);
    return true;
  }

  function webhookInfo(): Record<string, unknown> {
    const error = queue.lastError();
    return {
      url: webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: queue.waiting(),
      ...(webhook && { max_connections: webhook.maxConnections }),
      ...(allowedUpdates.length > 0 && { allowed_updates: allowedUpdates }),
      ...(error && { last_error_date: error.at, last_error_message: error.message }),
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const [, prefix = "", name = ""] = url.pathname.split("/");
    const method = name.toLowerCase();
    const line = faults.get(method);
    const fault = line?.shift();
    if (fault?.type === "cut-before-reading") {
      request.socket.resetAndDestroy();
      return;
    }
    const gone = new AbortController();
    response.on("close", () => {
      gone.abort();
    });
    const params = await readParams(request, url.searchParams);
    calls.push({ method: name, params, contentType: request.headers["content-type"] ?? "" });
    if (fault?.type === "hold") await fault.until;
    const { status, body } =
      fault?.type === "refuse"
        ? refused(refusalOf(fault))
        : await answerOf(prefix, () => perform(method, params, gone.signal));
    if (fault?.type === "cut-after-doing") {
      request.socket.resetAndDestroy();
    } else if (fault?.type === "half-answer") {
      const text = JSON.stringify(body);
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => {
        request.socket.destroy();
      });
    } else if (fault?.type === "html") {
      response.writeHead(fault.status, { "content-type": "text/html" });
      response.end("<html><h1>Bad Gateway</h1></html>");
    } else {
      const retryAfter = "parameters" in body ? body.parameters?.retry_after : undefined;
      response.writeHead(status, {
        "content-type": "application/json",
        ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      });
      response.end(JSON.stringify(body));
    }
  }

  async function answerOf(prefix: string, work: () => Promise<unknown>) {
    if (!/^bot\d+:[\w-]+$/.test(prefix)) return refused({ code: 404, description: "Not Found" });
    if (prefix !== `bot${token}`) return refused({ code: 401, description: "Unauthorized" });
    try {
      return { status: 200, body: { ok: true, result: await work() } };
    } catch (error) {
      if (isRefused(error)) return refused(error.refusal);
      throw error;
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A mistake of the fake must not look like an answer of Telegram.
      console.error("fake Telegram:", error);
      request.socket.destroy();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function push(update: Record<string, unknown>): number {
    const kind = Object.keys(update).find((key) => key !== "update_id") ?? "";
    const updateId = numberOf(update["update_id"]) ?? nextUpdateId;
    nextUpdateId = Math.max(nextUpdateId, updateId) + 1;
    if (allowedUpdates.length > 0 && !allowedUpdates.includes(kind)) return updateId;
    queue.push({ ...update, update_id: updateId });
    return updateId;
  }

  function messageFrom(chat: Chat, message: Record<string, unknown>): number {
    const messageId = world.nextMessageId;
    world.nextMessageId += 1;
    world.heard.add(`${chat.id}:${messageId}`);
    const { id, type } = chat;
    return push({
      message: { message_id: messageId, date: now(), chat: { id, type }, ...message },
    });
  }

  function chatNamed(id: number, type: Chat["type"]): Chat {
    const chat = world.chats.get(id) ?? { id, type, state: "open" };
    world.chats.set(id, chat);
    return chat;
  }

  return {
    apiRoot: `http://127.0.0.1:${port}`,
    token,
    bot,
    calls,
    sent: world.sent,
    pressAnswer: (id) => world.presses.get(id),
    commands: () => world.commands,
    webhook: () => webhook,
    mischief: queue.mischief,
    fault(method, fault) {
      const key = method.toLowerCase();
      faults.set(key, [...(faults.get(key) ?? []), fault]);
    },
    chat(id, type = "private") {
      chatNamed(id, type);
    },
    setChat(id, state) {
      chatNamed(id, "private").state = state;
    },
    says(person, text, more = {}) {
      const chat = chatNamed(person, "private");
      return messageFrom(chat, { from: personNamed(person), text, ...more });
    },
    groupMessage(id, message) {
      return messageFrom(chatNamed(id, "group"), message);
    },
    presses(person, data) {
      const press = `press-${nextPress}`;
      nextPress += 1;
      world.presses.set(press, null);
      const { id, type } = chatNamed(person, "private");
      const from = personNamed(person);
      const message = { message_id: 1, date: 1, chat: { id, type } };
      const query = { id: press, from, message, chat_instance: "1", data };
      return { press, updateId: push({ callback_query: query }) };
    },
    push,
    waiting: () => queue.waiting(),
    async until(holds) {
      while (!holds()) await new Promise(setImmediate);
    },
    async close() {
      queue.stopDelivery();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function personNamed(id: number): Record<string, unknown> {
  return { id, is_bot: false, first_name: "Người dân", language_code: "vi" };
}

function refusalOf(fault: Extract<Fault, { type: "refuse" }>): Refusal {
  const { code, description, retryAfter, movedTo } = fault;
  const parameters = {
    ...(retryAfter !== undefined && { retry_after: retryAfter }),
    ...(movedTo !== undefined && { migrate_to_chat_id: movedTo }),
  };
  return { code, description, ...(Object.keys(parameters).length > 0 && { parameters }) };
}

function refused({ code, description, parameters }: Refusal) {
  const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
  return { status: code, body };
}

/** Telegram asks to wait. */
export function tooMany(seconds: number): Fault {
  const description = `Too Many Requests: retry after ${seconds}`;
  return { type: "refuse", code: 429, description, retryAfter: seconds };
}

import { isIP } from "node:net";

export type Params = Record<string, unknown>;

/** What Zalo answers when it does not do what was asked: always under HTTP 200. */
export type Refusal = { code: number; description: string };

export function refuse(code: number, description: string): Error & { refusal: Refusal } {
  return Object.assign(new Error(description), { refusal: { code, description } });
}

export function isRefused(error: unknown): error is Error & { refusal: Refusal } {
  return error instanceof Error && "refusal" in error;
}

export type Sent = { messageId: string; chat: string; text: string };

export type World = {
  /** Chats that may be written to, each with what a send to it is answered instead. */
  chats: Map<string, Refusal | null>;
  sent: Sent[];
  /** How many messages the plan allows this month; null: any. */
  monthlyLimit: number | null;
  sentThisMonth: number;
  nextMessage: number;
};

const MAX_TEXT = 2000;

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

export function sendMessage(world: World, params: Params): unknown {
  const chat = openChat(world, params);
  const text = textOf(params["text"]);
  checkText("text", text);
  takeFromMonth(world);
  const messageId = newMessageId(world);
  world.sent.push({ messageId, chat, text });
  return { message_id: messageId, date: Date.now() };
}

export function sendPhoto(world: World, params: Params): unknown {
  const chat = openChat(world, params);
  const photo = textOf(params["photo"]);
  if (photo === "") throw refuse(400, "Bad request: The photo must not be empty");
  if (!/^https?:\/\//.test(photo)) throw refuse(400, "Bad request: The photo is invalid");
  if (params["caption"] !== undefined) checkText("caption", textOf(params["caption"]));
  takeFromMonth(world);
  const messageId = newMessageId(world);
  world.sent.push({ messageId, chat, text: photo });
  return { message_id: messageId, date: Date.now(), message_type: "CHAT_PHOTO" };
}

/** Answers `ok` alone. */
export function sendChatAction(world: World, params: Params): undefined {
  openChat(world, params);
  if (params["action"] !== "typing") throw refuse(400, "Bad request: The action is invalid");
}

/** Twenty letters or so, never a number. */
export function newMessageId(world: World): string {
  world.nextMessage += 1;
  return `a1b2c3d4e5f6${world.nextMessage.toString(16).padStart(8, "0")}`;
}

export function checkWebhook(params: Params, allowsLoopback: boolean): void {
  const url = textOf(params["url"]);
  const secret = textOf(params["secret_token"]);
  if (url === "") throw refuse(400, "Bad request: The url must not be empty");
  if (secret.length < 8 || secret.length > 256) {
    throw refuse(400, "Bad request: The secret_token must be between 8 and 256 characters");
  }
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: "", hostname: "" };
  const isLocal = hostname === "localhost" || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
  const isLetThrough = allowsLoopback && hostname === "127.0.0.1";
  if (!isLetThrough && (protocol !== "https:" || isLocal)) {
    throw refuse(400, "Bad request: The url is invalid");
  }
}

function openChat(world: World, params: Params): string {
  const chat = textOf(params["chat_id"]);
  if (chat === "") throw refuse(400, "Bad request: The chat_id must not be empty");
  const refusal = world.chats.get(chat);
  if (refusal === undefined) throw refuse(400, "Bad request: The chat_id is invalid");
  if (refusal !== null) throw refuse(refusal.code, refusal.description);
  return chat;
}

function checkText(name: string, text: string): void {
  if (text === "") throw refuse(400, `Bad request: The ${name} must not be empty`);
  if (text.length > MAX_TEXT) throw refuse(400, `Bad request: The ${name} is too long`);
}

function takeFromMonth(world: World): void {
  const { monthlyLimit, sentThisMonth } = world;
  if (monthlyLimit !== null && sentThisMonth >= monthlyLimit) throw refuse(429, "Quota exceeded");
  world.sentThisMonth += 1;
}

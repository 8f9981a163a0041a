import { isTrue, numberOf, objectOf, type Params, textOf } from "./fake-telegram-body.ts";
import { type Entity, parseTelegramHtml } from "./fake-telegram-html.ts";

/** What the Bot API answers when it does not do what was asked. */
export type Refusal = {
  code: number;
  description: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
};

export function refuse(
  code: number,
  description: string,
  parameters?: Refusal["parameters"],
): Error & { refusal: Refusal } {
  const refusal = { code, description, ...(parameters && { parameters }) };
  return Object.assign(new Error(description), { refusal });
}

export function isRefused(error: unknown): error is Error & { refusal: Refusal } {
  return error instanceof Error && "refusal" in error;
}

export type ChatState = "open" | "blocked" | "deactivated" | "kicked" | { movedTo: number };

export type Chat = { id: number; type: "private" | "group" | "supergroup"; state: ChatState };

/** A message the bot sent, as people see it. */
export type Sent = {
  messageId: number;
  chat: number;
  text: string;
  entities: Entity[];
  keyboard: { text: string; callback_data?: string }[][];
  replyTo: number | undefined;
  thread: number | undefined;
};

export type World = {
  chats: Map<number, Chat>;
  sent: Sent[];
  /** Messages people sent, which may be replied to. */
  heard: Set<string>;
  presses: Map<string, { text: string | undefined; alert: boolean } | null>;
  commands: unknown[];
  nextMessageId: number;
};

const MAX_TEXT = 4096;
const MAX_CALLBACK_BYTES = 64;
const ACTIONS = new Set([
  "typing",
  "upload_photo",
  "record_video",
  "upload_document",
  "find_location",
]);

export function sendMessage(world: World, params: Params): unknown {
  const chat = openChat(world, params["chat_id"]);
  const { text, entities } = readText(params);
  const keyboard = readKeyboard(params["reply_markup"]);
  const reply = objectOf(params["reply_parameters"]) as
    | { message_id?: unknown; allow_sending_without_reply?: unknown }
    | undefined;
  const replyTo = numberOf(reply?.message_id);
  if (replyTo !== undefined && !world.heard.has(`${chat.id}:${replyTo}`)) {
    if (!isTrue(reply?.allow_sending_without_reply)) {
      throw refuse(400, "Bad Request: message to be replied not found");
    }
  }
  const messageId = world.nextMessageId;
  world.nextMessageId += 1;
  const thread = numberOf(params["message_thread_id"]);
  const message = { messageId, chat: chat.id, text, entities, keyboard, replyTo, thread };
  world.sent.push(message);
  return shown(message, chat);
}

export function editMessageText(world: World, params: Params): unknown {
  const chat = openChat(world, params["chat_id"]);
  const messageId = numberOf(params["message_id"]);
  if (messageId === undefined) {
    throw refuse(400, "Bad Request: message identifier is not specified");
  }
  const message = world.sent.find((sent) => sent.chat === chat.id && sent.messageId === messageId);
  if (message === undefined) throw refuse(400, "Bad Request: message to edit not found");
  const { text, entities } = readText(params);
  const keyboard = readKeyboard(params["reply_markup"]);
  if (
    JSON.stringify([text, entities, keyboard]) ===
    JSON.stringify([message.text, message.entities, message.keyboard])
  ) {
    throw refuse(
      400,
      "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  }
  Object.assign(message, { text, entities, keyboard });
  return { ...shown(message, chat), edit_date: now() };
}

export function answerCallbackQuery(world: World, params: Params): true {
  const id = textOf(params["callback_query_id"]);
  const text = params["text"] === undefined ? undefined : textOf(params["text"]);
  if (world.presses.get(id) !== null) {
    throw refuse(
      400,
      "Bad Request: query is too old and response timeout expired or query ID is invalid",
    );
  }
  if ((text?.length ?? 0) > 200) throw refuse(400, "Bad Request: MESSAGE_TOO_LONG");
  world.presses.set(id, { text, alert: isTrue(params["show_alert"]) });
  return true;
}

export function sendChatAction(world: World, params: Params): true {
  openChat(world, params["chat_id"]);
  if (!ACTIONS.has(textOf(params["action"]))) {
    throw refuse(400, "Bad Request: wrong parameter action in request");
  }
  return true;
}

export function setMyCommands(world: World, params: Params): true {
  const commands = objectOf(params["commands"]);
  if (!Array.isArray(commands)) {
    throw refuse(400, "Bad Request: can't parse commands JSON object");
  }
  if (commands.length > 100) throw refuse(400, "Bad Request: BOT_COMMANDS_TOO_MUCH");
  for (const { command, description } of commands) {
    if (!/^\/?[a-z0-9_]{1,32}$/.test(textOf(command))) {
      throw refuse(400, "Bad Request: BOT_COMMAND_INVALID");
    }
    const { length } = textOf(description);
    if (length < 1 || length > 256) {
      throw refuse(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    }
  }
  world.commands = commands;
  return true;
}

function openChat(world: World, chatId: unknown): Chat {
  if (textOf(chatId) === "") throw refuse(400, "Bad Request: chat_id is empty");
  const chat = world.chats.get(numberOf(chatId) ?? Number.NaN);
  if (chat === undefined) throw refuse(400, "Bad Request: chat not found");
  const { state } = chat;
  if (state === "blocked") throw refuse(403, "Forbidden: bot was blocked by the user");
  if (state === "deactivated") throw refuse(403, "Forbidden: user is deactivated");
  if (state === "kicked") {
    throw refuse(403, `Forbidden: bot was kicked from the ${chat.type} chat`);
  }
  if (typeof state === "object") {
    throw refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: state.movedTo,
    });
  }
  return chat;
}

function readText(params: Params): { text: string; entities: Entity[] } {
  const raw = textOf(params["text"]);
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(raw)) {
    throw refuse(400, "Bad Request: strings must be encoded in UTF-8");
  }
  const mode = textOf(params["parse_mode"]).toLowerCase();
  if (!["", "html"].includes(mode)) throw refuse(400, "Bad Request: unsupported parse_mode");
  const { text, entities } = mode === "html" ? parseHtml(raw) : { text: raw, entities: [] };
  if (text.trim() === "") throw refuse(400, "Bad Request: message text is empty");
  if (text.length > MAX_TEXT) throw refuse(400, "Bad Request: message is too long");
  return { text, entities };
}

function parseHtml(raw: string): { text: string; entities: Entity[] } {
  const parsed = parseTelegramHtml(raw);
  if (!("problem" in parsed)) return parsed;
  throw refuse(400, `Bad Request: can't parse entities: ${parsed.problem}`);
}

const BUTTON_ACTIONS = ["url", "callback_data", "web_app", "login_url", "switch_inline_query"];

function readKeyboard(markup: unknown): Sent["keyboard"] {
  const parsed = objectOf(markup);
  if (parsed === undefined) return [];
  if (typeof parsed !== "object" || parsed === null) {
    throw refuse(400, "Bad Request: object expected as reply markup");
  }
  if (!("inline_keyboard" in parsed)) return [];
  const rows = parsed.inline_keyboard;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw refuse(400, 'Bad Request: field "inline_keyboard" must be of type Array');
  }
  for (const button of rows.flat()) {
    if (typeof button.text !== "string") {
      throw refuse(
        400,
        'Bad Request: can\'t parse inline keyboard button: Field "text" must be of type String',
      );
    }
    if (!BUTTON_ACTIONS.some((action) => button[action] !== undefined && button[action] !== "")) {
      throw refuse(
        400,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
      );
    }
    if (Buffer.byteLength(textOf(button.callback_data)) > MAX_CALLBACK_BYTES) {
      throw refuse(400, "Bad Request: BUTTON_DATA_INVALID");
    }
  }
  return rows;
}

export function now(): number {
  return Math.floor(Date.now() / 1000);
}

function shown({ messageId, text, entities, keyboard }: Sent, chat: Chat): Record<string, unknown> {
  return {
    message_id: messageId,
    date: now(),
    chat: { id: chat.id, type: chat.type },
    text,
    ...(entities.length > 0 && { entities }),
    ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard } }),
  };
}

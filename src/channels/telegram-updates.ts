import { z } from "zod";
import { decodeAction } from "../domain/action.ts";
import type { Address, Incoming } from "../domain/reply.ts";
import { MAX_TEXT } from "./telegram-render.ts";

export const CHANNEL = "telegram";

/** Asked for by name each time: what is left out keeps the setting of an earlier run. */
export const UPDATE_KINDS = ["message", "callback_query", "my_chat_member"] as const;

/** The bot's own account: what people mention and reply to in a group. */
export type BotAccount = { id: number; username: string };

/** Where to answer: the chat, in a forum its topic, in a group the message that asked. */
export type Place = { chat: string; thread: number | null; replyTo: number | null };

/** What was sent instead of words. */
export type Wordless = "sticker" | "voice" | "picture" | "contact" | "location" | "other";

/** What an update says to us. */
export type Heard =
  | { type: "asked"; place: Place; incoming: Incoming; press: string | null }
  /** A button whose data is none of ours. */
  | { type: "gone"; press: string }
  | { type: "wordless"; place: Place; what: Wordless }
  /** Blocked, or removed from the group. */
  | { type: "left"; from: Address }
  | { type: "moved"; from: Address; to: Address }
  | { type: "ignored" }
  | { type: "malformed" };

const id = z.number().int().safe();
const user = z.object({ id, is_bot: z.boolean().optional() });
const chat = z.object({ id, type: z.string().optional() });
const entity = z.object({ type: z.string(), offset: id, length: id, user: user.optional() });

const message = z.looseObject({
  message_id: id,
  date: z.number().min(0),
  chat,
  from: user.optional(),
  sender_chat: z.unknown().optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  entities: z.array(entity).optional(),
  caption_entities: z.array(entity).optional(),
  reply_to_message: z.object({ from: user.optional() }).optional(),
  message_thread_id: id.optional(),
  is_topic_message: z.boolean().optional(),
  migrate_to_chat_id: id.optional(),
});

const press = z.object({
  id: z.string(),
  from: user,
  data: z.string().optional(),
  message: z
    .object({
      message_id: id,
      chat,
      message_thread_id: id.optional(),
      is_topic_message: z.boolean().optional(),
    })
    .optional(),
});

const membership = z.object({ chat, new_chat_member: z.object({ status: z.string() }) });

const update = z.object({
  update_id: id,
  message: message.optional(),
  callback_query: press.optional(),
  my_chat_member: membership.optional(),
});

type Message = z.infer<typeof message>;
type Entity = z.infer<typeof entity>;
type Press = z.infer<typeof press>;

/** The number by which an update is known; nothing for what cannot be an update. */
export function updateIdOf(raw: unknown): number | undefined {
  return update.pick({ update_id: true }).safeParse(raw).data?.update_id;
}

/** Reads one update. Edited messages and channel posts are ignored: the question was answered when it was first sent. */
export function readUpdate(raw: unknown, me: BotAccount, now: Date): Heard {
  const parsed = update.safeParse(raw);
  if (!parsed.success) return { type: "malformed" };
  const {
    update_id: updateId,
    message: said,
    callback_query: pressed,
    my_chat_member: member,
  } = parsed.data;
  if (said) return readMessage(said, String(updateId), me, now);
  if (pressed) return readPress(pressed, String(updateId), now);
  if (member && ["kicked", "left"].includes(member.new_chat_member.status)) {
    return { type: "left", from: addressOf(member.chat.id) };
  }
  return { type: "ignored" };
}

export function addressOf(chatId: number | string): Address {
  return { channel: CHANNEL, person: String(chatId) };
}

function readMessage(said: Message, updateId: string, me: BotAccount, now: Date): Heard {
  const from = addressOf(said.chat.id);
  if (said.migrate_to_chat_id !== undefined) {
    return { type: "moved", from, to: addressOf(said.migrate_to_chat_id) };
  }
  // Another bot would answer our answer; an administrator who stays anonymous also writes through a bot account.
  if (said.from?.is_bot === true && said.sender_chat === undefined) return { type: "ignored" };
  const isPrivate = said.chat.type === "private";
  if (!isPrivate && said.chat.type !== "group" && said.chat.type !== "supergroup") {
    return { type: "ignored" };
  }
  const words = said.text ?? said.caption;
  const marks = (said.text === undefined ? said.caption_entities : said.entities) ?? [];
  const spoken = unaddressed(words ?? "", marks, me);
  if (!isPrivate && !spoken.toUs && said.reply_to_message?.from?.id !== me.id) {
    return { type: "ignored" };
  }
  if (spoken.toOther) return { type: "ignored" };
  const place = placeOf(said, isPrivate ? null : said.message_id);
  if (words !== undefined) {
    // The clock of a message may be wrong; nobody asks in the future.
    const at = new Date(Math.min(said.date * 1000, now.getTime()));
    const text = spoken.text.slice(0, MAX_TEXT);
    return {
      type: "asked",
      place,
      incoming: { id: updateId, from, at, content: { type: "text", text } },
      press: null,
    };
  }
  const what = wordlessOf(said);
  return what === undefined ? { type: "ignored" } : { type: "wordless", place, what };
}

const WORDLESS: Record<string, Wordless> = {
  sticker: "sticker",
  dice: "sticker",
  voice: "voice",
  audio: "voice",
  video_note: "voice",
  photo: "picture",
  video: "picture",
  animation: "picture",
  document: "picture",
  contact: "contact",
  location: "location",
  venue: "location",
  poll: "other",
  story: "other",
  game: "other",
  paid_media: "other",
  checklist: "other",
};

/** Nothing for the notes Telegram itself puts into a chat (somebody joined, a message was pinned). */
function wordlessOf(said: Message): Wordless | undefined {
  // A venue and a GIF come with a location and a document beside them; either name says the same.
  const kind = Object.keys(WORDLESS).find((key) => said[key] !== undefined);
  return kind === undefined ? undefined : WORDLESS[kind];
}

type Spoken = { text: string; toUs: boolean; toOther: boolean };

/** The words without our own name, and whether they were meant for us: by mention or by `/command@us`. */
function unaddressed(words: string, marks: Entity[], me: BotAccount): Spoken {
  const name = `@${me.username.toLowerCase()}`;
  let text = words;
  let toUs = false;
  let toOther = false;
  for (const { type, offset, length, user: named } of marks.toSorted(
    (a, b) => b.offset - a.offset,
  )) {
    const marked = text.slice(offset, offset + length);
    const isMention =
      (type === "mention" && marked.toLowerCase() === name) ||
      (type === "text_mention" && named?.id === me.id);
    const [command, bot] = type === "bot_command" ? marked.split("@") : [];
    const isCommand = bot !== undefined && `@${bot.toLowerCase()}` === name;
    toUs ||= isMention || isCommand;
    toOther ||= bot !== undefined && !isCommand && offset === 0;
    if (isMention || isCommand) {
      text = text.slice(0, offset) + (isCommand ? command : "") + text.slice(offset + length);
    }
  }
  return { text: text.trim(), toUs, toOther };
}

function readPress(pressed: Press, updateId: string, now: Date): Heard {
  const action = pressed.data === undefined ? undefined : decodeAction(pressed.data);
  if (action === undefined) return { type: "gone", press: pressed.id };
  // A very old message is no longer told; its chat with one person has that person's own id.
  const place =
    pressed.message === undefined
      ? { chat: String(pressed.from.id), thread: null, replyTo: null }
      : placeOf(pressed.message, null);
  return {
    type: "asked",
    place,
    // A press carries no time: that of its message is when we sent it.
    incoming: {
      id: updateId,
      from: addressOf(place.chat),
      at: now,
      content: { type: "action", action },
    },
    press: pressed.id,
  };
}

type Placed = Pick<Message, "chat" | "message_thread_id" | "is_topic_message">;

function placeOf(placed: Placed, replyTo: number | null): Place {
  const thread = placed.is_topic_message === true ? (placed.message_thread_id ?? null) : null;
  return { chat: String(placed.chat.id), thread, replyTo };
}

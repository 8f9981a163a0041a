import { z } from "zod";
import type { Incoming } from "../domain/reply.ts";

export const ZALO_BOT = "zalo-bot";

/** What was sent instead of words. `unsupported`: Zalo keeps back what children, and people it protects likewise, wrote. */
export type ZaloWordless = "sticker" | "voice" | "picture" | "other" | "unsupported";

/** What an update says to us. It is answered in the chat it came from; `id` is the same each time it comes. */
export type ZaloHeard =
  | { type: "asked"; chat: string; id: string; incoming: Incoming }
  | { type: "wordless"; chat: string; id: string; what: ZaloWordless }
  | { type: "ignored" }
  | { type: "malformed" };

/** The bot's own account, as far as it is known. */
export type ZaloAccount = { id: string | null; names: string[] };

/** More than anybody types; Zalo does not say how long a message may be. */
const MAX_TEXT = 4_096;
/** Before this many a date must be in seconds: in milliseconds it would lie in 1973. */
const LEAST_MS = 100_000_000_000;

/** Ids are strings of letters; numbers that survived the way here are let pass. */
const id = z
  .union([z.string(), z.number().int().safe().transform(String)])
  .pipe(z.string().regex(/^\S{1,200}$/));

const words = z.string().nullish().catch(null);

const event = z.object({
  event_name: z.string(),
  message: z.object({
    message_id: id,
    from: z.object({ id, is_bot: z.boolean().nullish().catch(null) }),
    chat: z.object({ id, chat_type: words }),
    date: z.coerce.number().nullish().catch(null),
    text: words,
    caption: words,
    photo: words,
    photo_url: words,
    sticker: words,
    voice_url: words,
  }),
});

type Event = z.infer<typeof event>;

const wrapped = z.object({ result: z.looseObject({}) });

/** Reads one update, wrapped as the documentation says or bare as it was also seen. Events that are no message are ignored. */
export function readZaloUpdate(raw: unknown, me: ZaloAccount, now: Date): ZaloHeard {
  const outer = wrapped.safeParse(raw);
  const inner = outer.success ? outer.data.result : raw;
  const name = event.pick({ event_name: true }).safeParse(inner).data?.event_name;
  if (name === undefined) return { type: "malformed" };
  if (!name.startsWith("message.")) return { type: "ignored" };
  const parsed = event.safeParse(inner);
  return parsed.success ? readMessage(parsed.data, me, now) : { type: "malformed" };
}

function readMessage({ event_name: name, message }: Event, me: ZaloAccount, now: Date): ZaloHeard {
  const { message_id: messageId, from, chat } = message;
  // Our own words may come back, and another bot would answer our answer.
  if (from.is_bot === true || from.id === me.id) return { type: "ignored" };
  const isGroup = chat.chat_type === "GROUP";
  // What reaches us of a group mentions us or answers us.
  if (!isGroup && chat.chat_type !== "PRIVATE" && chat.id !== from.id) return { type: "ignored" };
  const about = { chat: chat.id, id: messageId };
  const text = textOf(name, message);
  if (text === null) return { type: "wordless", ...about, what: wordlessOf(name, message) };
  return {
    type: "asked",
    ...about,
    incoming: {
      id: messageId,
      from: { channel: ZALO_BOT, person: chat.id },
      at: momentOf(message.date ?? null, now),
      content: { type: "text", text: unaddressed(text, isGroup, me).slice(0, MAX_TEXT) },
    },
  };
}

/** The words, also those under a picture; null where only something else was sent. */
function textOf(name: string, { text, caption }: Event["message"]): string | null {
  if (name === "message.unsupported.received") return null;
  if (name === "message.text.received") return text ?? "";
  const said = text ?? caption ?? "";
  return said.trim() === "" ? null : said;
}

function wordlessOf(name: string, message: Event["message"]): ZaloWordless {
  switch (name) {
    case "message.unsupported.received":
      return "unsupported";
    case "message.image.received":
      return "picture";
    case "message.sticker.received":
      return "sticker";
    case "message.voice.received":
      return "voice";
    default:
      return (message.photo_url ?? message.photo) == null ? "other" : "picture";
  }
}

/** A clock of theirs may be wrong; nobody asks in the future. */
function momentOf(date: number | null, now: Date): Date {
  if (date === null || !(date > 0)) return now;
  const ms = date < LEAST_MS ? date * 1000 : date;
  return new Date(Math.min(ms, now.getTime()));
}

/** In a group, the words without our name before them. */
function unaddressed(text: string, isGroup: boolean, { names }: ZaloAccount): string {
  const said = text.trim();
  if (!isGroup) return said;
  const name = names.find((one) => said.toLowerCase().startsWith(`@${one.toLowerCase()}`));
  return name === undefined ? said : said.slice(name.length + 1).trim();
}

import { z } from "zod";
import type { Address, Incoming } from "../domain/reply.ts";

export const CHANNEL = "zalo-oa";

/** What was sent instead of words. */
export type Wordless = "sticker" | "voice" | "picture" | "contact" | "location" | "other";

/** What an event says to us. */
export type Heard =
  | { type: "asked"; incoming: Incoming }
  | { type: "wordless"; from: Address; what: Wordless }
  /** Opened the chat without a word. */
  | { type: "came"; from: Address }
  | { type: "left"; from: Address }
  /** About another OA of the same application. */
  | { type: "elsewhere" }
  | { type: "ignored" };

export type ZaloEvent = {
  /** The same for every time Zalo sends it. */
  id: string;
  at: Date;
  heard: Heard;
};

/** More than Zalo lets a person write. */
const MAX_TEXT = 4_096;

// Ids have more digits than a JavaScript number can hold: as anything but strings they would be other people's.
const id = z.string().min(1).max(200);

const envelope = z.looseObject({
  event_name: z.string().max(100),
  timestamp: z.union([z.string().max(20), z.number()]).transform(String),
  sender: z.looseObject({ id }).optional(),
  recipient: z.looseObject({ id }).optional(),
  follower: z.looseObject({ id }).optional(),
  oa_id: id.optional(),
  user_id: id.optional(),
  message: z.looseObject({ msg_id: id.optional(), text: z.string().optional() }).optional(),
});

type Envelope = z.infer<typeof envelope>;

/** The timestamp as it stands in a body, which is signed with it. */
export function timestampOf(body: unknown): string | null {
  return envelope.pick({ timestamp: true }).safeParse(body).data?.timestamp ?? null;
}

/** Reads one event about our OA; undefined for what is none. */
export function readEvent(body: unknown, oaId: string, now: Date): ZaloEvent | undefined {
  const read = envelope.safeParse(body);
  if (!read.success) return undefined;
  const event = read.data;
  const person = event.follower?.id ?? event.sender?.id ?? event.user_id ?? "";
  const eventId = event.message?.msg_id ?? `${event.event_name}:${person}:${event.timestamp}`;
  // Nobody asks in the future; a timestamp that is no number counts as now.
  const sentMs = Number(event.timestamp);
  const at = new Date(sentMs > 0 ? Math.min(sentMs, now.getTime()) : now.getTime());
  const to = event.oa_id ?? event.recipient?.id ?? oaId;
  // What the OA itself says comes back, too.
  if (person === "" || person === oaId) return { id: eventId, at, heard: IGNORED };
  if (to !== oaId) return { id: eventId, at, heard: { type: "elsewhere" } };
  return { id: eventId, at, heard: readHeard(event, addressOf(person), eventId, at) };
}

const IGNORED: Heard = { type: "ignored" };

const WORDLESS = new Map<string, Wordless>([
  ["user_send_image", "picture"],
  ["user_send_gif", "picture"],
  ["user_send_video", "picture"],
  ["user_send_file", "picture"],
  ["user_send_sticker", "sticker"],
  ["user_send_audio", "voice"],
  ["user_send_location", "location"],
  ["user_send_business_card", "contact"],
  ["user_send_link", "other"],
]);

/** Events under which a text is what the person wrote. */
const WITH_WORDS = new Set(["user_send_text", "user_send_image", "user_send_link"]);

function readHeard(event: Envelope, from: Address, eventId: string, at: Date): Heard {
  const name = event.event_name;
  const asked = (text: string): Heard => ({
    type: "asked",
    incoming: { id: eventId, from, at, content: { type: "text", text } },
  });
  const words = event.message?.text?.trim() ?? "";
  if (WITH_WORDS.has(name) && words !== "") return asked(words.slice(0, MAX_TEXT));
  switch (name) {
    case "follow":
      return asked("/start");
    case "unfollow":
      return { type: "left", from };
    case "user_click_chatnow":
      return { type: "came", from };
    default: {
      const what = WORDLESS.get(name);
      return what === undefined ? IGNORED : { type: "wordless", from, what };
    }
  }
}

export function addressOf(person: string): Address {
  return { channel: CHANNEL, person };
}

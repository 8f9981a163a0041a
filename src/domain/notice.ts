import type { SubscriptionTopic } from "./action.ts";
import type { TextBlock } from "./text.ts";

/** Who a notice is for. `channels` null: every channel. */
export type Audience = {
  /** "tất cả", written out: everybody who subscribed to anything. */
  everyone: boolean;
  /** Field ids. Who subscribed to everything hears every field. */
  fields: string[];
  /** Commune codes. Only those who chose the commune hear of it. */
  communes: string[];
  channels: string[] | null;
};

/** An announcement as its file says it. Instants are ISO strings, so that content can be written to JSON and read back. */
export type Notice = {
  /** The file's name without `.md`: `2026-12-01-luong-huu`. */
  id: string;
  title: string;
  body: TextBlock[];
  audience: Audience;
  /** Null: as soon as it is released. */
  sendAt: string | null;
  expiresAt: string;
  /** Why it may pass quiet hours and goes before others; null: it does not. */
  urgent: string | null;
  /** The notice it puts right: it goes to those who got that one, and `audience` says only on which channels. */
  corrects: string | null;
};

/** True when somebody with these topics on this channel is meant. A correction does not ask this: it goes to those who got the other notice. */
export function isMeantFor(
  audience: Audience,
  channel: string,
  topics: SubscriptionTopic[],
): boolean {
  if (audience.channels !== null && !audience.channels.includes(channel)) return false;
  if (audience.everyone) return topics.length > 0;
  return topics.some((topic) => {
    switch (topic.type) {
      case "all":
        return audience.fields.length > 0;
      case "field":
        return audience.fields.includes(topic.id);
      case "commune":
        return audience.communes.includes(topic.code);
    }
  });
}

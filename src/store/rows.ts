import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Action, SubscriptionTopic } from "../domain/action.ts";
import {
  type Act,
  type Broadcast,
  type Delivery,
  type DeliveryId,
  type DeliveryStatus,
  type Tally,
} from "../domain/broadcast.ts";
import type { Memory } from "../domain/conversation.ts";
import { type Day, isDay } from "../domain/day.ts";
import { FACETS } from "../domain/facet.ts";
import type { Audience } from "../domain/notice.ts";
import type { Address, Block, Incoming } from "../domain/reply.ts";
import type { RefusedReason } from "../domain/send-result.ts";
import type { Subscription, Unanswered } from "../domain/store.ts";

/** One thing that is kept. `order` counts what was taken over, oldest first. */
export type Row =
  /** `key` is how deliveries name the person: random, and without meaning once this row is gone. Rows of earlier versions have none. */
  | { type: "subscription"; from: Address; key: string | null; subscription: Subscription }
  | { type: "message"; order: number; incoming: Incoming; done: boolean }
  | { type: "processed"; at: Date }
  | { type: "unanswered"; order: number; entry: Unanswered }
  | { type: "conversation"; from: Address; at: Date; memory: Memory }
  | { type: "broadcast"; order: number; broadcast: Broadcast }
  | { type: "delivery"; delivery: Delivery }
  | { type: "heartbeat"; channel: string; day: string }
  | { type: "sends"; channel: string; month: string; count: number }
  | { type: "contact"; from: Address; at: Date }
  /** A code by which somebody goes on in another channel; one an address. */
  | { type: "carry"; from: Address; code: string; expiresAt: Date };

export type RowOf<T extends Row["type"]> = Extract<Row, { type: T }>;

/** A row under its key; null takes it away. */
export type Put = readonly [key: string, row: Row | null];

export function subscriptionKey(from: Address): string {
  return `subscription\n${from.channel}\n${from.person}`;
}

export function newPersonKey(): string {
  return randomBytes(12).toString("base64url");
}

/** How deliveries name a subscriber. */
export function personKeyOf(row: RowOf<"subscription">): string {
  return row.key ?? digest(`${row.from.channel}\n${row.from.person}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

export function messageKey(incoming: Incoming): string {
  return `message\n${incoming.from.channel}\n${incoming.id}`;
}

/** Only a digest: the id stays known for a day after a person erased everything, and must not tell who it was. */
export function processedKey(incoming: Incoming): string {
  return `processed\n${digest(`${incoming.from.channel}\n${incoming.id}`)}`;
}

export function unansweredKey(order: number): string {
  return `unanswered\n${order}`;
}

export function conversationKey(from: Address): string {
  return `conversation\n${from.channel}\n${from.person}`;
}

export function broadcastKey(id: string): string {
  return `broadcast\n${id}`;
}

export function deliveryKey({ broadcast, channel, person }: DeliveryId): string {
  return `delivery\n${broadcast}\n${channel}\n${person}`;
}

export function sendsKey(channel: string, month: string): string {
  return `sends\n${channel}\n${month}`;
}

export function contactKey(from: Address): string {
  return `contact\n${from.channel}\n${from.person}`;
}

export function carryKey(from: Address): string {
  return `carry\n${from.channel}\n${from.person}`;
}

export function heartbeatKey(channel: string): string {
  return `heartbeat\n${channel}`;
}

/** A schema for each member of a union: a new member does not compile until it has one. */
type SchemaOfEach<Union, Tag extends keyof Union> = {
  [T in Union[Tag] & string]: z.ZodType<Extract<Union, Record<Tag, T>>>;
};

function oneOf<Union, Tag extends keyof Union & string>(
  tag: Tag,
  schemas: SchemaOfEach<Union, Tag>,
): z.ZodType<Union> {
  // zod wants to see the members one by one; that they are all there was checked by the type above.
  const members = Object.values(schemas) as unknown as [z.ZodObject, ...z.ZodObject[]];
  return z.discriminatedUnion(tag, members) as unknown as z.ZodType<Union>;
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const order = z.int().min(0);
const address = z.object({ channel: z.string(), person: z.string() });

const topic = oneOf<SubscriptionTopic, "type">("type", {
  field: z.object({ type: z.literal("field"), id: z.string() }),
  all: z.object({ type: z.literal("all") }),
  commune: z.object({ type: z.literal("commune"), code: z.string() }),
});

const action = oneOf<Action, "do">("do", {
  entitlement: z.object({
    do: z.literal("entitlement"),
    id: z.string(),
    facet: z.enum(FACETS).nullable(),
  }),
  field: z.object({ do: z.literal("field"), id: z.string() }),
  agency: z.object({ do: z.literal("agency"), id: z.string() }),
  commune: z.object({ do: z.literal("commune"), code: z.string() }),
  parameter: z.object({ do: z.literal("parameter"), id: z.string() }),
  situation: z.object({ do: z.literal("situation"), id: z.string() }),
  clause: z.object({ do: z.literal("clause"), id: z.string() }),
  subscribe: z.object({ do: z.literal("subscribe"), topic: topic.nullable() }),
  unsubscribe: z.object({ do: z.literal("unsubscribe") }),
  erase: z.object({ do: z.literal("erase") }),
  feedback: z.object({
    do: z.literal("feedback"),
    helpful: z.boolean(),
    about: z.string().nullable().default(null),
  }),
  declined: z.object({ do: z.literal("declined") }),
  menu: z.object({ do: z.literal("menu") }),
  help: z.object({ do: z.literal("help") }),
  human: z.object({ do: z.literal("human") }),
});

const incoming: z.ZodType<Incoming> = z.object({
  id: z.string(),
  from: address,
  at: instant,
  content: oneOf<Incoming["content"], "type">("type", {
    text: z.object({ type: z.literal("text"), text: z.string() }),
    action: z.object({ type: z.literal("action"), action }),
  }),
});

const subscription: z.ZodType<Subscription> = z.object({
  topics: z.array(topic),
  since: instant,
  consent: z.string(),
});

const reasons: { [Reason in Unanswered["reason"]]: Reason } = {
  unknown: "unknown",
  "not-helpful": "not-helpful",
  "choice-declined": "choice-declined",
};

const unanswered: z.ZodType<Unanswered> = z.object({
  text: z.string(),
  day: z.custom<Day>((day) => typeof day === "string" && isDay(day)),
  reason: z.enum(reasons),
  nearest: z.object({ entitlement: z.string(), score: z.number() }).nullable(),
});

const memory: z.ZodType<Memory> = z.object({
  entitlement: z.string().nullable(),
  choices: z.array(action),
  commune: z.string().nullable(),
  askedForPlace: z.boolean(),
  question: z.string().nullable(),
  // A conversation kept before this was remembered has none.
  answered: z.string().nullable().default(null),
  awaitsNotice: z.boolean().default(false),
});

const span = z.object({
  text: z.string(),
  strong: z.boolean().exactOptional(),
  url: z.string().exactOptional(),
});

const block = oneOf<Block, "type">("type", {
  heading: z.object({ type: z.literal("heading"), text: z.string() }),
  text: z.object({ type: z.literal("text"), spans: z.array(span) }),
  list: z.object({
    type: z.literal("list"),
    ordered: z.boolean(),
    items: z.array(z.array(span)),
  }),
  fields: z.object({
    type: z.literal("fields"),
    rows: z.array(z.object({ label: z.string(), value: z.string() })),
  }),
  source: z.object({ type: z.literal("source"), text: z.string() }),
});

/** Every word of a union: a new one does not compile until it stands here. */
function wordOf<Word extends string>(words: { [W in Word]: W }): z.ZodType<Word> {
  return z.enum(words);
}

const refusedReason = wordOf<RefusedReason>({
  blocked: "blocked",
  gone: "gone",
  rejected: "rejected",
  "out-of-window": "out-of-window",
  capped: "capped",
});

const act: z.ZodType<Act> = z.object({
  did: wordOf<Act["did"]>({
    submitted: "submitted",
    released: "released",
    started: "started",
    stopped: "stopped",
    resumed: "resumed",
    halted: "halted",
    finished: "finished",
    "dismissed-doubtful": "dismissed-doubtful",
    "resent-doubtful": "resent-doubtful",
  }),
  by: z.string().nullable(),
  at: instant,
});

const audience: z.ZodType<Audience> = z.object({
  everyone: z.boolean(),
  fields: z.array(z.string()),
  communes: z.array(z.string()),
  channels: z.array(z.string()).nullable(),
});

const count = z.int().min(0);

const tally: z.ZodType<Tally> = z.object({
  waiting: count,
  claimed: count,
  sent: count,
  doubtful: count,
  left: count,
  expired: count,
  dismissed: count,
  refused: z.object({
    blocked: count,
    gone: count,
    rejected: count,
    "out-of-window": count.default(0),
    capped: count.default(0),
  }),
});

const broadcast: z.ZodType<Broadcast> = z.object({
  id: z.string(),
  notice: z.string(),
  version: count,
  digest: z.string(),
  title: z.string(),
  blocks: z.array(block),
  audience,
  sendAt: instant.nullable(),
  expiresAt: instant,
  urgent: z.string().nullable(),
  corrects: z.string().nullable(),
  status: wordOf<Broadcast["status"]>({
    freezing: "freezing",
    submitted: "submitted",
    replaced: "replaced",
    released: "released",
    stopped: "stopped",
    halted: "halted",
    finished: "finished",
  }),
  halted: wordOf<NonNullable<Broadcast["halted"]>>({
    refusals: "refusals",
    "nobody-found": "nobody-found",
    late: "late",
    broken: "broken",
    sums: "sums",
  }).nullable(),
  people: z.record(z.string(), count),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  acts: z.array(act),
  totals: z.record(z.string(), tally).nullable(),
});

const delivery: z.ZodType<Delivery> = z.object({
  broadcast: z.string(),
  channel: z.string(),
  person: z.string(),
  status: wordOf<DeliveryStatus>({
    waiting: "waiting",
    claimed: "claimed",
    sent: "sent",
    refused: "refused",
    doubtful: "doubtful",
    left: "left",
    expired: "expired",
    dismissed: "dismissed",
  }),
  reason: refusedReason.nullable(),
  at: instant,
});

/** A row as it is read from disk; dates are ISO strings there. */
export const rowSchema = oneOf<Row, "type">("type", {
  subscription: z.object({
    type: z.literal("subscription"),
    from: address,
    key: z.string().nullable().default(null),
    subscription,
  }),
  message: z.object({
    type: z.literal("message"),
    order,
    incoming,
    done: z.boolean().default(false),
  }),
  processed: z.object({ type: z.literal("processed"), at: instant }),
  unanswered: z.object({ type: z.literal("unanswered"), order, entry: unanswered }),
  conversation: z.object({ type: z.literal("conversation"), from: address, at: instant, memory }),
  broadcast: z.object({ type: z.literal("broadcast"), order, broadcast }),
  delivery: z.object({ type: z.literal("delivery"), delivery }),
  heartbeat: z.object({ type: z.literal("heartbeat"), channel: z.string(), day: z.string() }),
  sends: z.object({ type: z.literal("sends"), channel: z.string(), month: z.string(), count }),
  contact: z.object({ type: z.literal("contact"), from: address, at: instant }),
  carry: z.object({
    type: z.literal("carry"),
    from: address,
    code: z.string(),
    expiresAt: instant,
  }),
});

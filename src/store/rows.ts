import { createHash } from "node:crypto";
import { z } from "zod";
import type { Action, SubscriptionTopic } from "../domain/action.ts";
import type { Memory } from "../domain/conversation.ts";
import { type Day, isDay } from "../domain/day.ts";
import { FACETS } from "../domain/facet.ts";
import type { Address, Incoming } from "../domain/reply.ts";
import type { Subscription, Unanswered } from "../domain/store.ts";

/** One thing that is kept. `order` counts what was taken over, oldest first. */
export type Row =
  | { type: "subscription"; from: Address; subscription: Subscription }
  | { type: "message"; order: number; incoming: Incoming }
  | { type: "processed"; at: Date }
  | { type: "unanswered"; order: number; entry: Unanswered }
  | { type: "conversation"; from: Address; at: Date; memory: Memory };

export type RowOf<T extends Row["type"]> = Extract<Row, { type: T }>;

/** A row under its key; null takes it away. */
export type Put = readonly [key: string, row: Row | null];

export function subscriptionKey(from: Address): string {
  return `subscription\n${from.channel}\n${from.person}`;
}

export function messageKey(incoming: Incoming): string {
  return `message\n${incoming.from.channel}\n${incoming.id}`;
}

/** Only a digest: the id stays known for a day after a person erased everything, and must not tell who it was. */
export function processedKey(incoming: Incoming): string {
  const id = createHash("sha256").update(`${incoming.from.channel}\n${incoming.id}`);
  return `processed\n${id.digest("base64url").slice(0, 22)}`;
}

export function unansweredKey(order: number): string {
  return `unanswered\n${order}`;
}

export function conversationKey(from: Address): string {
  return `conversation\n${from.channel}\n${from.person}`;
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
  feedback: z.object({ do: z.literal("feedback"), helpful: z.boolean() }),
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
});

/** A row as it is read from disk; dates are ISO strings there. */
export const rowSchema = oneOf<Row, "type">("type", {
  subscription: z.object({ type: z.literal("subscription"), from: address, subscription }),
  message: z.object({ type: z.literal("message"), order, incoming }),
  processed: z.object({ type: z.literal("processed"), at: instant }),
  unanswered: z.object({ type: z.literal("unanswered"), order, entry: unanswered }),
  conversation: z.object({ type: z.literal("conversation"), from: address, at: instant, memory }),
});

import type { SubscriptionTopic } from "../domain/action.ts";
import type { Commune } from "../domain/commune.ts";
import type { ContentBase, PhraseKey } from "../domain/content-base.ts";
import type { Address, Button, Incoming } from "../domain/reply.ts";
import { isStoreUnavailable, type People, type PersonalData } from "../domain/store.ts";
import { CARRY_CODE_VALID_MS, newCarryCode } from "./carry-code.ts";
import { about, type Composed, say, text, withLowerKind } from "./compose.ts";
import { plain } from "./compose-other.ts";
import type { Wish } from "./decide.ts";
import type { Memory } from "../domain/conversation.ts";

export type PersonalSetting = {
  content: ContentBase;
  people: People;
  /** Counts a code that is typed; false: too many were. */
  mayTry: (from: Address, at: Date) => boolean;
};

/** The wording of the consent in force; a new wording gets a new number. */
const CONSENT = "2026-11";

/** Does what somebody asks about themselves and says what was done: nothing is said before it is on disk. */
export async function answerPersonal(
  setting: PersonalSetting,
  incoming: Incoming,
  memory: Memory,
  wish: Wish,
): Promise<Composed> {
  try {
    return await perform(setting, incoming, memory, wish);
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return plain(setting.content, "notSaved", "smalltalk");
  }
}

async function perform(
  setting: PersonalSetting,
  { from, at }: Incoming,
  memory: Memory,
  wish: Wish,
): Promise<Composed> {
  const { content, people } = setting;
  switch (wish.say) {
    case "topics":
      return composeTopics(content, communeOf(content, memory));
    case "subscribe": {
      const now = people.subscriptionOf(from);
      const topics = withTopic(now?.topics ?? [], wish.topic);
      await people.subscribe(from, { topics, since: now?.since ?? at, consent: CONSENT });
      const names = topics.map((topic) => topicName(content, topic)).join("; ");
      return said(content, "subscribed", { dieu: names }, [stopButton(content)]);
    }
    case "unsubscribe":
      return plain(
        content,
        (await people.unsubscribe(from)) ? "unsubscribed" : "notSubscribed",
        "smalltalk",
      );
    case "myData": {
      const kept = describe(content, people.dataOf(from, at));
      if (kept === "") return plain(content, "myDataNothing", "smalltalk");
      const erase: Button = { label: say(content, "eraseChoice"), action: { do: "erase" } };
      return said(content, "myData", { dieu: kept }, [erase]);
    }
    case "erase": {
      const kept = describe(content, await people.erase(from));
      if (kept === "") return plain(content, "myDataNothing", "smalltalk");
      return said(content, "erased", { dieu: kept }, []);
    }
    case "offerCarry":
      return offerCarry(setting, from, at);
    case "carry":
      return carry(setting, wish.code, from, at);
  }
}

async function offerCarry(
  { content, people }: PersonalSetting,
  from: Address,
  at: Date,
): Promise<Composed> {
  const kept = people.dataOf(from, at);
  const dieu = describe(content, { ...kept, hasConversation: false, hasCarryCode: false });
  if (dieu === "") return plain(content, "carryNothing", "smalltalk");
  const expiresAt = new Date(at.getTime() + CARRY_CODE_VALID_MS);
  for (;;) {
    const ma = newCarryCode();
    const isKept = await people.offerCarry(from, ma, expiresAt);
    if (isKept) return said(content, "carryCode", { ma, dieu }, []);
  }
}

async function carry(
  { content, people, mayTry }: PersonalSetting,
  code: string,
  to: Address,
  at: Date,
): Promise<Composed> {
  if (!mayTry(to, at)) return plain(content, "carryTooOften", "smalltalk");
  const found = await people.carry(code, to, at);
  switch (found.status) {
    case "unknown":
      return plain(content, "carryUnknown", "smalltalk");
    case "same-chat":
      return plain(content, "carrySameChat", "smalltalk");
    case "carried": {
      const dieu = describe(content, { ...found, hasConversation: false, hasCarryCode: false });
      const buttons = found.subscription === null ? [] : [stopButton(content)];
      return { ...said(content, "carried", { dieu }, buttons), acted: true };
    }
  }
}

function said(
  content: ContentBase,
  key: PhraseKey,
  words: Record<string, string>,
  buttons: Button[],
): Composed {
  return { blocks: [text(say(content, key, words))], buttons, about: about({ kind: "smalltalk" }) };
}

function stopButton(content: ContentBase): Button {
  return { label: say(content, "unsubscribeChoice"), action: { do: "unsubscribe" } };
}

/** The consent, and a button for everything, for the person's commune and for each field. */
function composeTopics(content: ContentBase, commune: Commune | null): Composed {
  const topics: SubscriptionTopic[] = [
    { type: "all" },
    ...(commune === null ? [] : [{ type: "commune" as const, code: commune.code }]),
    ...Object.keys(content.fields).map((id) => ({ type: "field" as const, id })),
  ];
  const buttons = topics.map((topic): Button => ({
    label: topicLabel(content, topic),
    action: { do: "subscribe", topic },
  }));
  return {
    blocks: [text(say(content, "consent"))],
    buttons,
    about: about({ kind: "smalltalk" }),
  };
}

/** Inside a sentence. */
function topicName(content: ContentBase, topic: SubscriptionTopic): string {
  switch (topic.type) {
    case "all":
      return say(content, "everyField");
    case "field":
      return content.fields[topic.id]?.name ?? topic.id;
    case "commune": {
      const commune = content.communes.find((row) => row.code === topic.code);
      return commune === undefined ? topic.code : withLowerKind(commune.name);
    }
  }
}

/** On a button. */
function topicLabel(content: ContentBase, topic: SubscriptionTopic): string {
  const name = topicName(content, topic);
  switch (topic.type) {
    case "all":
      return say(content, "topicAll");
    case "field":
      return name;
    case "commune":
      return say(content, "topicCommune", { ten: name });
  }
}

function withTopic(topics: SubscriptionTopic[], added: SubscriptionTopic): SubscriptionTopic[] {
  const key = JSON.stringify(added);
  return [...topics.filter((topic) => JSON.stringify(topic) !== key), added];
}

function communeOf(content: ContentBase, memory: Memory): Commune | null {
  return content.communes.find((commune) => commune.code === memory.commune) ?? null;
}

function describe(content: ContentBase, kept: PersonalData): string {
  const parts: string[] = [];
  if (kept.subscription !== null) {
    const names = kept.subscription.topics.map((topic) => topicName(content, topic)).join(", ");
    parts.push(`đăng ký nhận thông báo (${names})`);
  }
  if (kept.hasConversation) parts.push("cuộc trò chuyện trong 30 phút gần đây");
  const commune = content.communes.find((row) => row.code === kept.commune);
  if (commune !== undefined) parts.push(`nơi ở: ${withLowerKind(commune.name)}`);
  if (kept.hasCarryCode) parts.push("mã chuyển kênh còn hạn");
  return parts.join("; ");
}

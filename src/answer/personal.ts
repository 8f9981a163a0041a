import type { SubscriptionTopic } from "../domain/action.ts";
import type { Commune } from "../domain/commune.ts";
import type { ContentBase, PhraseKey } from "../domain/content-base.ts";
import type { Button, Incoming } from "../domain/reply.ts";
import { isStoreUnavailable, type People, type PersonalData } from "../domain/store.ts";
import { about, type Composed, say, text, withLowerKind } from "./compose.ts";
import { plain } from "./compose-other.ts";
import type { Wish } from "./decide.ts";
import type { Memory } from "../domain/conversation.ts";

/** The wording of the consent in force; a new wording gets a new number. */
const CONSENT = "2026-11";

/** Does what somebody asks about themselves and says what was done: nothing is said before it is on disk. */
export async function answerPersonal(
  content: ContentBase,
  people: People,
  incoming: Incoming,
  memory: Memory,
  wish: Wish,
): Promise<Composed> {
  try {
    return await perform(content, people, incoming, memory, wish);
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return plain(content, "notSaved", "smalltalk");
  }
}

async function perform(
  content: ContentBase,
  people: People,
  { from, at }: Incoming,
  memory: Memory,
  wish: Wish,
): Promise<Composed> {
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
    label: topicName(content, topic),
    action: { do: "subscribe", topic },
  }));
  return {
    blocks: [text(say(content, "consent"))],
    buttons,
    about: about({ kind: "smalltalk" }),
  };
}

function topicName(content: ContentBase, topic: SubscriptionTopic): string {
  switch (topic.type) {
    case "all":
      return say(content, "topicAll");
    case "field":
      return content.fields[topic.id]?.name ?? topic.id;
    case "commune": {
      const commune = content.communes.find((row) => row.code === topic.code);
      return say(content, "topicCommune", {
        ten: commune === undefined ? topic.code : withLowerKind(commune.name),
      });
    }
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
  return parts.join("; ");
}

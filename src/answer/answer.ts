import { dayOf } from "../domain/day.ts";
import type { Answer, Incoming, Reply } from "../domain/reply.ts";
import type { Brain } from "./brain.ts";
import { COMMUNE_DESK, type Composed, composeEntitlement, type Setting } from "./compose.ts";
import { composeAgency, composeClause, composeCommune, composeParameter } from "./compose-named.ts";
import {
  composeChoice,
  composeCommuneChoice,
  composeFamily,
  composeField,
  composeMenu,
  composeMisconception,
  composeOutOfScope,
  composeSituation,
  composeUnknown,
  plain,
} from "./compose-other.ts";
import { type Memory, NO_MEMORY } from "../domain/conversation.ts";
import type { People } from "../domain/store.ts";
import { createTries } from "./carry-code.ts";
import { checkNotice, isPastedNotice } from "./check-notice.ts";
import { decide, type Decided, type Decision, type Personal } from "./decide.ts";
import { askedAfter, askForFeedback, composeFeedback, keepForStaff, missedBy } from "./feedback.ts";
import { answerPersonal } from "./personal.ts";

/** The whole bot: `brain` gives the content in force at that moment, so that changed content counts from the next message on. */
export function createAnswer(brain: () => Brain, people: People): Answer {
  const mayTry = createTries();
  return async (incoming) => {
    const current = brain();
    const { from, at } = incoming;
    const memory = people.recall(from, at);
    if (isPastedNotice(people, memory.awaitsNotice, incoming.content)) {
      return check(current, people, incoming, memory);
    }
    const decided = decide(current, memory, incoming.content);
    const { decision } = decided;
    const missed = missedBy(decision, incoming);
    const kept = missed !== null && (await keepForStaff(people, dayOf(at), missed));
    // Once kept it is not asked about any more: pressing again would keep it twice.
    const known = kept ? { ...memory, question: null } : memory;
    if (isPersonal(decision)) {
      if (decision.say === "checkNotice") return check(current, people, incoming, memory);
      if (decision.say === "feedback") {
        people.remember(from, at, known);
        return { ...composeFeedback(current.content, decision.helpful, kept), feedback: null };
      }
      const setting = { content: current.content, people, mayTry };
      const reply = await answerPersonal(setting, incoming, memory, decision);
      const choices = reply.buttons.map((button) => button.action);
      // Looked up again: a commune may have come from another channel.
      const after = decision.say === "carry" ? people.recall(from, at) : memory;
      if (decision.say !== "erase") people.remember(from, at, { ...after, choices });
      return { ...reply, feedback: null, ...(changesPeople(decision) && { acted: true }) };
    }
    const { reply, memory: next } = takeTurn(current, known, incoming, decided);
    people.remember(from, at, next);
    return reply;
  };
}

/** “Is this yours?” leaves the conversation as it was, but for whether the text itself is still to come. */
function check(brain: Brain, people: People, incoming: Incoming, memory: Memory): Reply {
  const { from, at, content } = incoming;
  const { reply, awaits } = checkNotice(brain, people, content.type === "text" ? content.text : "");
  people.remember(from, at, { ...memory, awaitsNotice: awaits });
  return { ...reply, feedback: null };
}

function changesPeople({ say: wish }: Personal): boolean {
  return ["subscribe", "unsubscribe", "erase"].includes(wish);
}

/** True for what is done in the store before anything is said. */
export function isPersonal(decision: Decision): decision is Personal {
  return [
    "topics",
    "subscribe",
    "unsubscribe",
    "myData",
    "erase",
    "offerCarry",
    "carry",
    "feedback",
    "checkNotice",
  ].includes(decision.say);
}

function takeTurn(
  { content }: Brain,
  memory: Memory,
  incoming: Incoming,
  decided: Decided,
): { reply: Reply; memory: Memory } {
  const { decision, commune: mentioned } = decided;
  if (isPersonal(decision)) throw new Error(`${decision.say} is done in the store`);
  const forgets = decision.say === "family" && decision.family === "forget";
  const code = forgets ? null : (communeSaid(decision) ?? mentioned ?? memory.commune);
  const setting: Setting = {
    content,
    day: dayOf(incoming.at),
    commune: content.communes.find((commune) => commune.code === code) ?? null,
    askForPlace: !memory.askedForPlace,
  };
  const reply = composeDecision(setting, decision);
  if (forgets) return { reply, memory: NO_MEMORY };
  const { outcome, entitlements, agency } = reply.about;
  const topic = outcome === "answer" ? (entitlements[0] ?? null) : null;
  const keepsTopic = outcome !== "answer" || decision.say === "commune";
  return {
    reply,
    memory: {
      entitlement: topic ?? (keepsTopic ? memory.entitlement : null),
      choices: reply.buttons.map((button) => button.action),
      commune: code,
      askedForPlace: memory.askedForPlace || (agency === COMMUNE_DESK && code === null),
      ...askedAfter(content, memory, incoming, decided),
      awaitsNotice: false,
    },
  };
}

function communeSaid(decision: Decision): string | undefined {
  return decision.say === "commune" ? decision.code : undefined;
}

/** The reply to what was decided. */
export function composeDecision(setting: Setting, decision: Exclude<Decision, Personal>): Reply {
  const feedback = askForFeedback(setting.content, decision);
  return { ...compose(setting, decision), feedback };
}

function compose(setting: Setting, decision: Exclude<Decision, Personal>): Composed {
  const { content } = setting;
  switch (decision.say) {
    case "entitlement":
      return composeEntitlement(setting, decision);
    case "misconception":
      return composeMisconception(setting, decision.index, decision.also, decision.confidence);
    case "choose":
      return composeChoice(setting, decision.topics, decision.confidence);
    case "situation":
      return composeSituation(setting, decision.id, decision.confidence);
    case "clause":
      return composeClause(setting, decision);
    case "outOfScope":
      return composeOutOfScope(setting, decision.id, decision.confidence);
    case "agency":
      return composeAgency(setting, decision.id);
    case "parameter":
      return composeParameter(setting, decision.id);
    case "field":
      return composeField(setting, decision.id);
    case "commune": {
      const commune = content.communes.find((row) => row.code === decision.code);
      return commune === undefined
        ? plain(content, "choiceGone", null)
        : composeCommune(setting, commune);
    }
    case "chooseCommune":
      return composeCommuneChoice(setting, decision);
    case "family":
      return composeFamily(setting, decision.family);
    case "declined":
      return composeMenu(setting);
    case "facetOfWhat":
      return { ...composeMenu(setting), blocks: plain(content, "chooseFacet", "menu").blocks };
    case "choiceGone":
      return { ...plain(content, "choiceGone", "menu"), buttons: composeMenu(setting).buttons };
    case "empty":
      return plain(content, "emptyMessage", "smalltalk");
    case "symbols":
      return plain(content, "onlySymbols", "smalltalk");
    case "unknown":
      return composeUnknown(setting, decision.near);
  }
}

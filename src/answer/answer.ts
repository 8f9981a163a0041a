import { dayOf } from "../domain/day.ts";
import type { Answer, Incoming, Reply } from "../domain/reply.ts";
import type { Brain } from "./brain.ts";
import { composeEntitlement, type Setting } from "./compose.ts";
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
import { type Conversations, type Memory, NO_MEMORY } from "../domain/conversation.ts";
import { decide, type Decision } from "./decide.ts";

/** The whole bot: `brain` gives the content in force at that moment, so that changed content counts from the next message on. */
export function createAnswer(brain: () => Brain, conversations: Conversations): Answer {
  return async (incoming) => {
    const current = brain();
    const memory = conversations.recall(incoming.from, incoming.at);
    const { reply, memory: next } = takeTurn(current, memory, incoming);
    conversations.remember(incoming.from, incoming.at, next);
    return reply;
  };
}

function takeTurn(
  brain: Brain,
  memory: Memory,
  incoming: Incoming,
): { reply: Reply; memory: Memory } {
  const { content } = brain;
  const { decision, commune: mentioned } = decide(brain, memory, incoming.content);
  const forgets = decision.say === "family" && decision.family === "forget";
  const code = forgets ? null : (communeSaid(decision) ?? mentioned ?? memory.commune);
  const setting: Setting = {
    content,
    day: dayOf(incoming.at),
    commune: content.communes.find((commune) => commune.code === code) ?? null,
    askForPlace: !memory.askedForPlace,
  };
  const resumed = decision.say === "commune" && memory.entitlement !== null && memory.askedForPlace;
  const reply = composeDecision(setting, decision);
  if (forgets) return { reply, memory: NO_MEMORY };
  const topic = reply.about.entitlements[0];
  const keepsTopic = decision.say === "commune" || resumed;
  return {
    reply,
    memory: {
      entitlement:
        reply.about.outcome === "answer" && topic !== undefined
          ? topic
          : keepsTopic || reply.about.outcome !== "answer"
            ? memory.entitlement
            : null,
      choices: reply.buttons.length > 0 ? reply.buttons.map((button) => button.action) : [],
      commune: code,
      askedForPlace: memory.askedForPlace || (reply.about.agency === "ubnd-xa" && code === null),
    },
  };
}

function communeSaid(decision: Decision): string | undefined {
  return decision.say === "commune" ? decision.code : undefined;
}

/** The reply to what was decided. */
export function composeDecision(setting: Setting, decision: Decision): Reply {
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

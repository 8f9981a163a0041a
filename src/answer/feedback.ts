import type { Action } from "../domain/action.ts";
import type { ContentBase } from "../domain/content-base.ts";
import type { Memory } from "../domain/conversation.ts";
import type { Day } from "../domain/day.ts";
import { maskPersonalNumbers } from "../domain/mask.ts";
import type { Feedback, Incoming } from "../domain/reply.ts";
import { isStoreUnavailable, type People } from "../domain/store.ts";
import { about, type Composed, say, text } from "./compose.ts";
import { type Decided, type Decision, isSameAction, type Missed } from "./decide.ts";

const LONGEST_QUESTION = 500;

/** What a decision answers from the content: a page, situation, clause, agency, value or other office; null for choices and small talk. */
export function subjectOf(content: ContentBase, decision: Decision): string | null {
  switch (decision.say) {
    case "entitlement":
    case "situation":
    case "clause":
    case "outOfScope":
    case "agency":
    case "parameter":
      return decision.id;
    case "misconception":
      return content.misconceptions[decision.index]?.entitlement ?? null;
    case "choose":
    case "field":
    case "commune":
    case "chooseCommune":
    case "family":
    case "topics":
    case "subscribe":
    case "unsubscribe":
    case "myData":
    case "erase":
    case "offerCarry":
    case "carry":
    case "feedback":
    case "checkNotice":
    case "declined":
    case "facetOfWhat":
    case "choiceGone":
    case "empty":
    case "symbols":
    case "unknown":
      return null;
  }
}

/** “Đúng ý không?” with its two buttons, where there is something to judge. */
export function askForFeedback(content: ContentBase, decision: Decision): Feedback | null {
  const subject = subjectOf(content, decision);
  if (subject === null) return null;
  const action = (helpful: boolean): Action => ({ do: "feedback", helpful, about: subject });
  return {
    question: say(content, "feedbackQuestion"),
    yes: { label: say(content, "feedbackYes"), action: action(true) },
    no: { label: say(content, "feedbackNo"), action: action(false) },
  };
}

export function composeFeedback(content: ContentBase, helpful: boolean, kept: boolean): Composed {
  const key = helpful ? "feedbackThanks" : "feedbackSorry";
  return {
    blocks: [text(say(content, key)), ...(kept ? [text(say(content, "feedbackKept"))] : [])],
    // None: the choices of the answer that is judged stay those that a typed number means.
    buttons: [],
    about: about({ kind: "smalltalk" }),
  };
}

type Asked = Pick<Memory, "question" | "answered">;

const NOTHING_ASKED: Asked = { question: null, answered: null };

/**
 * The last question and what it was answered with, after this turn. They belong together: a page that was reached through the menu, or
 * by a button of an older answer, answers no question we know of.
 */
export function askedAfter(
  content: ContentBase,
  memory: Memory,
  { content: said }: Incoming,
  { decision, chosen }: Decided,
): Asked {
  const { question } = memory;
  if (asksNothing(decision)) return { question, answered: memory.answered };
  const answered = subjectOf(content, decision);
  if (chosen === null) {
    return said.type === "text" ? { question: questionOf(said.text), answered } : NOTHING_ASKED;
  }
  const goesOn =
    answered === memory.answered || memory.choices.some((choice) => isSameAction(choice, chosen));
  return goesOn && decision.say !== "field" ? { question, answered } : NOTHING_ASKED;
}

/** Where somebody lives, small talk and the menu leave the last question as it is. */
function asksNothing(decision: Decision): boolean {
  return [
    "family",
    "declined",
    "commune",
    "chooseCommune",
    "choiceGone",
    "empty",
    "symbols",
  ].includes(decision.say);
}

/** The question that this turn shows to be without an answer. */
export function missedBy(decision: Decision, { content: said }: Incoming): Missed | null {
  if (decision.say === "feedback" || decision.say === "declined") return decision.missed;
  if (decision.say !== "unknown" || said.type !== "text") return null;
  return { text: questionOf(said.text), reason: "unknown", nearest: decision.nearest };
}

/** Keeps a question for staff, without who asked. False when nothing can be saved: that keeps nobody from an answer. */
export async function keepForStaff(people: People, day: Day, missed: Missed): Promise<boolean> {
  try {
    await people.recordUnanswered({ ...missed, day });
    return true;
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return false;
  }
}

/** A question as it may be kept: personal numbers masked, cut to a length. */
function questionOf(raw: string): string {
  return maskPersonalNumbers(raw).slice(0, LONGEST_QUESTION);
}

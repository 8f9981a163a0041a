import { type Action, encodeAction, type SubscriptionTopic } from "../domain/action.ts";
import type { MessageFamily } from "../domain/content-base.ts";
import type { Facet } from "../domain/facet.ts";
import { toPlainText } from "../domain/fold.ts";
import type { Incoming } from "../domain/reply.ts";
import type { Unanswered } from "../domain/store.ts";
import type { Brain } from "./brain.ts";
import { carryCodeIn } from "./carry-code.ts";
import type { Memory } from "../domain/conversation.ts";
import { type Candidate, type Match, verdictOf } from "./match.ts";
import type { Topic } from "./model.ts";
import type { Normalised } from "../domain/normalise.ts";

/** A question without a good answer, as staff get to see it. */
export type Missed = Omit<Unanswered, "day">;

/** What somebody asks about themselves: it is done in the store before anything is said. */
export type Wish =
  | { say: "topics" }
  | { say: "subscribe"; topic: SubscriptionTopic }
  | { say: "unsubscribe" }
  | { say: "myData" }
  | { say: "erase" }
  /** A code to go on in another channel; the code, typed there. */
  | { say: "offerCarry" }
  | { say: "carry"; code: string };

/** What goes through the store. */
export type Personal =
  | Wish
  | { say: "feedback"; helpful: boolean; missed: Missed | null }
  | { say: "checkNotice" };

/** Families that are answered with a sentence alone. */
export type SpokenFamily = Exclude<
  MessageFamily,
  | "subscribe"
  | "unsubscribe"
  | "myData"
  | "erase"
  | "carry"
  | "helpful"
  | "notHelpful"
  | "checkNotice"
>;

/** What to say to a message. Deciding changes nothing and looks at no clock. */
export type Decision =
  | {
      say: "entitlement";
      id: string;
      facet: Facet | null;
      faq: number | null;
      /** A question about a particular case, not a title. */
      particular: boolean;
      also: string[];
      confidence: number;
    }
  | { say: "misconception"; index: number; also: string[]; confidence: number }
  | { say: "choose"; topics: Topic[]; confidence: number }
  | { say: "situation"; id: string; confidence: number }
  | { say: "clause"; id: string; target: string | null; confidence: number }
  | { say: "outOfScope"; id: string; confidence: number }
  | { say: "agency"; id: string }
  | { say: "parameter"; id: string }
  | { say: "field"; id: string }
  | { say: "commune"; code: string }
  | { say: "chooseCommune"; codes: string[]; name: string; ofDistrict: boolean }
  | { say: "family"; family: SpokenFamily }
  | Personal
  /** None of the choices is meant. */
  | { say: "declined"; missed: Missed | null }
  | { say: "facetOfWhat" }
  | { say: "choiceGone" }
  | { say: "empty" }
  | { say: "symbols" }
  | {
      say: "unknown";
      near: string[];
      nearest: Missed["nearest"];
    };

export type Decided = {
  decision: Decision;
  /** The button that was pressed or whose number was typed; null for words of their own. */
  chosen: Action | null;
  /** A commune the message gives away in passing. */
  commune: string | null;
};

/**
 * A question under Hỏi đáp fits from this similarity on: least when both ask for the same heading, most when the message is only a title.
 * A wrong one would state what was not asked. Read off `npm run bench`.
 */
const FAQ_FITS = { sameFacet: 0.32, otherFacet: 0.45, noFacet: 0.6 } as const;
const MISCONCEPTION_FITS = 0.5;
/** Pages below an answer ("không phải ý này?") need at least this probability. */
const ALSO_PROBABILITY = 0.06;
const MAX_ALSO = 3;
const MAX_CHOICES = 4;
/** Longer questions tell a story: they are about a particular case. */
const PARTICULAR_WORDS = 12;
const MAX_COMMUNE_CHOICES = 10;
/** A misspelt name is looked for in messages up to this length. */
const SHORT_WORDS = 8;

export function decide(brain: Brain, memory: Memory, content: Incoming["content"]): Decided {
  if (content.type === "action") return choose(brain, memory, content.action);
  const text = toPlainText(content.text);
  if (text === "") return { decision: { say: "empty" }, ...NOTHING_BESIDES };
  if (!/[\p{L}\p{N}]/u.test(text)) return { decision: { say: "symbols" }, ...NOTHING_BESIDES };
  const code = carryCodeIn(content.text);
  if (code !== null) return { decision: { say: "carry", code }, ...NOTHING_BESIDES };
  const number = /^(?:số |so |chọn |chon )?(\d{1,2})[.)]?$/iu.exec(text)?.[1];
  if (number === undefined) return decideQuestion(brain, memory, content.text);
  const action = memory.choices[Number(number) - 1];
  return action === undefined
    ? { decision: { say: "choiceGone" }, ...NOTHING_BESIDES }
    : choose(brain, memory, action);
}

const NOTHING_BESIDES = { chosen: null, commune: null } as const;

function choose(brain: Brain, memory: Memory, action: Action): Decided {
  return { decision: decideAction(brain, memory, action), chosen: action, commune: null };
}

export function isSameAction(one: Action, other: Action): boolean {
  return encodeAction(one) === encodeAction(other);
}

function decideAction(brain: Brain, memory: Memory, action: Action): Decision {
  const { content } = brain;
  const gone: Decision = { say: "choiceGone" };
  switch (action.do) {
    case "entitlement":
      return content.entitlements[action.id] === undefined
        ? gone
        : {
            say: "entitlement",
            id: action.id,
            facet: action.facet,
            faq: null,
            particular: false,
            also: [],
            confidence: 1,
          };
    case "field":
      return content.fields[action.id] === undefined ? gone : { say: "field", id: action.id };
    case "agency":
      return content.agencies[action.id] === undefined ? gone : { say: "agency", id: action.id };
    case "commune":
      return content.communes.some((commune) => commune.code === action.code)
        ? { say: "commune", code: action.code }
        : gone;
    case "parameter":
      return content.parameters[action.id] === undefined
        ? gone
        : { say: "parameter", id: action.id };
    case "situation":
      return content.situations.some((row) => row.id === action.id)
        ? { say: "situation", id: action.id, confidence: 1 }
        : gone;
    case "clause":
      return { say: "clause", id: action.id, target: null, confidence: 1 };
    case "subscribe":
      return action.topic === null ? { say: "topics" } : { say: "subscribe", topic: action.topic };
    case "unsubscribe":
      return { say: "unsubscribe" };
    case "erase":
      return { say: "erase" };
    case "feedback":
      return decideFeedback(brain, memory, action.helpful, action.about);
    case "declined":
      return { say: "declined", missed: declined(brain, memory) };
    case "menu":
      return { say: "family", family: "menu" };
    case "help":
      return { say: "family", family: "help" };
    case "human":
      return { say: "family", family: "human" };
  }
}

/** A question is only blamed on what it was answered with: by the time the button is pressed, another one may have been asked. */
function decideFeedback(
  { content }: Brain,
  memory: Memory,
  helpful: boolean,
  subject: string | null,
): Decision {
  const { question, answered } = memory;
  if (helpful || question === null || subject === null || subject !== answered)
    return { say: "feedback", helpful, missed: null };
  const isPage = content.entitlements[subject] !== undefined;
  const nearest = isPage ? { entitlement: subject, score: 1 } : null;
  return { say: "feedback", helpful, missed: { text: question, reason: "not-helpful", nearest } };
}

/** The question whose choices were turned down, while they are the last thing that was said. */
function declined(brain: Brain, { question, choices }: Memory): Missed | null {
  if (question === null || !choices.some((choice) => choice.do === "declined")) return null;
  const nearest = nearestPage(brain.match(brain.normalise(question)));
  return { text: question, reason: "choice-declined", nearest };
}

function decideQuestion(brain: Brain, memory: Memory, raw: string): Decided {
  const question = brain.normalise(raw);
  const family = brain.familyOf(question);
  if (family !== null) return { decision: decideFamily(brain, memory, family), ...NOTHING_BESIDES };

  const place = brain.placesIn(question.folded);
  const commune = place.communes.length === 1 ? (place.communes[0]?.code ?? null) : null;
  if (place.whole && commune !== null)
    return { decision: { say: "commune", code: commune }, chosen: null, commune };
  if (place.whole && place.communes.length > 1) {
    const codes = place.communes.slice(0, MAX_COMMUNE_CHOICES).map((row) => row.code);
    const ofDistrict = place.district !== null;
    const name = toPlainText(raw);
    return { decision: { say: "chooseCommune", codes, name, ofDistrict }, ...NOTHING_BESIDES };
  }

  const named = brain.lookup.named(question.folded, place.said);
  if (named !== undefined) {
    return { decision: decideNamed(named, question, brain), chosen: null, commune };
  }

  const facet = brain.facet.alone(question.folded);
  if (facet !== null) {
    const topic = memory.entitlement;
    const decision: Decision =
      topic === null || brain.content.entitlements[topic] === undefined
        ? { say: "facetOfWhat" }
        : {
            say: "entitlement",
            id: topic,
            facet,
            faq: null,
            particular: false,
            also: [],
            confidence: 0.9,
          };
    return { decision, chosen: null, commune };
  }
  return { decision: decideMatch(brain, question, isParticular(raw)), chosen: null, commune };
}

function decideNamed(
  named: NonNullable<ReturnType<Brain["lookup"]["named"]>>,
  question: Normalised,
  brain: Brain,
): Decision {
  switch (named.type) {
    case "agency":
      return { say: "agency", id: named.id };
    case "parameter":
      return { say: "parameter", id: named.id };
    case "field":
      return { say: "field", id: named.id };
    case "entitlement": {
      const facet = brain.facet.of(question);
      const title = question.folded.split(" ").length <= 1;
      return {
        say: "entitlement",
        id: named.id,
        facet: title ? null : facet,
        faq: null,
        particular: false,
        also: [],
        confidence: 0.95,
      };
    }
  }
}

function decideFamily(brain: Brain, memory: Memory, family: MessageFamily): Decision {
  if (family === "subscribe") return { say: "topics" };
  if (family === "helpful" || family === "notHelpful")
    return decideFeedback(brain, memory, family === "helpful", memory.answered);
  if (family === "carry") return { say: "offerCarry" };
  if (family === "checkNotice") return { say: "checkNotice" };
  if (family === "unsubscribe" || family === "myData" || family === "erase") return { say: family };
  return { say: "family", family };
}

/** A title or a search is short; who tells a story asks about a case of their own. */
function isParticular(raw: string): boolean {
  return toPlainText(raw).split(" ").length >= PARTICULAR_WORDS;
}

function decideMatch(brain: Brain, question: Normalised, particular: boolean): Decision {
  const found = brain.match(question);
  const verdict = verdictOf(found);
  const best = found.candidates[0];
  if (verdict === "sure" && best !== undefined)
    return decideSure(brain, question, found, best, particular);
  if (verdict === "unsure") {
    const topics = choicesOf(found);
    if (topics.length > 1) return { say: "choose", topics, confidence: best?.probability ?? 0 };
    if (best !== undefined) return decideSure(brain, question, found, best, particular);
  }
  if (
    found.outside !== null &&
    found.outsideProbability >= 0.5 &&
    found.outside.probability >= 0.2
  ) {
    return { say: "outOfScope", id: found.outside.topic.id, confidence: found.outside.probability };
  }
  if (question.words.length <= SHORT_WORDS) {
    const nearly = brain.lookup.nearlyNamed(question.folded);
    if (nearly !== undefined) return decideNamed(nearly, question, brain);
  }
  return { say: "unknown", near: nearFields(brain, found), nearest: nearestPage(found) };
}

function nearestPage(found: Match): Missed["nearest"] {
  const page = found.candidates.find((row) => row.topic.type === "entitlement");
  return page === undefined ? null : { entitlement: page.topic.id, score: page.probability };
}

function decideSure(
  brain: Brain,
  question: Normalised,
  found: Match,
  best: Candidate<Exclude<Topic, { type: "out-of-scope" }>>,
  particular: boolean,
): Decision {
  const { topic, probability } = best;
  const also = found.candidates
    .slice(1)
    .filter((row) => row.probability >= ALSO_PROBABILITY && row.topic.type === "entitlement")
    .map((row) => row.topic.id)
    .slice(0, MAX_ALSO);
  if (topic.type === "situation")
    return { say: "situation", id: topic.id, confidence: probability };
  if (topic.type === "clause") {
    const target = brain.nearestTarget(topic.id, question)?.id ?? null;
    return { say: "clause", id: topic.id, target, confidence: probability };
  }
  const belief = brain.nearestMisconception(topic.id, question);
  if (belief !== undefined && belief.score >= MISCONCEPTION_FITS) {
    return { say: "misconception", index: belief.index, also, confidence: probability };
  }
  const facet = brain.facet.of(question);
  const faq = brain.nearestFaq(topic.id, question);
  const needed =
    facet === null ? FAQ_FITS.noFacet : FAQ_FITS[faq?.facet === facet ? "sameFacet" : "otherFacet"];
  const fits = faq !== undefined && faq.score >= needed;
  return {
    say: "entitlement",
    id: topic.id,
    facet,
    faq: fits ? faq.index : null,
    particular,
    also,
    confidence: probability,
  };
}

/** Two to four topics worth offering: those with at least a tenth of the best one's probability. */
function choicesOf(found: Match): Topic[] {
  const best = found.candidates[0]?.probability ?? 0;
  return found.candidates
    .filter((row) => row.probability >= Math.max(0.02, best / 12))
    .slice(0, MAX_CHOICES)
    .map((row) => row.topic);
}

function nearFields(brain: Brain, found: Match): string[] {
  const fields = found.candidates
    .filter((row) => row.topic.type === "entitlement" && row.probability >= 0.03)
    .map((row) => brain.content.entitlements[row.topic.id]?.field)
    .filter((field) => field !== undefined);
  return [...new Set(fields)].slice(0, 3);
}

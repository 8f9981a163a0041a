import { coverageOf, predict } from "./classifier.ts";
import { featuresOf } from "./features.ts";
import { type Model, type Topic, topicOfLabel } from "./model.ts";
import type { Normalised } from "../domain/normalise.ts";

export type Candidate<T extends Topic = Topic> = { topic: T; probability: number };

/** What a question may be about. Probabilities over all topics add up to 1. */
export type Match = {
  /** In-scope topics, best first, at most eight. */
  candidates: Candidate<Exclude<Topic, { type: "out-of-scope" }>>[];
  /** The best out-of-scope topic. */
  outside: Candidate<Extract<Topic, { type: "out-of-scope" }>> | null;
  /** The probability of all out-of-scope topics together. */
  outsideProbability: number;
  /** The share of the question that the content's words cover, 0 to 1. */
  coverage: number;
};

/** How sure the matcher must be; read off `npm run bench`. */
export const THRESHOLDS = {
  /** Stated when the best page has at least this much … */
  sure: 0.35,
  /** … or this much and so many times the second. */
  likely: 0.22,
  lead: 1.8,
  /** Out-of-scope topics may hold at most this much when something is stated … */
  outsideWhenSure: 0.33,
  /** … and at most this much when choices are offered. */
  outsideWhenAsking: 0.65,
  /** Choices are offered when the four best pages hold at least this much. */
  asking: 0.15,
  coverage: 0.45,
} as const;

const MAX_CANDIDATES = 8;

export function match(model: Model, question: Normalised): Match {
  const features = featuresOf(question);
  const probabilities = predict(model.topics, features);
  const candidates: Match["candidates"] = [];
  let outside: Match["outside"] = null;
  let outsideProbability = 0;
  for (const [index, label] of model.topics.classes.entries()) {
    const probability = probabilities[index] ?? 0;
    const topic = topicOfLabel(label);
    if (topic.type === "out-of-scope") {
      outsideProbability += probability;
      if (outside === null || probability > outside.probability) outside = { topic, probability };
    } else if (probability > 0.002) {
      candidates.push({ topic, probability });
    }
  }
  candidates.sort((one, other) => other.probability - one.probability);
  return {
    candidates: candidates.slice(0, MAX_CANDIDATES),
    outside,
    outsideProbability,
    coverage: coverageOf(model.topics, features),
  };
}

/** How far the matcher would go with a match: state it, offer choices, or say that it does not know. */
export function verdictOf(found: Match): "sure" | "unsure" | "none" {
  const [first, second] = found.candidates;
  if (first === undefined || found.coverage < THRESHOLDS.coverage) return "none";
  const lead = first.probability / Math.max(second?.probability ?? 0, 1e-6);
  const likely =
    first.probability >= THRESHOLDS.sure ||
    (first.probability >= THRESHOLDS.likely && lead >= THRESHOLDS.lead);
  if (likely && found.outsideProbability <= THRESHOLDS.outsideWhenSure) return "sure";
  const offered = found.candidates.slice(0, 4).reduce((sum, row) => sum + row.probability, 0);
  if (offered >= THRESHOLDS.asking && found.outsideProbability <= THRESHOLDS.outsideWhenAsking)
    return "unsure";
  return "none";
}

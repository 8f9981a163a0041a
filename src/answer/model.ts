import type { ContentBase, Sample } from "../domain/content-base.ts";
import { FACETS } from "../domain/facet.ts";
import { type Classifier, type Example, train } from "./classifier.ts";
import { type Features, featuresOf } from "./features.ts";
import {
  buildVocabulary,
  createNormaliser,
  type Normalised,
  type Vocabulary,
} from "./normalise.ts";

/** What a message can be about. */
export type Topic =
  | { type: "entitlement"; id: string }
  | { type: "situation"; id: string }
  | { type: "clause"; id: string }
  | { type: "out-of-scope"; id: string };

/** Everything learnt from the content; it depends on the content alone. */
export type Model = { vocabulary: Vocabulary; topics: Classifier; facets: Classifier };

export type TrainingText = {
  text: string;
  topic: Topic;
  facet: Sample["facet"];
  /** A sample question of a page, a situation, a clause or an out-of-scope topic: it can judge a model that has not seen it. */
  sample: boolean;
};

/** The clause under which the plan as a whole is asked for. */
export const WHOLE_PLAN = "whole";

const TOPIC_LETTERS = {
  entitlement: "e",
  situation: "s",
  clause: "k",
  "out-of-scope": "o",
} as const;

const LAST_WORDS = 5;

export function topicLabel(topic: Topic): string {
  return `${TOPIC_LETTERS[topic.type]}:${topic.id}`;
}

export function topicOfLabel(label: string): Topic {
  const id = label.slice(2);
  if (label.startsWith("e:")) return { type: "entitlement", id };
  if (label.startsWith("s:")) return { type: "situation", id };
  if (label.startsWith("k:")) return { type: "clause", id };
  return { type: "out-of-scope", id };
}

/** Every text the model learns from: names, sample questions, the questions under Hỏi đáp, misconceptions. */
export function trainingTexts(content: ContentBase): TrainingText[] {
  const texts: TrainingText[] = [];
  const add = (topic: Topic, text: string, facet: Sample["facet"] = null, sample = false) => {
    texts.push({ text, topic, facet, sample });
  };
  for (const page of Object.values(content.entitlements)) {
    const topic: Topic = { type: "entitlement", id: page.id };
    for (const name of [page.name, ...page.aliases]) add(topic, name);
    for (const sample of page.samples) add(topic, sample.text, sample.facet, true);
    for (const faq of page.faqs) add(topic, faq.question);
  }
  for (const misconception of content.misconceptions) {
    const topic: Topic = { type: "entitlement", id: misconception.entitlement };
    for (const sample of misconception.samples) add(topic, sample);
  }
  for (const situation of content.situations) {
    for (const sample of situation.samples)
      add({ type: "situation", id: situation.id }, sample, null, true);
  }
  for (const clause of Object.values(content.plan.clauses)) {
    for (const sample of clause.samples) add({ type: "clause", id: clause.id }, sample, null, true);
  }
  for (const target of content.plan.targets) {
    for (const sample of target.samples)
      add({ type: "clause", id: target.clause }, sample, null, true);
  }
  for (const sample of content.plan.samples)
    add({ type: "clause", id: WHOLE_PLAN }, sample, null, true);
  for (const topic of content.outOfScope) {
    for (const sample of topic.samples)
      add({ type: "out-of-scope", id: topic.id }, sample, null, true);
  }
  return texts;
}

/** Learns from texts, all of the content unless some are given. */
export function learn(content: ContentBase, texts: TrainingText[] = trainingTexts(content)): Model {
  const vocabulary = buildVocabulary(
    texts.map((row) => row.text),
    content.lexicon,
  );
  const normalise = createNormaliser(content.lexicon, vocabulary);
  const topics: Example[] = [];
  const facets: Example[] = [];
  for (const row of texts) {
    const question = normalise(row.text);
    if (question.words.length === 0) continue;
    const label = topicLabel(row.topic);
    topics.push({ features: featuresOf(question), label });
    if (row.facet !== null) {
      facets.push({ features: facetFeaturesOf(question), label: row.facet });
    }
  }
  if (facets.length === 0) {
    for (const facet of FACETS) facets.push({ features: new Map(), label: facet });
  }
  return { vocabulary, topics: train(topics), facets: train(facets, { epochs: 10 }) };
}

/** For the facet the end of the sentence counts more: the question mostly stands there. */
export function facetFeaturesOf(question: Normalised): Features {
  const features = featuresOf(question);
  for (const word of question.words.slice(-LAST_WORDS)) {
    features.set(`e ${word.repaired ?? word.folded}`, 1);
  }
  return features;
}

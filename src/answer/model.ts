import type { ContentBase, Sample } from "../domain/content-base.ts";
import { FACETS } from "../domain/facet.ts";
import { type Classifier, type Example, train } from "./classifier.ts";
import { type Features, featuresOf } from "./features.ts";
import { buildVocabulary, createContentReader, type Normalised } from "../domain/normalise.ts";
import type { Vocabulary } from "../domain/syllable-model.ts";
import { countWords, type WordCounts } from "./similarity.ts";

/** What a message can be about. */
export type Topic =
  | { type: "entitlement"; id: string }
  | { type: "situation"; id: string }
  | { type: "clause"; id: string }
  | { type: "out-of-scope"; id: string };

/** Everything learnt from the content; it depends on the content alone. */
export type Model = {
  vocabulary: Vocabulary;
  topics: Classifier;
  facets: Classifier;
  /** What the texts of each page say, by page id: it tells what sets one of them apart. */
  pages: Map<string, WordCounts>;
};

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
  const read = createContentReader(content.lexicon);
  const questions = texts.map((row) => read(row.text));
  const topics: Example[] = [];
  const facets: Example[] = [];
  const pages = new Map<string, Features[]>();
  for (const [index, row] of texts.entries()) {
    const question = questions[index];
    if (question === undefined || question.words.length === 0) continue;
    const features = featuresOf(question);
    topics.push({ features, label: topicLabel(row.topic) });
    if (row.topic.type === "entitlement") {
      const page = pages.get(row.topic.id);
      if (page === undefined) pages.set(row.topic.id, [features]);
      else page.push(features);
    }
    if (row.facet !== null) {
      facets.push({ features: facetFeaturesOf(question), label: row.facet });
    }
  }
  if (facets.length === 0) {
    for (const facet of FACETS) facets.push({ features: new Map(), label: facet });
  }
  return {
    vocabulary: buildVocabulary(questions, content.lexicon),
    topics: train(topics),
    facets: train(facets, { epochs: 10 }),
    pages: new Map([...pages].map(([id, features]) => [id, countWords(features)])),
  };
}

/** For the facet the end of the sentence counts more: the question mostly stands there. */
export function facetFeaturesOf(question: Normalised): Features {
  const features = featuresOf(question);
  for (const word of question.words.slice(-LAST_WORDS)) {
    features.set(`e ${word.repaired ?? word.folded}`, 1);
  }
  return features;
}

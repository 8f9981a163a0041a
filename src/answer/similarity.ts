import type { Classifier } from "./classifier.ts";
import { type Features, featuresOf } from "./features.ts";
import type { Normalised } from "../domain/normalise.ts";

export type Nearest = { index: number; score: number };

/** In how many of some texts each word and each pair of words stands. */
export type WordCounts = { texts: number; counts: Map<string, number> };

export function countWords(texts: Features[]): WordCounts {
  const counts = new Map<string, number>();
  for (const features of texts) {
    for (const name of features.keys()) {
      if (isWord(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return { texts: texts.length, counts };
}

function isWord(name: string): boolean {
  return name.startsWith("f ") || name.startsWith("b ");
}

/**
 * Finds which of a few wordings a question is closest to: the cosine of their words and pairs of words. Words count more the rarer they are in the
 * whole content and the rarer among the texts `around` the wordings: what every question of a page says tells none of them apart.
 * Scores are 0 (nothing in common) to 1 (the same words).
 */
export function createNearest(
  classifier: Classifier,
  wordings: Normalised[],
  around: WordCounts = countWords(wordings.map(featuresOf)),
): (question: Normalised) => Nearest | undefined {
  const rarityOf = (name: string): number => {
    const row = classifier.rows.get(name);
    const inContent = row === undefined ? MOST_RARE : (classifier.rarity[row] ?? MOST_RARE);
    return inContent * Math.log(1 + around.texts / (1 + (around.counts.get(name) ?? 0)));
  };
  const vectors = wordings.map((wording) => weigh(featuresOf(wording), rarityOf));
  return (question) => {
    const asked = weigh(featuresOf(question), rarityOf);
    let best: Nearest | undefined;
    for (const [index, vector] of vectors.entries()) {
      const score = cosine(asked, vector);
      if (best === undefined || score > best.score) best = { index, score };
    }
    return best;
  };
}

/** For words the content has never seen: they must pull the question away from every wording. */
const MOST_RARE = 9;

function weigh(features: Features, rarityOf: (name: string) => number): Features {
  const weighed: Features = new Map();
  let square = 0;
  for (const [name, weight] of features) {
    if (!isWord(name)) continue;
    const value = (name.startsWith("f ") ? 1 : PAIR_SHARE) * weight * rarityOf(name);
    weighed.set(name, value);
    square += value * value;
  }
  const length = Math.sqrt(square) || 1;
  for (const [name, value] of weighed) weighed.set(name, value / length);
  return weighed;
}

/** Pairs repeat what their words say. */
const PAIR_SHARE = 0.5;

function cosine(one: Features, other: Features): number {
  let sum = 0;
  for (const [name, value] of one) sum += value * (other.get(name) ?? 0);
  return sum;
}

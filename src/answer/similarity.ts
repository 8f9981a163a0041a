import type { Classifier } from "./classifier.ts";
import { type Features, featuresOf } from "./features.ts";
import type { Normalised } from "./normalise.ts";

export type Nearest = { index: number; score: number };

/**
 * Finds which of a few wordings a question is closest to: the cosine of their words and pairs, rare ones counting more.
 * Scores are 0 (nothing in common) to 1 (the same words).
 */
export function createNearest(
  classifier: Classifier,
  wordings: Normalised[],
): (question: Normalised) => Nearest | undefined {
  const vectors = wordings.map((wording) => weigh(classifier, featuresOf(wording)));
  return (question) => {
    const asked = weigh(classifier, featuresOf(question));
    let best: Nearest | undefined;
    for (const [index, vector] of vectors.entries()) {
      const score = cosine(asked, vector);
      if (best === undefined || score > best.score) best = { index, score };
    }
    return best;
  };
}

function weigh(classifier: Classifier, features: Features): Features {
  const weighed: Features = new Map();
  let square = 0;
  for (const [name, weight] of features) {
    if (!name.startsWith("f ") && !name.startsWith("b ") && !name.startsWith("s ")) continue;
    const row = classifier.rows.get(name);
    const value = weight * (row === undefined ? 1 : (classifier.rarity[row] ?? 1));
    weighed.set(name, value);
    square += value * value;
  }
  const length = Math.sqrt(square) || 1;
  for (const [name, value] of weighed) weighed.set(name, value / length);
  return weighed;
}

function cosine(one: Features, other: Features): number {
  let sum = 0;
  for (const [name, value] of one) sum += value * (other.get(name) ?? 0);
  return sum;
}

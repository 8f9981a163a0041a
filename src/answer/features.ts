import type { Normalised } from "../domain/normalise.ts";

/** How much each kind of feature counts before the vector is brought to length 1. */
const WEIGHTS = { syllable: 1, accented: 0.6, pair: 1, skipped: 0.5 } as const;

/** Named features of a question with their weights; the same question typed with and without accents shares most of them. */
export type Features = Map<string, number>;

/** Syllables, pairs of neighbours, pairs with one syllable between them, and the accents where they were typed. */
export function featuresOf(question: Normalised): Features {
  const features: Features = new Map();
  const add = (name: string, weight: number) => {
    features.set(name, (features.get(name) ?? 0) + weight);
  };
  let previous = "^";
  let beforePrevious = "";
  for (const word of question.words) {
    const folded = word.repaired ?? word.folded;
    add(`f ${folded}`, WEIGHTS.syllable);
    if (word.accented !== word.folded) add(`a ${word.accented}`, WEIGHTS.accented);
    add(`b ${previous} ${folded}`, WEIGHTS.pair);
    if (beforePrevious !== "") add(`s ${beforePrevious} ${folded}`, WEIGHTS.skipped);
    beforePrevious = previous;
    previous = folded;
  }
  if (question.words.length > 0) add(`b ${previous} $`, WEIGHTS.pair);
  return features;
}

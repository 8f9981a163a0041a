/** How often folded words, and pairs of them, stand in the content. */
export type Vocabulary = { syllables: Record<string, number>; bigrams: Record<string, number> };

/** How likely folded words are, alone and after one another. */
export type SyllableModel = {
  isKnown: (folded: string) => boolean;
  /** Known words of letters only. */
  syllables: string[];
  /** Natural logarithm, so always negative. */
  likelihood: (folded: string, previous: string | null) => number;
  follows: (previous: string | null, folded: string | null) => boolean;
};

const PAIR_SHARE = 0.7;
const ALONE_AFTER_ANOTHER = Math.log(1 - PAIR_SHARE);

export function createSyllableModel(vocabulary: Vocabulary): SyllableModel {
  const counts = Object.entries(vocabulary.syllables);
  const total = counts.reduce((sum, [, count]) => sum + count, 1);
  const shares = new Map(counts.map(([word, count]) => [word, (count + 0.1) / total]));
  const alone = new Map([...shares].map(([word, share]) => [word, Math.log(share)]));
  const unknown = Math.log(0.1 / total);
  const pairs = new Map<string, Map<string, number>>();
  for (const [pair, count] of Object.entries(vocabulary.bigrams)) {
    const [previous = "", word = ""] = pair.split(" ");
    const after = pairs.get(previous) ?? new Map<string, number>();
    const together = count / (vocabulary.syllables[previous] ?? count);
    after.set(word, Math.log(PAIR_SHARE * together + (1 - PAIR_SHARE) * (shares.get(word) ?? 0)));
    pairs.set(previous, after);
  }
  return {
    isKnown: (folded) => alone.has(folded),
    syllables: [...alone.keys()].filter((word) => /^[a-z]+$/.test(word)),
    likelihood(folded, previous) {
      const after = previous === null ? undefined : pairs.get(previous);
      const byItself = alone.get(folded) ?? unknown;
      return after ? (after.get(folded) ?? byItself + ALONE_AFTER_ANOTHER) : byItself;
    },
    follows: (previous, folded) =>
      previous !== null && folded !== null && (pairs.get(previous)?.has(folded) ?? false),
  };
}

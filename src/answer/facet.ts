import type { Lexicon } from "../domain/content-base.ts";
import { FACETS, type Facet, isFacet } from "../domain/facet.ts";
import { type Classifier, predict } from "./classifier.ts";
import { facetFeaturesOf } from "./model.ts";
import type { Normalised } from "../domain/normalise.ts";

export type FacetFinder = {
  /** The heading a question asks for, or null when nothing in it says so. */
  of(question: Normalised): Facet | null;
  /** The heading of a message that names nothing but a heading ("còn hồ sơ thì sao"). */
  alone(folded: string): Facet | null;
};

/**
 * Words that name a heading outweigh the general "có được … không" around them, the most concrete heading the most:
 * who asks where or with which papers wants just that. Read off `npm run bench`.
 */
const NAMED: Record<Facet, number> = {
  who: 1,
  benefit: 4,
  documents: 8,
  where: 20,
  deadline: 8,
  legal: 8,
};

/** From this probability on; more is asked where no word of the question names a heading. */
const SURE_ENOUGH = 0.4;
const SURE_UNNAMED = 0.55;

/** Words of a follow-up that lie around the heading it names. */
const AROUND = ["con", "the", "thi", "sao", "vay", "nua", "la", "va"];

export function createFacetFinder(
  lexicon: Lexicon,
  classifier: Classifier,
  read: (text: string) => string,
): FacetFinder {
  const phrases = FACETS.flatMap((facet) =>
    lexicon.facetWords[facet].map((phrase) => ({ facet, phrase: ` ${read(phrase)} ` })),
  ).sort((one, other) => other.phrase.length - one.phrase.length);
  const neutral = new Set([
    ...lexicon.fillers.flatMap((filler) => read(filler).split(" ")),
    ...AROUND,
  ]);

  /** The headings named by words of the text. A wording inside a longer one does not count: "bao nhiêu ngày" asks for days, not for money. */
  function namedIn(folded: string): Set<Facet> {
    const named = new Set<Facet>();
    let rest = ` ${folded} `;
    for (const { facet, phrase } of phrases) {
      if (!rest.includes(phrase)) continue;
      named.add(facet);
      rest = rest.replaceAll(phrase, " | ");
    }
    return named;
  }

  return {
    of(question) {
      const named = namedIn(question.folded);
      const scores = predict(classifier, facetFeaturesOf(question));
      let best: Facet | null = null;
      let bestScore = named.size > 0 ? SURE_ENOUGH : SURE_UNNAMED;
      for (const [index, facet] of classifier.classes.entries()) {
        if (!isFacet(facet)) continue;
        const score = (scores[index] ?? 0) * (named.has(facet) ? NAMED[facet] : 1);
        if (score > bestScore) [best, bestScore] = [facet, score];
      }
      return best;
    },
    alone(folded) {
      const text = ` ${folded} `;
      const found = phrases.find(({ phrase }) => text.includes(phrase));
      if (found === undefined) return null;
      const rest = text.replace(found.phrase, " ").trim();
      return rest === "" || rest.split(" ").every((word) => neutral.has(word)) ? found.facet : null;
    },
  };
}

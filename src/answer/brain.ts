import type { ContentBase, MessageFamily } from "../domain/content-base.ts";
import { createFacetFinder, type FacetFinder } from "./facet.ts";
import { createFamilyDetector } from "./families.ts";
import { createLookup, type Lookup } from "./lookup.ts";
import { match, type Match } from "./match.ts";
import type { Model } from "./model.ts";
import { createNormaliser, type Normalised } from "./normalise.ts";
import { createNearest, type Nearest } from "./similarity.ts";

/** The content with everything prepared to answer from it. Nothing in it changes; changed content makes a new one. */
export type Brain = {
  content: ContentBase;
  normalise: (raw: string) => Normalised;
  match: (question: Normalised) => Match;
  lookup: Lookup;
  familyOf: (question: Normalised, raw: string) => MessageFamily | null;
  facet: FacetFinder;
  nearestFaq: (entitlement: string, question: Normalised) => Nearest | undefined;
  nearestMisconception: (question: Normalised) => Nearest | undefined;
};

export function createBrain(content: ContentBase, model: Model): Brain {
  const normalise = createNormaliser(content.lexicon, model.vocabulary);
  const nearest = (texts: string[]) => createNearest(model.topics, texts.map(normalise));
  const faqs = new Map(
    Object.values(content.entitlements).map((page) => [
      page.id,
      nearest(page.faqs.map((faq) => faq.question)),
    ]),
  );
  const beliefs = content.misconceptions.flatMap((row, index) =>
    [row.belief, ...row.samples].map((text) => ({ text, index })),
  );
  const nearestBelief = nearest(beliefs.map((row) => row.text));
  return {
    content,
    normalise,
    match: (question) => match(model, question),
    lookup: createLookup(content),
    familyOf: createFamilyDetector(content.lexicon),
    facet: createFacetFinder(content.lexicon, model.facets),
    nearestFaq: (entitlement, question) => faqs.get(entitlement)?.(question),
    nearestMisconception: (question) => {
      const found = nearestBelief(question);
      const belief = found === undefined ? undefined : beliefs[found.index];
      return found === undefined || belief === undefined
        ? undefined
        : { index: belief.index, score: found.score };
    },
  };
}

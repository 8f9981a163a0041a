import type { ContentBase, MessageFamily } from "../domain/content-base.ts";
import { createFacetFinder, type FacetFinder } from "./facet.ts";
import { createFamilyDetector } from "./families.ts";
import { createLookup, type Lookup } from "./lookup.ts";
import { createPlaceFinder, type Places } from "./places.ts";
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
  placesIn: (folded: string) => Places;
  familyOf: (question: Normalised) => MessageFamily | null;
  facet: FacetFinder;
  nearestFaq: (entitlement: string, question: Normalised) => Nearest | undefined;
  nearestMisconception: (entitlement: string, question: Normalised) => Nearest | undefined;
};

export function createBrain(content: ContentBase, model: Model): Brain {
  const normalise = createNormaliser(content.lexicon, model.vocabulary);
  const read = (text: string) => normalise(text).folded;
  const { lookupWords, fillers } = content.lexicon;
  const neutral = new Set(
    [...lookupWords, ...fillers].flatMap((phrase) => read(phrase).split(" ")),
  );
  const nearest = (texts: string[]) => createNearest(model.topics, texts.map(normalise));
  const faqs = new Map(
    Object.values(content.entitlements).map((page) => [
      page.id,
      nearest(page.faqs.map((faq) => faq.question)),
    ]),
  );
  const beliefs = new Map(
    Object.keys(content.entitlements).map((id) => {
      const rows = content.misconceptions.flatMap((row, index) =>
        row.entitlement === id ? [row.belief, ...row.samples].map((text) => ({ text, index })) : [],
      );
      return [id, { rows, find: nearest(rows.map((row) => row.text)) }];
    }),
  );
  return {
    content,
    normalise,
    match: (question) => match(model, question),
    lookup: createLookup(content, read, neutral),
    placesIn: createPlaceFinder(content.communes, read, neutral),
    familyOf: createFamilyDetector(content.lexicon),
    facet: createFacetFinder(content.lexicon, model.facets, read),
    nearestFaq: (entitlement, question) => faqs.get(entitlement)?.(question),
    nearestMisconception: (entitlement, question) => {
      const known = beliefs.get(entitlement);
      const found = known?.find(question);
      const row = known?.rows[found?.index ?? -1];
      return found === undefined || row === undefined
        ? undefined
        : { index: row.index, score: found.score };
    },
  };
}

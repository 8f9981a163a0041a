import type { ContentBase, MessageFamily, Target } from "../domain/content-base.ts";
import type { Facet } from "../domain/facet.ts";
import { createFacetFinder, type FacetFinder } from "./facet.ts";
import { createFamilyDetector } from "./families.ts";
import { createLookup, type Lookup } from "./lookup.ts";
import { createPlaceFinder, type Places } from "./places.ts";
import { match, type Match } from "./match.ts";
import type { Model } from "./model.ts";
import { createNormaliser, type Normalised } from "../domain/normalise.ts";
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
  /** The question under Hỏi đáp that is closest, and the heading it asks for. */
  nearestFaq: (
    entitlement: string,
    question: Normalised,
  ) => (Nearest & { facet: Facet | null }) | undefined;
  /** The target of a clause that a question names. */
  nearestTarget: (clause: string, question: Normalised) => Target | undefined;
  nearestMisconception: (entitlement: string, question: Normalised) => Nearest | undefined;
};

/** A question names a target from this similarity on. */
const TARGET_NAMED = 0.4;

export function createBrain(content: ContentBase, model: Model): Brain {
  const normalise = createNormaliser(content.lexicon, model.vocabulary);
  const read = (text: string) => normalise(text).folded;
  const { lookupWords, fillers } = content.lexicon;
  const neutral = new Set(
    [...lookupWords, ...fillers].flatMap((phrase) => read(phrase).split(" ")),
  );
  const nearest = (texts: string[]) => createNearest(model.topics, texts.map(normalise));
  const facet = createFacetFinder(content.lexicon, model.facets, read);
  const pages = new Map(
    Object.values(content.entitlements).map((page) => {
      const questions = page.faqs.map((faq) => normalise(faq.question));
      const around = model.pages.get(page.id);
      const beliefs = content.misconceptions.flatMap((row, index) =>
        row.entitlement === page.id
          ? [row.belief, ...row.samples].map((text) => ({ text, index }))
          : [],
      );
      const wordings = beliefs.map((row) => normalise(row.text));
      return [
        page.id,
        {
          faqFacets: questions.map((question) => facet.of(question)),
          nearestFaq: createNearest(model.topics, questions, around),
          beliefs,
          nearestBelief: createNearest(model.topics, wordings, around),
        },
      ];
    }),
  );
  const targets = new Map(
    Object.keys(content.plan.clauses).map((clause) => {
      const rows = content.plan.targets
        .filter((target) => target.clause === clause)
        .flatMap((target) =>
          [target.name, ...target.aliases, ...target.samples].map((text) => ({ text, target })),
        );
      return [clause, { rows, find: nearest(rows.map((row) => row.text)) }];
    }),
  );
  return {
    content,
    normalise,
    match: (question) => match(model, question),
    lookup: createLookup(content, read, neutral),
    placesIn: createPlaceFinder(content.communes, read, neutral),
    familyOf: createFamilyDetector(content.lexicon),
    facet,
    nearestFaq: (entitlement, question) => {
      const page = pages.get(entitlement);
      const found = page?.nearestFaq(question);
      return found && { ...found, facet: page?.faqFacets[found.index] ?? null };
    },
    nearestTarget: (clause, question) => {
      const known = targets.get(clause);
      const found = known?.find(question);
      return found !== undefined && found.score >= TARGET_NAMED
        ? known?.rows[found.index]?.target
        : undefined;
    },
    nearestMisconception: (entitlement, question) => {
      const page = pages.get(entitlement);
      const found = page?.nearestBelief(question);
      const belief = page?.beliefs[found?.index ?? -1];
      return found && belief && { index: belief.index, score: found.score };
    },
  };
}

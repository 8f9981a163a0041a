import Fuse from "fuse.js";
import type { ContentBase } from "../domain/content-base.ts";

/** Something a citizen may ask for by its name. */
export type Named =
  | { type: "agency"; id: string }
  | { type: "parameter"; id: string }
  | { type: "entitlement"; id: string }
  | { type: "field"; id: string };

export type Lookup = {
  /** What a message names, when it holds a name and else only words that do not change the question, or the words `beside` it. */
  named(folded: string, beside?: string[]): Named | undefined;
  /** As `named`, for a short message with a misspelt name. */
  nearlyNamed(folded: string): Named | undefined;
};

/** Fuse.js matches patterns of at most 32 characters well; shorter than six, nearly everything is near everything. */
const SHORTEST_FUZZY = 6;
const LONGEST_FUZZY = 32;

/**
 * An index of the names of pages, agencies, values and fields. Whole words only, longest name first.
 * `read` brings a name into the form of a message that was read.
 */
export function createLookup(
  content: ContentBase,
  read: (text: string) => string,
  neutral: Set<string>,
): Lookup {
  const names = new Map<string, Named>();
  const claim = (texts: string[], named: Named) => {
    for (const text of texts) {
      const name = read(text);
      if (name !== "" && !names.has(name)) names.set(name, named);
    }
  };
  for (const { id, name, aliases } of Object.values(content.entitlements)) {
    claim([name, ...aliases], { type: "entitlement", id });
  }
  for (const { id, name, shortName, aliases } of Object.values(content.agencies)) {
    claim([name, shortName, ...aliases], { type: "agency", id });
  }
  for (const { id, name, aliases } of Object.values(content.parameters)) {
    claim([name, ...aliases], { type: "parameter", id });
  }
  for (const { id, name, shortName } of Object.values(content.fields)) {
    claim([name, shortName], { type: "field", id });
  }
  const longest = Math.max(1, ...[...names.keys()].map((name) => name.split(" ").length));
  const isNeutral = (word: string) => neutral.has(word) || /^\d+$/.test(word);
  const fuzzy = new Fuse(
    [...names].map(([name, named]) => ({ name, named })).filter(({ name }) => isFuzzyLength(name)),
    { keys: ["name"], threshold: 0.2, distance: 20 },
  );
  return {
    named(folded, beside = []) {
      const isAside = (word: string) => isNeutral(word) || beside.includes(word);
      const words = folded.split(" ");
      const first = words.findIndex((word) => !isAside(word));
      const last = words.findLastIndex((word) => !isAside(word));
      // A name may begin or end with words that are neutral elsewhere: "Phòng …", "… cũ".
      for (let size = Math.min(longest, words.length); size > 0 && size > last - first; size--) {
        const from = first < 0 ? 0 : Math.max(0, last - size + 1);
        const to = first < 0 ? words.length - size : Math.min(first, words.length - size);
        for (let start = from; start <= to; start++) {
          const named = names.get(words.slice(start, start + size).join(" "));
          if (named !== undefined) return named;
        }
      }
      return undefined;
    },
    nearlyNamed(folded) {
      const core = folded
        .split(" ")
        .filter((word) => !isNeutral(word))
        .join(" ");
      return isFuzzyLength(core) ? fuzzy.search(core, { limit: 1 })[0]?.item.named : undefined;
    },
  };
}

function isFuzzyLength(name: string): boolean {
  return name.length >= SHORTEST_FUZZY && name.length <= LONGEST_FUZZY;
}

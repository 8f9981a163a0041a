import type { Commune } from "../domain/commune.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { fold } from "../domain/fold.ts";
import Fuse from "fuse.js";

/** Something a citizen may ask for by its name. */
export type Named =
  | { type: "agency"; id: string }
  | { type: "parameter"; id: string }
  | { type: "entitlement"; id: string }
  | { type: "field"; id: string }
  | { type: "target"; id: string };

export type Lookup = {
  /** What the message names, when it holds a name and nothing else but words that do not change the question. */
  named(folded: string): Named | undefined;
  /** As `named`, for a short message with a misspelt name. */
  nearlyNamed(folded: string): Named | undefined;
  /** Communes the message may mean, today's or former names; `whole`: it says nothing else. */
  places(folded: string): {
    communes: Commune[];
    formerName: string | null;
    district: string | null;
    whole: boolean;
  };
};

const PLACE_KINDS = ["xa", "phuong", "thi tran", "dac khu", "tt", "p"];
const DISTRICT_KINDS = ["huyen", "thanh pho", "thi xa", "tp", "tx", "quan"];
const LONGEST_FUZZY_NAME = 40;

/** An index of every name in the content. Names are compared folded, whole words only, longest first. */
export function createLookup(content: ContentBase): Lookup {
  const names = new Map<string, Named>();
  const claim = (name: string, named: Named) => {
    const key = fold(name);
    if (key !== "" && !names.has(key)) names.set(key, named);
  };
  for (const page of Object.values(content.entitlements)) {
    for (const name of [page.name, ...page.aliases])
      claim(name, { type: "entitlement", id: page.id });
  }
  for (const agency of Object.values(content.agencies)) {
    for (const name of [agency.name, agency.shortName, ...agency.aliases])
      claim(name, { type: "agency", id: agency.id });
  }
  for (const parameter of Object.values(content.parameters)) {
    for (const name of [parameter.name, ...parameter.aliases])
      claim(name, { type: "parameter", id: parameter.id });
  }
  for (const field of Object.values(content.fields)) {
    for (const name of [field.name, field.shortName]) claim(name, { type: "field", id: field.id });
  }
  const neutral = neutralWords(content);
  const longest = Math.max(...[...names.keys()].map((name) => name.split(" ").length), 1);
  const fuzzy = new Fuse(
    [...names]
      .filter(([name]) => name.length <= LONGEST_FUZZY_NAME && name.length >= 6)
      .map(([name, named]) => ({ name, named })),
    { keys: ["name"], threshold: 0.2, includeScore: true, ignoreLocation: false, distance: 20 },
  );
  const findNamed = (folded: string) => namedIn(folded, names, longest, neutral);
  return {
    named: findNamed,
    nearlyNamed: (folded) => {
      const core = folded
        .split(" ")
        .filter((word) => !neutral.has(word))
        .join(" ");
      if (core.length < 6 || core.length > LONGEST_FUZZY_NAME) return undefined;
      return fuzzy.search(core, { limit: 1 })[0]?.item.named;
    },
    places: placeFinder(content.communes, neutral),
  };
}

function neutralWords(content: ContentBase): Set<string> {
  const words = new Set<string>();
  for (const phrase of [...content.lexicon.lookupWords, ...content.lexicon.fillers]) {
    for (const word of fold(phrase).split(" ")) words.add(word);
  }
  return words;
}

function namedIn(
  folded: string,
  names: Map<string, Named>,
  longest: number,
  neutral: Set<string>,
): Named | undefined {
  const words = folded.split(" ");
  for (let size = Math.min(longest, words.length); size > 0; size--) {
    for (let start = 0; start + size <= words.length; start++) {
      const named = names.get(words.slice(start, start + size).join(" "));
      if (named === undefined) continue;
      const others = [...words.slice(0, start), ...words.slice(start + size)];
      if (others.every((word) => neutral.has(word) || /^\d+$/.test(word))) return named;
    }
  }
  return undefined;
}

type PlaceName = { commune: Commune; former: string | null; district: string | null };

function placeFinder(communes: Commune[], neutral: Set<string>): Lookup["places"] {
  const byName = new Map<string, PlaceName[]>();
  const districts = new Map<string, Set<Commune>>();
  const add = (key: string, place: PlaceName) => {
    byName.set(key, [...(byName.get(key) ?? []), place]);
  };
  for (const commune of communes) {
    add(bareName(commune.name), { commune, former: null, district: null });
    for (const part of commune.madeFrom) {
      const district = bareName(part.district);
      add(bareName(part.name), { commune, former: part.name, district });
      districts.set(district, (districts.get(district) ?? new Set()).add(commune));
    }
  }
  const longest = Math.max(...[...byName.keys()].map((name) => name.split(" ").length), 1);
  return (folded) => {
    const words = folded.split(" ");
    const district = districtIn(words, districts);
    const found = placeIn(words, byName, longest, neutral, district);
    if (found === undefined) return { communes: [], formerName: null, district, whole: false };
    const fitting =
      district === null
        ? found.places
        : found.places.filter((place) => place.district === district);
    const places = fitting.length > 0 ? fitting : found.places;
    return {
      communes: [...new Set(places.map((place) => place.commune))],
      formerName: places.find((place) => place.former !== null)?.former ?? null,
      district,
      whole: found.whole,
    };
  };
}

/** "Phường Rạch Giá" → "rach gia", "thành phố Hà Tiên" → "ha tien". */
function bareName(name: string): string {
  return fold(name).replace(/^(xa|phuong|thi tran|dac khu|thanh pho|thi xa|huyen) /, "");
}

function districtIn(words: string[], districts: Map<string, Set<Commune>>): string | null {
  const text = words.join(" ");
  for (const kind of DISTRICT_KINDS) {
    const at = ` ${text} `.indexOf(` ${kind} `);
    if (at < 0) continue;
    const rest = ` ${text} `.slice(at + kind.length + 2).trim();
    for (const size of [3, 2, 1]) {
      const name = rest.split(" ").slice(0, size).join(" ");
      if (districts.has(name)) return name;
    }
  }
  return null;
}

function placeIn(
  words: string[],
  byName: Map<string, PlaceName[]>,
  longest: number,
  neutral: Set<string>,
  district: string | null,
): { places: PlaceName[]; whole: boolean } | undefined {
  const districtWords = new Set([
    ...(district ?? "").split(" "),
    ...DISTRICT_KINDS.flatMap((kind) => kind.split(" ")),
  ]);
  const kindWords = new Set(PLACE_KINDS.flatMap((kind) => kind.split(" ")));
  for (let size = Math.min(longest, words.length); size > 0; size--) {
    for (let start = 0; start + size <= words.length; start++) {
      const places = byName.get(words.slice(start, start + size).join(" "));
      if (places === undefined) continue;
      const before = words.slice(0, start);
      const others = [...before, ...words.slice(start + size)];
      const whole = others.every(
        (word) => neutral.has(word) || kindWords.has(word) || districtWords.has(word),
      );
      const said = before.at(-1);
      const kindSaid =
        said !== undefined && (kindWords.has(said) || (said === "tran" && before.at(-2) === "thi"));
      if (whole || kindSaid) return { places, whole };
    }
  }
  return undefined;
}

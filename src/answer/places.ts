import type { Commune } from "../domain/commune.ts";
import { fold } from "../domain/fold.ts";

/** The communes a message may mean, by today's or a former name. */
export type Places = {
  communes: Commune[];
  /** The message says nothing but a place. */
  whole: boolean;
  /** The former district that is said, folded. */
  district: string | null;
  /** The words that name the place: they change nothing of what else is asked. */
  said: string[];
};

type PlaceName = { commune: Commune; district: string | null; kind: string };

const KINDS = ["xa", "phuong", "thi tran", "dac khu", "tt", "p"];
const DISTRICT_KINDS = ["huyen", "thanh pho", "thi xa", "tp", "tx", "quan"];
const LONGEST_DISTRICT = 3;
const KIND_BEFORE = /^(xã|phường|thị trấn|đặc khu|thành phố|thị xã|huyện) /iu;

/**
 * Finds the place in a message. A bare name counts only when the message says nothing else ("Bình An"); inside a sentence "xã", "phường" … must stand
 * before it. A district settles which of several namesakes is meant; a district alone gives the communes made from it.
 */
export function createPlaceFinder(
  communes: Commune[],
  read: (text: string) => string,
  neutral: Set<string>,
): (folded: string) => Places {
  const kindWords = new Set([...KINDS, ...DISTRICT_KINDS].flatMap((kind) => kind.split(" ")));
  const bare = (name: string) => read(name.replace(KIND_BEFORE, ""));
  const byName = new Map<string, PlaceName[]>();
  const byDistrict = new Map<string, Commune[]>();
  const addPlace = (name: string, commune: Commune, district: string | null) => {
    const place = { commune, district, kind: fold(KIND_BEFORE.exec(name)?.[1] ?? "") };
    const bareName = name.replace(KIND_BEFORE, "");
    // A name may hold a southern word ("Chánh"), which a message without accents does not show.
    for (const key of new Set([read(bareName), fold(bareName)])) add(byName, key, place);
  };
  for (const commune of communes) {
    addPlace(commune.name, commune, null);
    for (const part of commune.madeFrom) {
      const district = bare(part.district);
      addPlace(part.name, commune, district);
      if (!byDistrict.get(district)?.includes(commune)) add(byDistrict, district, commune);
    }
  }
  const longest = Math.max(1, ...[...byName.keys()].map((name) => name.split(" ").length));
  const firstWords = new Set([...byName.keys()].map((name) => name.split(" ")[0]));

  function districtIn(words: string[]): string | null {
    for (const [at, word] of words.entries()) {
      const two = `${words[at - 1] ?? ""} ${word}`;
      if (!DISTRICT_KINDS.includes(word) && !DISTRICT_KINDS.includes(two)) continue;
      for (let size = LONGEST_DISTRICT; size > 0; size--) {
        const name = words.slice(at + 1, at + 1 + size).join(" ");
        if (byDistrict.has(name)) return name;
      }
    }
    return null;
  }

  return (folded) => {
    const words = folded.split(" ");
    const district = districtIn(words);
    const districtWords = new Set(district?.split(" ") ?? []);
    const saysNothing = (word: string) =>
      neutral.has(word) || kindWords.has(word) || districtWords.has(word);
    for (let size = Math.min(longest, words.length); size > 0; size--) {
      for (let start = 0; start + size <= words.length; start++) {
        if (!firstWords.has(words[start])) continue;
        const places = byName.get(words.slice(start, start + size).join(" "));
        if (places === undefined) continue;
        const before = words.slice(0, start);
        const whole = [...before, ...words.slice(start + size)].every(saysNothing);
        const kindSaid = isKind(before.at(-1), before.at(-2));
        if (!whole && !kindSaid) continue;
        const name = words.slice(start, start + size);
        // "huyện Hòn Đất" is the district, not the commune that carries its name.
        if (!kindSaid && name.join(" ") === district) continue;
        const fitting =
          district === null ? places : places.filter((place) => place.district === district);
        if (district !== null && fitting.length === 0 && !kindSaid) continue;
        const meant = ofKind(fitting.length > 0 ? fitting : places, before);
        const found = [...new Set(meant.map((place) => place.commune))];
        return {
          communes: found,
          whole,
          district,
          said: [...name, ...districtWords, ...kindWords],
        };
      }
    }
    const whole = district !== null && words.every(saysNothing);
    const found = whole ? (byDistrict.get(district) ?? []) : [];
    return { communes: found, whole, district, said: [...districtWords, ...kindWords] };
  };
}

/** "Xã Vĩnh Thuận" and "thị trấn Vĩnh Thuận" were two places; without the word both are meant. */
function ofKind(places: PlaceName[], before: string[]): PlaceName[] {
  const one = before.at(-1);
  const two = before.slice(-2).join(" ");
  const same = places.filter(({ kind }) => kind === one || kind === two);
  return same.length > 0 ? same : places;
}

function isKind(word: string | undefined, before: string | undefined): boolean {
  return word !== undefined && (KINDS.includes(word) || KINDS.includes(`${before ?? ""} ${word}`));
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

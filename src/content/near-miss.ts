import Fuse from "fuse.js";
import { fold } from "../domain/fold.ts";

/** The whole word is compared (no location), and about one letter in three may be wrong: `cau_hoi_maau`, `Nơi nộp hồ sơ`, `luong-co-xo`. */
const OPTIONS = { includeScore: true, ignoreLocation: true, threshold: 0.35, keys: ["folded"] };

/** The known name that somebody probably meant, or nothing. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const folded = fold(word);
  if (folded === "") return undefined;
  const candidates = names.map((name) => ({ name, folded: fold(name) }));
  // Fuse looks for the word inside the name; the other way round finds a name with something written after it.
  const inName = new Fuse(candidates, OPTIONS).search(folded)[0];
  if (inName !== undefined) return inName.item.name;
  return candidates.find(
    (candidate) => candidate.folded.length > 3 && folded.includes(candidate.folded),
  )?.name;
}

/** "có phải X?" where a known name is close, else the given advice. */
export function didYouMean(word: string, names: readonly string[], otherwise: string): string {
  const name = nearest(word, names);
  return name === undefined ? otherwise : `có phải "${name}"?`;
}

import { canonicalAccents, fold, isPossibleSyllable } from "./fold.ts";

const VOWEL = /[aeiouyăâêôơư]/;
const TELEX_TONES: Record<string, string> = {
  s: "\u0301",
  f: "\u0300",
  r: "\u0309",
  x: "\u0303",
  j: "\u0323",
  z: "",
};
const VNI_TONES: Record<string, string> = {
  1: "\u0301",
  2: "\u0300",
  3: "\u0309",
  4: "\u0303",
  5: "\u0323",
  0: "",
};
const CIRCUMFLEX: Record<string, string> = { a: "â", e: "ê", o: "ô" };

/**
 * What the keys would have written with the input method switched on: “hieemr”, “hie63m” → “hiểm”.
 * Null when that is no syllable. `typed` is lower case.
 */
export function fromKeystrokes(typed: string): string | null {
  if (typed.length < 2 || typed.length > 12) return null;
  const vni = /\d/.test(typed);
  // “a1”, “c3” are names of things, not keystrokes.
  if (vni && (typed.length < 3 || !/^\p{L}/u.test(typed))) return null;
  let letters = "";
  let tone = "";
  for (const key of typed) {
    const toneHere = vni ? VNI_TONES[key] : TELEX_TONES[key];
    if (toneHere !== undefined && VOWEL.test(letters)) {
      tone = toneHere;
      continue;
    }
    const marked = vni ? vniMark(letters, key) : telexMark(letters, key);
    letters = marked ?? letters + key;
  }
  const vowel = VOWEL.exec(letters);
  if (!vowel || !isPossibleSyllable(fold(letters))) return null;
  const after = vowel.index + 1;
  return canonicalAccents(letters.slice(0, after) + tone + letters.slice(after));
}

function telexMark(letters: string, key: string): string | null {
  if (key === "d") return letters.startsWith("d") ? `đ${letters.slice(1)}` : null;
  if (key === "w") return horn(letters) ?? `${letters}ư`;
  return key in CIRCUMFLEX ? circumflex(letters, key) : null;
}

function vniMark(letters: string, key: string): string | null {
  if (key === "9") return letters.startsWith("d") ? `đ${letters.slice(1)}` : null;
  if (key === "8") return replaceLast(letters, "a", "ă");
  if (key === "7")
    return horn(letters.replaceAll("a", "\u0000"))?.replaceAll("\u0000", "a") ?? null;
  if (key !== "6") return null;
  const at = Math.max(...["a", "e", "o"].map((vowel) => letters.lastIndexOf(vowel)));
  return at < 0 ? null : circumflex(letters, letters.charAt(at));
}

function circumflex(letters: string, vowel: string): string | null {
  return replaceLast(letters, vowel, CIRCUMFLEX[vowel] ?? vowel);
}

/** w in Telex, 7 in VNI. */
function horn(letters: string): string | null {
  if (/[uư]o/.test(letters) && !letters.startsWith("qu")) return letters.replace(/[uư]o/, "ươ");
  if (/ua/.test(letters) && !letters.startsWith("qu")) return letters.replace("ua", "ưa");
  for (const [plain, marked] of [
    ["a", "ă"],
    ["o", "ơ"],
    ["u", "ư"],
  ] as const) {
    const changed = replaceLast(letters, plain, marked);
    if (changed) return changed;
  }
  return null;
}

function replaceLast(text: string, letter: string, by: string): string | null {
  const at = text.lastIndexOf(letter);
  return at < 0 ? null : text.slice(0, at) + by + text.slice(at + 1);
}

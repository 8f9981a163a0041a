import { canonicalAccents, fold, isPossibleSyllable } from "./fold.ts";
import type { ContextualAbbreviation, Lexicon } from "./content-base.ts";
import { costOfSlip } from "./spelling.ts";
import type { Token } from "./tokens.ts";

/** Writes out shorthand and puts the standard word for the southern one. */
export type Shorthand = {
  isShort: (folded: string) => boolean;
  expand: (tokens: Token[]) => Token[];
};

type Meaning = { accented: string; folded: string }[];
type Regional = { key: Meaning; meaning: Meaning };

/** Stands for any number in the neighbours of a contextual abbreviation. */
const ANY_NUMBER = "#";
const MOSTLY_ACCENTED = 0.6;
const SHORTEST_MISTYPED = 4;
const LONGEST_MISTYPED = 7;

/** `isCommon` tells whether a folded word is an ordinary word of the content: then it is shorthand only where the rest of the message is accented. */
export function createShorthand(
  lexicon: Lexicon,
  isCommon: (folded: string) => boolean,
): Shorthand {
  const always = new Map(
    Object.entries(lexicon.abbreviations).map(([short, meaning]) => [
      fold(short),
      toMeaning(meaning),
    ]),
  );
  const longKeys = [...always.keys()].filter((key) => key.length >= SHORTEST_MISTYPED);
  const contextual = new Map<string, { entry: ContextualAbbreviation; meaning: Meaning }[]>();
  for (const entry of lexicon.contextual) {
    const short = fold(entry.short);
    contextual.set(short, [
      ...(contextual.get(short) ?? []),
      { entry, meaning: toMeaning(entry.meaning) },
    ]);
  }
  const regional = new Map<string, Regional[]>();
  for (const [key, meaning] of Object.entries(lexicon.regional)) {
    const words = toMeaning(key);
    const first = words[0]?.folded ?? "";
    regional.set(first, [
      ...(regional.get(first) ?? []),
      { key: words, meaning: toMeaning(meaning) },
    ]);
  }
  for (const entries of regional.values()) entries.sort((a, b) => b.key.length - a.key.length);

  function meaningOf(tokens: Token[], at: number, accentShare: number): Meaning | null {
    const token = tokens[at];
    if (!token || token.kind === "number" || (!isBare(token) && isPossibleSyllable(token.folded)))
      return null;
    for (const { entry, meaning } of contextual.get(token.folded) ?? []) {
      const anywhere = entry.before.length === 0 && entry.after.length === 0;
      if (anywhere || isAmong(tokens[at - 1], entry.before) || isAmong(tokens[at + 1], entry.after))
        return meaning;
    }
    const meaning = always.get(token.folded) ?? meaningOfMistyped(token.folded);
    if (!meaning) return null;
    const ambiguous =
      token.folded.length > 1 && isPossibleSyllable(token.folded) && isCommon(token.folded);
    return ambiguous && accentShare < MOSTLY_ACCENTED ? null : meaning;
  }

  /** “bxhh” is “bhxh”: words without vowels are too odd for the speller. */
  function meaningOfMistyped(folded: string): Meaning | null {
    if (
      folded.length < SHORTEST_MISTYPED ||
      folded.length > LONGEST_MISTYPED ||
      /[aeiou]/.test(folded)
    )
      return null;
    const near = longKeys.flatMap((key) => {
      const cost = costOfSlip(key, folded);
      return cost === null ? [] : [{ key, cost }];
    });
    const [best, second] = near.sort((a, b) => a.cost - b.cost);
    return best && best.cost < (second?.cost ?? Infinity) ? (always.get(best.key) ?? null) : null;
  }

  function regionalAt(tokens: Token[], at: number, accentShare: number): Regional | null {
    for (const entry of regional.get(tokens[at]?.folded ?? "") ?? []) {
      if (
        entry.key.every((word, index) =>
          saysWord(tokens[at + index], word, entry.key.length, accentShare, isCommon),
        )
      )
        return entry;
    }
    return null;
  }

  return {
    isShort: (folded) => always.has(folded) || contextual.has(folded),
    expand(tokens) {
      const accentShare = shareOfAccents(tokens);
      const written: Token[] = [];
      for (const [at, token] of tokens.entries()) {
        const meaning = meaningOf(tokens, at, accentShare);
        written.push(...(meaning ? toTokens(meaning, token.typed) : [token]));
      }
      const standard: Token[] = [];
      for (let at = 0; at < written.length; at++) {
        const token = written[at];
        if (!token) break;
        const entry = regionalAt(written, at, accentShare);
        standard.push(...(entry ? toTokens(entry.meaning, token.typed) : [token]));
        at += entry ? entry.key.length - 1 : 0;
      }
      return standard;
    },
  };
}

/** Share of the words that carry an accent, 0–1; shorthand says nothing about it. */
export function shareOfAccents(tokens: Token[]): number {
  const letters = tokens.filter(
    (token) =>
      token.kind === "letters" &&
      token.typed !== "%" &&
      (!isBare(token) || isPossibleSyllable(token.folded)),
  );
  return letters.length === 0
    ? 0
    : letters.filter((token) => !isBare(token)).length / letters.length;
}

function isBare(token: Token): boolean {
  return token.accented === token.folded;
}

function isAmong(token: Token | undefined, neighbours: string[]): boolean {
  if (!token) return false;
  return (
    neighbours.includes(token.folded) ||
    (token.kind === "number" && neighbours.includes(ANY_NUMBER))
  );
}

function saysWord(
  token: Token | undefined,
  word: Meaning[number],
  keyLength: number,
  accentShare: number,
  isCommon: (folded: string) => boolean,
): boolean {
  if (!token || token.folded !== word.folded) return false;
  if (token.accented === word.accented) return true;
  if (!isBare(token)) return withOneTone(token.accented) === withOneTone(word.accented);
  if (accentShare >= MOSTLY_ACCENTED) return false;
  return keyLength > 1 || !isCommon(token.folded);
}

/** Southern writers mix hỏi and ngã. */
export function withOneTone(accented: string): string {
  return accented.normalize("NFD").replaceAll("\u0303", "\u0309");
}

function toMeaning(text: string): Meaning {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ accented: canonicalAccents(word), folded: fold(word) }));
}

function toTokens(meaning: Meaning, typed: string): Token[] {
  return meaning.map((word) => ({ typed, ...word, kind: "letters" }));
}

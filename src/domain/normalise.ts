import { fold, isPossibleSyllable } from "./fold.ts";
import type { Lexicon } from "./content-base.ts";
import { splitRun } from "./run-together.ts";
import { createShorthand, shareOfAccents } from "./shorthand.ts";
import { createSpeller, isOutOfPlace, repair } from "./spelling.ts";
import { createSyllableModel, type Vocabulary } from "./syllable-model.ts";
import { fromKeystrokes } from "./telex.ts";
import { readablePart, tokenise, type Token } from "./tokens.ts";

export type Word = {
  typed: string;
  /** Canonical lower-case form (“trợ”); equals `folded` where the person typed no accent. */
  accented: string;
  folded: string;
  /** In the vocabulary, or a number. */
  known: boolean;
  /**
   * The folded vocabulary word that an unknown word, or a known one beside neither of its neighbours, most likely is:
   * good for ranking, not for confidence.
   */
  repaired: string | null;
};

export type Normalised = {
  words: Word[];
  /** The folded words, joined by spaces. */
  folded: string;
  /** Share of the words that were typed with an accent, 0–1. */
  accentShare: number;
  /** Characters of the message, the unread middle included. */
  length: number;
};

const MAX_REPAIRED = 20;
const MAX_RUN_LETTERS = 400;

/**
 * Reads texts of the content, which are spelt as they should be: nothing is repaired or split, so that this is quick and needs no vocabulary.
 * `buildVocabulary` and learning both start from it.
 */
export function createContentReader(lexicon: Lexicon): (text: string) => Normalised {
  const shorthand = createShorthand(lexicon, () => true);
  return (text) => {
    const tokens = tokenise(text.normalize("NFC"), () => null);
    const accentShare = shareOfAccents(tokens);
    const words = shorthand.expand(tokens).map(({ typed, accented, folded }): Word => ({
      typed,
      accented,
      folded,
      known: true,
      repaired: null,
    }));
    return {
      words,
      folded: words.map(({ folded }) => folded).join(" "),
      accentShare,
      length: text.length,
    };
  };
}

/** Counts the words, and the pairs of words, of texts that were read plainly and of the lexicon. */
export function buildVocabulary(texts: Normalised[], lexicon: Lexicon): Vocabulary {
  const read = createContentReader(lexicon);
  const syllables = new Map<string, number>();
  const bigrams = new Map<string, number>();
  for (const { words } of [...texts, ...wordsOfLexicon(lexicon).map(read)]) {
    let previous: string | null = null;
    for (const { folded } of words) {
      const word: string = /^\d/.test(folded) ? asPair(folded) : folded;
      syllables.set(word, (syllables.get(word) ?? 0) + 1);
      if (previous !== null) {
        const pair = `${previous} ${word}`;
        bigrams.set(pair, (bigrams.get(pair) ?? 0) + 1);
      }
      previous = word;
    }
  }
  return { syllables: Object.fromEntries(syllables), bigrams: Object.fromEntries(bigrams) };
}

function wordsOfLexicon(lexicon: Lexicon): string[] {
  const { rude: _, ...families } = lexicon.families;
  return [
    ...Object.values(lexicon.abbreviations),
    ...lexicon.contextual.map(({ meaning }) => meaning),
    ...Object.values(lexicon.regional),
    ...lexicon.fillers,
    ...lexicon.lookupWords,
    ...Object.values(lexicon.facetWords).flat(),
    // A call for help must not be split or repaired into something else.
    ...Object.values(families).flatMap(({ phrases }) =>
      phrases.flatMap((phrase) => phrase.split("…")),
    ),
  ];
}

/** What a message says, word by word, whatever way it was typed. Bounded work for any text; throws for none. */
export function createNormaliser(
  lexicon: Lexicon,
  vocabulary: Vocabulary,
): (raw: string) => Normalised {
  const model = createSyllableModel(vocabulary);
  const shorthand = createShorthand(lexicon, model.isKnown);
  const spell = createSpeller(model);

  function fromKeys(typed: string): string | null {
    const folded = fold(typed);
    if (isPossibleSyllable(folded) || model.isKnown(folded) || shorthand.isShort(folded))
      return null;
    return fromKeystrokes(typed);
  }

  function splitRuns(tokens: Token[]): Token[] {
    let letters = 0;
    return tokens.flatMap((token) => {
      if (token.kind === "number" || isSettled(token)) return [token];
      letters += token.folded.length;
      if (letters > MAX_RUN_LETTERS || token.accented.length !== token.folded.length)
        return [token];
      const split = splitRun(token.folded, model, shorthand.isShort);
      if (!split) return [token];
      const slip = repair(token.folded, { previous: null, next: null }, spell(token.folded), model);
      return slip && slip.cost < split.cost ? [token] : cut(token, split.lengths);
    });
  }

  function isSettled({ folded }: Token): boolean {
    return model.isKnown(folded) || isPossibleSyllable(folded) || shorthand.isShort(folded);
  }

  function repairWords(words: Word[]): void {
    let repairs = 0;
    for (const [at, word] of words.entries()) {
      const near = { previous: asNeighbour(words[at - 1]), next: asNeighbour(words[at + 1]) };
      if (repairs >= MAX_REPAIRED || (word.known && !isOutOfPlace(word.folded, near, model)))
        continue;
      repairs += 1;
      word.repaired = repair(word.folded, near, spell(word.folded), model)?.word ?? null;
    }
  }

  return (raw) => {
    const { text, length } = readablePart(raw);
    const tokens = splitRuns(tokenise(text, fromKeys));
    const accentShare = shareOfAccents(tokens);
    const words = shorthand.expand(tokens).map(({ typed, accented, folded, kind }): Word => ({
      typed,
      accented,
      folded,
      known: kind === "number" || model.isKnown(folded),
      repaired: null,
    }));
    repairWords(words);
    return { words, folded: words.map(({ folded }) => folded).join(" "), accentShare, length };
  };
}

/** Which number it is says nothing about its neighbours: “năm 2016” and “năm 2017” are one pair. */
function asPair(number: string): string {
  return number === "sotien" ? number : "#";
}

function asNeighbour(word: Word | undefined): string | null {
  if (!word) return null;
  return /^\d/.test(word.folded) ? "#" : (word.repaired ?? word.folded);
}

function cut(token: Token, lengths: number[]): Token[] {
  let start = 0;
  return lengths.map((length) => {
    const end = start + length;
    const accented = token.accented.slice(start, end);
    start = end;
    return { typed: accented, accented, folded: fold(accented), kind: "letters" };
  });
}

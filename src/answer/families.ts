import type { Lexicon, MessageFamily } from "../domain/content-base.ts";
import type { Normalised } from "../domain/normalise.ts";
import { createShorthand, withOneTone } from "../domain/shorthand.ts";
import { tokenise } from "../domain/tokens.ts";

/** A life in danger before a hard life, both before money, and small talk last. “dung y” (đúng ý) comes before “dung” (dừng). */
const ORDER: MessageFamily[] = [
  "emergency",
  "suicide",
  "childAbuse",
  "violence",
  "checkNotice",
  "scam",
  "notHelpful",
  "helpful",
  "unsubscribe",
  "erase",
  "myData",
  "carry",
  "subscribe",
  "forget",
  "human",
  "identity",
  "help",
  "menu",
  "thanks",
  "greeting",
  "rude",
];

/** Words that `…` may stand for. */
const LONGEST_GAP = 4;
/** “Alone” families are about short messages only. */
const LONGEST_ALONE = 15;
/** From this share of accented words on, a word typed without accents is taken as it stands: “cho” is not “chó”. */
const MOSTLY_ACCENTED = 0.7;

type PhraseWord = { accented: string; folded: string };
type Phrase = {
  /** With a gap between each part and the next. */
  parts: PhraseWord[][];
  /** Written with “=” before it: without its accents it would say something else. */
  exact: boolean;
  /** Written with a full stop: only at the end of a message. */
  last: boolean;
};
/** Phrases of every family by the folded word they begin with. */
type Entry = { of: MessageFamily | "filler"; isException: boolean; phrase: Phrase };
type PhraseIndex = Map<string, Entry[]>;
/** A word of the message in every form in which it may equal a word of a phrase. */
type Heard = { accented: string | null; folded: string[] };
type Span = { of: MessageFamily | "filler"; isException: boolean; start: number; end: number };

/** Tells the family of a message that is not about a page (crisis, scam, greeting …), or null. */
export function createFamilyDetector(
  lexicon: Lexicon,
): (normalised: Normalised) => MessageFamily | null {
  const shorthand = createShorthand(lexicon, () => true);
  const toWords = (text: string): PhraseWord[] =>
    shorthand.expand(tokenise(text.normalize("NFC"), () => null));
  const index: PhraseIndex = new Map();
  const add = (of: Entry["of"], isException: boolean, text: string): void => {
    const parts = text
      .split("…")
      .map(toWords)
      .filter((part) => part.length > 0);
    const first = parts[0]?.[0]?.folded;
    if (first === undefined) return;
    const phrase = { parts, exact: text.startsWith("="), last: text.endsWith(".") };
    index.set(first, [...(index.get(first) ?? []), { of, isException, phrase }]);
  };
  for (const text of lexicon.fillers) add("filler", false, text);
  for (const name of ORDER) {
    const { phrases, except } = lexicon.families[name];
    for (const text of phrases) add(name, false, text);
    for (const text of except) add(name, true, text);
  }

  return (normalised) => {
    const words = toHeard(normalised);
    const spans = findSpans(words, index);
    const fillers = spans.filter((span) => span.of === "filler");
    for (const name of ORDER) {
      const own = spans.filter((span) => span.of === name);
      const found = own.filter(
        (span) =>
          !span.isException && !own.some((other) => other.isException && covers(other, span)),
      );
      if (found.length === 0) continue;
      if (!lexicon.families[name].alone) return name;
      if (words.length <= LONGEST_ALONE && coverAll(words.length, [...found, ...fillers]))
        return name;
    }
    return null;
  };
}

function toHeard({ words, accentShare }: Normalised): Heard[] {
  return words.map(({ accented, folded, repaired }) => {
    const bare = accented === folded && accentShare < MOSTLY_ACCENTED;
    // A slip of the keyboard may have hit the accent too, so a repaired word is compared without.
    if (repaired !== null) return { accented: null, folded: [folded, repaired] };
    return { accented: bare ? null : accented, folded: [folded] };
  });
}

function hears(word: Heard | undefined, expected: PhraseWord, exact: boolean): boolean {
  if (!word?.folded.includes(expected.folded)) return false;
  if (word.accented === null) return !exact || expected.accented === expected.folded;
  return (
    word.accented === expected.accented ||
    withOneTone(word.accented) === withOneTone(expected.accented)
  );
}

function findSpans(words: Heard[], index: PhraseIndex): Span[] {
  const spans: Span[] = [];
  for (const [start, word] of words.entries()) {
    for (const form of word.folded) {
      for (const { of, isException, phrase } of index.get(form) ?? []) {
        const end = endOfPhrase(words, start, phrase.parts, phrase.exact);
        if (end !== null && (!phrase.last || end === words.length))
          spans.push({ of, isException, start, end });
      }
    }
  }
  return spans;
}

/** Where the phrase that begins at `start` ends (exclusive), its gaps as short as they can be; null if it does not stand there. */
function endOfPhrase(
  words: Heard[],
  start: number,
  [part = [], ...rest]: PhraseWord[][],
  exact: boolean,
): number | null {
  if (!part.every((expected, at) => hears(words[start + at], expected, exact))) return null;
  const end = start + part.length;
  if (rest.length === 0) return end;
  for (let gap = 0; gap <= LONGEST_GAP; gap++) {
    const last = endOfPhrase(words, end + gap, rest, exact);
    if (last !== null) return last;
  }
  return null;
}

function covers(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function coverAll(length: number, spans: Span[]): boolean {
  const covered = new Set<number>();
  for (const { start, end } of spans) for (let at = start; at < end; at++) covered.add(at);
  return covered.size === length;
}

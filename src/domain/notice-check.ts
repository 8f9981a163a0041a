import { toPlainText } from "./fold.ts";
import type { Block, Span } from "./reply.ts";

/**
 * same: every word is ours. part: a piece of ours, word for word. extended: ours word for word, with other words before or after it. altered:
 * ours with words added, taken out or changed. other: none of ours.
 * `added` and `missing` are runs of words, as many as are worth showing.
 */
export type Comparison = {
  verdict: "same" | "part" | "extended" | "altered" | "other";
  added: string[];
  missing: string[];
  /** 0 to 1: how much of the shorter text is found in the other, in its order. */
  similarity: number;
};

const MIN_SHARED_WORDS = 8;
const ALTERED_FROM = 0.5;
const RUNS_SHOWN = 5;

type Word = { shown: string; key: string };

/** Compares what somebody pasted with what we sent. */
export function compareNotice(pasted: string, blocks: Block[]): Comparison {
  const ours = readNotice(blocks);
  const theirs = wordsOf(pasted, ours.items).filter((word) => !ours.links.has(word.key));
  if (theirs.length > 0 && standsIn(theirs, ours.words)) {
    const same = theirs.length === ours.words.length;
    const isPiece = same || theirs.length >= MIN_SHARED_WORDS;
    if (isPiece) {
      return { verdict: same ? "same" : "part", added: [], missing: [], similarity: 1 };
    }
  }
  const { inOurs, inTheirs, length } = commonWords(ours.words, theirs);
  const shorter = Math.min(ours.words.length, theirs.length);
  const similarity = shorter === 0 ? 0 : length / shorter;
  const found = {
    added: runsOf(theirs, inTheirs),
    missing: runsOf(ours.words, inOurs),
    similarity,
  };
  if (length < MIN_SHARED_WORDS || similarity < ALTERED_FROM) return { ...found, verdict: "other" };
  const isWhole = found.missing.length === 0 && standsIn(ours.words, theirs);
  return { ...found, verdict: isWhole ? "extended" : "altered" };
}

/** How much of the words of a pasted text are ours at all, whatever their order: 0 to 1. Quick, to choose what is worth comparing. */
export function sharedWords(pasted: string, blocks: Block[]): number {
  const ours = readNotice(blocks);
  const theirs = new Set(wordsOf(pasted, ours.items).map(({ key }) => key));
  let shared = 0;
  for (const key of theirs) if (ours.keys.has(key)) shared += 1;
  return theirs.size === 0 ? 0 : shared / Math.min(theirs.size, ours.keys.size);
}

type Read = { words: Word[]; keys: Set<string>; links: Set<string>; items: number };

/** What was frozen never changes: it is read once. */
const readNotices = new WeakMap<Block[], Read>();

function readNotice(blocks: Block[]): Read {
  const known = readNotices.get(blocks);
  if (known !== undefined) return known;
  const words = wordsOf(plainTextOf(blocks), 0);
  const lists = blocks.map((block) =>
    block.type === "list" && block.ordered ? block.items.length : 0,
  );
  const read = {
    words,
    keys: new Set(words.map(({ key }) => key)),
    links: new Set(linksOf(blocks)),
    items: Math.max(0, ...lists),
  };
  readNotices.set(blocks, read);
  return read;
}

function standsIn(piece: Word[], whole: Word[]): boolean {
  return whole.some(
    (_, start) =>
      start + piece.length <= whole.length &&
      piece.every(({ key }, index) => whole[start + index]?.key === key),
  );
}

/** A text as words: what a copy changes (bullets, spaces, quotation marks, the numbers of a list of so many items) does not count. */
function wordsOf(text: string, items: number): Word[] {
  return text
    .split("\n")
    .flatMap((line) => withoutMark(toPlainText(line), items).split(" "))
    .map((shown) => ({ shown, key: shown.toLowerCase().replace(EDGES, "") }))
    .filter(({ key }) => key !== "");
}

const BULLET = /^[•\-–*]\s+/u;
const NUMBER = /^(\d{1,2})[.)]\s+/u;

function withoutMark(line: string, items: number): string {
  const number = NUMBER.exec(line);
  if (number === null) return line.replace(BULLET, "");
  return Number(number[1]) <= items ? line.slice(number[0].length) : line;
}

const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;

function plainTextOf(blocks: Block[]): string {
  return blocks.map(plainBlock).join("\n");
}

function plainBlock(block: Block): string {
  switch (block.type) {
    case "heading":
    case "source":
      return block.text;
    case "text":
      return textOf(block.spans);
    case "list":
      return block.items.map(textOf).join("\n");
    case "fields":
      return block.rows.map(({ label, value }) => `${label}: ${value}`).join("\n");
  }
}

function textOf(spans: Span[]): string {
  return spans.map(({ text }) => text).join("");
}

function linksOf(blocks: Block[]): string[] {
  const spans = blocks.flatMap((block) => {
    if (block.type === "text") return block.spans;
    return block.type === "list" ? block.items.flat() : [];
  });
  return spans.flatMap(({ url }) => (url === undefined ? [] : (wordsOf(url, 0)[0]?.key ?? [])));
}

/** The longest run of words that stands in both in the same order, not necessarily side by side. */
function commonWords(
  one: Word[],
  other: Word[],
): { inOurs: boolean[]; inTheirs: boolean[]; length: number } {
  const width = other.length + 1;
  const best = new Uint16Array((one.length + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = one.length - 1; row >= 0; row--) {
    for (let column = other.length - 1; column >= 0; column--) {
      best[row * width + column] =
        one[row]?.key === other[column]?.key
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const inOurs = one.map(() => false);
  const inTheirs = other.map(() => false);
  let [row, column] = [0, 0];
  while (row < one.length && column < other.length) {
    if (one[row]?.key === other[column]?.key) {
      inOurs[row] = true;
      inTheirs[column] = true;
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return { inOurs, inTheirs, length: at(0, 0) };
}

function runsOf(words: Word[], found: boolean[]): string[] {
  const runs: string[][] = [];
  for (const [index, { shown }] of words.entries()) {
    if (found[index] === true) continue;
    if (index > 0 && found[index - 1] === false) runs.at(-1)?.push(shown);
    else runs.push([shown]);
  }
  return runs.slice(0, RUNS_SHOWN).map((run) => run.join(" "));
}

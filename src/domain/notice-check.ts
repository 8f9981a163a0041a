import { toPlainText } from "./fold.ts";
import type { Block, Span } from "./reply.ts";

/**
 * same: every word is ours. part: a piece of ours, word for word. altered: ours with words added, taken out or changed. other: none of ours.
 * `added` and `missing` are runs of words, as many as are worth showing.
 */
export type Comparison = {
  verdict: "same" | "part" | "altered" | "other";
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
  const links = new Set(linksOf(blocks));
  const ours = wordsOf(plainTextOf(blocks));
  const theirs = wordsOf(pasted).filter((word) => !links.has(word.key));
  const { inOurs, inTheirs, length } = commonWords(ours, theirs);
  const shorter = Math.min(ours.length, theirs.length);
  const similarity = shorter === 0 ? 0 : length / shorter;
  const added = runsOf(theirs, inTheirs);
  const missing = runsOf(ours, inOurs);
  const found = { added, missing, similarity };
  if (length === 0) return { ...found, verdict: "other" };
  if (added.length === 0 && missing.length === 0) return { ...found, verdict: "same" };
  if (length < MIN_SHARED_WORDS || similarity < ALTERED_FROM) return { ...found, verdict: "other" };
  return { ...found, verdict: added.length === 0 && isOnePiece(inOurs) ? "part" : "altered" };
}

/** A text as words: what a copy changes (bullets, spaces, quotation marks) does not count. */
function wordsOf(text: string): Word[] {
  return text
    .split("\n")
    .flatMap((line) => toPlainText(line).replace(LIST_MARK, "").split(" "))
    .map((shown) => ({ shown, key: shown.toLowerCase().replace(EDGES, "") }))
    .filter(({ key }) => key !== "");
}

const LIST_MARK = /^(?:[•\-–*]|\d{1,2}[.)])\s+/u;
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
  return spans.flatMap(({ url }) => (url === undefined ? [] : (wordsOf(url)[0]?.key ?? [])));
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

function isOnePiece(found: boolean[]): boolean {
  const first = found.indexOf(true);
  return first !== -1 && !found.slice(first, found.lastIndexOf(true)).includes(false);
}

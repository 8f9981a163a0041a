import { isPossibleSyllable } from "./fold.ts";
import type { SyllableModel } from "./syllable-model.ts";

export type Candidate = { word: string; cost: number };

/** Words of the vocabulary one slip of the finger away, with the cost of the slip. */
export type Speller = (folded: string) => Candidate[];

const MAX_CACHED = 5000;
const LONGEST_WORD = 12;

/** In units of the likelihoods (natural logarithms). Chosen on typos put into held-out sentences of the content. */
const COST = { doubled: 2, swapped: 4, neighbouringKey: 5, dropped: 5, added: 6, changed: 7 };

/**
 * On typos put into held-out sentences, single slips with these costs repaired 92 % of the words that became unknown (83 % with equal costs),
 * Fuse.js in this place 63 to 70 %, and as a fallback where no single slip fits it added nothing at ten times the cost.
 */
export function createSpeller(model: SyllableModel): Speller {
  const byDeletion = new Map<string, string[]>();
  for (const word of model.syllables) {
    if (word.length < 2) continue;
    for (const form of [word, ...deletions(word)])
      byDeletion.set(form, [...(byDeletion.get(form) ?? []), word]);
  }
  const cache = new Map<string, Candidate[]>();

  function search(folded: string): Candidate[] {
    const found = new Map<string, Candidate>();
    for (const form of [folded, ...deletions(folded)]) {
      for (const word of byDeletion.get(form) ?? []) {
        const cost = found.has(word) ? null : costOfSlip(word, folded);
        if (cost !== null) found.set(word, { word, cost });
      }
    }
    return [...found.values()];
  }

  return (folded) => {
    if (folded.length < 2 || folded.length > LONGEST_WORD) return [];
    const known = cache.get(folded);
    if (known) return known;
    const candidates = search(folded);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(folded, candidates);
    return candidates;
  };
}

/** A reading of a known word that fits both neighbours must beat the word as typed by this much: three in 3,650 sound words changed. */
const REAL_WORD_MARGIN = 2;

type Neighbours = { previous: string | null; next: string | null };

/** Whether the content has the word beside neither of these neighbours: a slip may have made another word (“thấc nghiệp”). */
export function isOutOfPlace(
  folded: string,
  { previous, next }: Neighbours,
  model: SyllableModel,
): boolean {
  return !/\d/.test(folded) && !model.follows(previous, folded) && !model.follows(folded, next);
}

/**
 * The word of the vocabulary that `folded` most likely is between its neighbours, or null if nothing speaks for one.
 * An unknown word that could be Vietnamese (a name, say) is only replaced where a neighbour asks for it, a known one where both do.
 */
export function repair(
  folded: string,
  near: Neighbours,
  candidates: Candidate[],
  model: SyllableModel,
): Candidate | null {
  const known = model.isKnown(folded);
  const cautious = known || isPossibleSyllable(folded);
  let best: Candidate | null = null;
  for (const { word, cost } of candidates) {
    const after = model.follows(near.previous, word);
    const before = model.follows(word, near.next);
    if (cautious && !after && !before) continue;
    if (known && !((after || near.previous === null) && (before || near.next === null))) continue;
    const total = cost + costOf(word, near, model);
    if (!best || total < best.cost) best = { word, cost: total };
  }
  if (known && best && best.cost + REAL_WORD_MARGIN >= costOf(folded, near, model)) return null;
  return best;
}

function costOf(word: string, { previous, next }: Neighbours, model: SyllableModel): number {
  return -model.likelihood(word, previous) - (next === null ? 0 : model.likelihood(next, word));
}

function deletions(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}

/** What it costs to have typed `typed` for `meant`, or null if that takes more than one slip. */
export function costOfSlip(meant: string, typed: string): number | null {
  if (meant === typed || Math.abs(meant.length - typed.length) > 1) return null;
  let at = 0;
  while (at < meant.length && meant[at] === typed[at]) at++;
  if (typed.length > meant.length) {
    if (typed.slice(at + 1) !== meant.slice(at)) return null;
    return typed[at] === typed[at - 1] ? COST.doubled : COST.added;
  }
  if (typed.length < meant.length)
    return typed.slice(at) === meant.slice(at + 1) ? COST.dropped : null;
  if (typed.slice(at + 1) === meant.slice(at + 1)) {
    return areNeighbours(typed.charAt(at), meant.charAt(at)) ? COST.neighbouringKey : COST.changed;
  }
  const swapped =
    meant[at] === typed[at + 1] &&
    meant[at + 1] === typed[at] &&
    meant.slice(at + 2) === typed.slice(at + 2);
  return swapped ? COST.swapped : null;
}

const KEY_ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

function areNeighbours(one: string, other: string): boolean {
  const [a, b] = [placeOf(one), placeOf(other)];
  return Math.abs(a.row - b.row) <= 1 && Math.abs(a.column - b.column) <= 1;
}

function placeOf(letter: string): { row: number; column: number } {
  const row = KEY_ROWS.findIndex((keys) => keys.includes(letter));
  // Each row of keys stands half a key further right.
  return { row, column: (KEY_ROWS[row] ?? "").indexOf(letter) + row / 2 };
}

import { fold } from "./fold.ts";
import type { Unanswered } from "./store.ts";

/** Questions that say nearly the same, oldest first. */
export type UnansweredGroup = { entries: Unanswered[] };

type Words = Set<string>;

/** Two questions are near-identical when they share this much of their words. */
const NEARLY_THE_SAME = 0.8;

/** Near-identical questions together, the most frequent first. */
export function unansweredGroups(entries: Unanswered[]): UnansweredGroup[] {
  const groups: (UnansweredGroup & { words: Words })[] = [];
  const same = new Map<string, number>();
  const withWord = new Map<string, number[]>();
  for (const entry of entries) {
    const key = fold(entry.text);
    const words = new Set(key.split(" "));
    const at = same.get(key) ?? firstNear(words, withWord, groups) ?? groups.length;
    same.set(key, at);
    const group = groups[at];
    if (group !== undefined) {
      group.entries.push(entry);
      continue;
    }
    groups.push({ words, entries: [entry] });
    for (const word of words) {
      const list = withWord.get(word) ?? [];
      list.push(at);
      withWord.set(word, list);
    }
  }
  return groups
    .map(({ entries: together }) => ({ entries: together }))
    .sort((one, other) => other.entries.length - one.entries.length);
}

/**
 * A near group lacks so few of the words that it has one of any few more than that: only groups with one of the rarest words are looked at.
 * Thousands of questions are grouped while people wait for answers.
 */
function firstNear(
  words: Words,
  withWord: Map<string, number[]>,
  groups: { words: Words }[],
): number | undefined {
  const mayLack = Math.floor(words.size * (1 - NEARLY_THE_SAME) + 1e-9);
  const lists = [...words].map((word) => withWord.get(word) ?? []);
  const rarest = lists.sort((one, other) => one.length - other.length).slice(0, mayLack + 1);
  const found = rarest
    .map((list) => list.find((at) => isNear(groups[at]?.words, words)))
    .filter((at) => at !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

function isNear(one: Words | undefined, other: Words): boolean {
  if (one === undefined || !isNearInSize(one.size, other.size)) return false;
  let shared = 0;
  for (const word of other) if (one.has(word)) shared += 1;
  return shared / (one.size + other.size - shared) >= NEARLY_THE_SAME;
}

function isNearInSize(one: number, other: number): boolean {
  return Math.min(one, other) / Math.max(one, other) >= NEARLY_THE_SAME;
}

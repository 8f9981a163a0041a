import { isPossibleSyllable } from "./fold.ts";
import type { SyllableModel } from "./syllable-model.ts";

const LONGEST_SYLLABLE = 7;
const LONGEST_RUN = 250;
/** Cost of a syllable that is possible but not in the vocabulary, beside its likelihood. */
const UNKNOWN_COST = 3;
/** Cost of each missing space. */
const SPACE_COST = 1;

export type Split = { lengths: number[]; cost: number };

/**
 * The likeliest way to read “baohiemthatnghiep” as words, as the length of each, or null if there is none.
 * `isShort` admits shorthand such as bhyt among the words.
 */
export function splitRun(
  folded: string,
  model: SyllableModel,
  isShort: (word: string) => boolean,
): Split | null {
  if (folded.length < 4 || folded.length > LONGEST_RUN) return null;
  type Step = { word: string; cost: number; from: Step | null };
  const endingAt: Step[][] = Array.from({ length: folded.length + 1 }, () => []);
  for (let start = 0; start < folded.length; start++) {
    const before = endingAt[start] ?? [];
    if (start > 0 && before.length === 0) continue;
    for (let end = start + 1; end <= Math.min(folded.length, start + LONGEST_SYLLABLE); end++) {
      const word = folded.slice(start, end);
      const known = (word.length > 1 && model.isKnown(word)) || (word.length > 2 && isShort(word));
      if (!known && !isPossibleSyllable(word)) continue;
      const extra = (known ? 0 : UNKNOWN_COST) + (start === 0 ? 0 : SPACE_COST);
      let best: Step | null = null;
      for (const from of start === 0 ? [null] : before) {
        const cost = (from?.cost ?? 0) + extra - model.likelihood(word, from?.word ?? null);
        if (!best || cost < best.cost) best = { word, cost, from };
      }
      if (best) endingAt[end]?.push(best);
    }
  }
  let last = (endingAt[folded.length] ?? []).reduce<Step | null>(
    (best, step) => (best && best.cost <= step.cost ? best : step),
    null,
  );
  if (!last?.from) return null;
  const { cost } = last;
  const lengths: number[] = [];
  for (; last; last = last.from) lengths.unshift(last.word.length);
  return { lengths, cost };
}

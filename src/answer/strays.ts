import type { ContentBase } from "../domain/content-base.ts";
import { crossValidate } from "./cross-validate.ts";

/** A sample question that a model which has not seen it would send to another page, or nearly would. */
export type Stray = {
  /** Page the sample belongs to. */
  entitlement: string;
  sample: string;
  /** The page, situation, clause or topic that wins, or comes nearest. */
  winner: string;
  /** How far the winner is ahead; negative when the right page still wins. */
  margin: number;
};

const FOLDS = 5;
/** The right page wins by less than this: another page nearly took the question. */
const NEARLY = 0.1;

/** Judges every sample question of a page by a model that learnt from the others only. Takes some seconds. */
export async function findStrays(content: ContentBase): Promise<Stray[]> {
  const strays: Stray[] = [];
  await crossValidate(content, FOLDS, ({ row, brain }) => {
    const { topic, text } = row;
    if (topic.type !== "entitlement") return;
    const found = brain.match(brain.normalise(text));
    const rivals = [...found.candidates, ...(found.outside === null ? [] : [found.outside])];
    const own = rivals.find((rival) => rival.topic.id === topic.id)?.probability ?? 0;
    const best = rivals
      .filter((rival) => rival.topic.id !== topic.id)
      .sort((one, other) => other.probability - one.probability)[0];
    if (best === undefined || best.probability < own - NEARLY) return;
    const margin = best.probability - own;
    strays.push({ entitlement: topic.id, sample: text, winner: best.topic.id, margin });
  });
  return strays.sort((one, other) => other.margin - one.margin);
}

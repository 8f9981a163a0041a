import type { ContentBase } from "../domain/content-base.ts";
import { type Brain, createBrain } from "./brain.ts";
import { learnAside } from "./learn-aside.ts";
import { type TrainingText, trainingTexts } from "./model.ts";

/** A text judged by a brain whose model never saw it. */
export type Unseen = { row: TrainingText; brain: Brain; seen: TrainingText[] };

const THREADS = 2;

/**
 * Splits the sample questions into folds and gives each to a brain that learnt from the others only.
 * Texts that are no sample questions (names, questions under Hỏi đáp) are learnt from in every fold and judged in none.
 */
export async function crossValidate(
  content: ContentBase,
  folds: number,
  judge: (unseen: Unseen) => void,
): Promise<void> {
  const texts = trainingTexts(content);
  const foldOf = new Map<TrainingText, number>();
  let count = 0;
  for (const row of texts) {
    if (row.sample) foldOf.set(row, count++ % folds);
  }
  const next = Array.from({ length: folds }, (_, fold) => fold);
  const work = async () => {
    for (let fold = next.shift(); fold !== undefined; fold = next.shift()) {
      const seen = texts.filter((row) => foldOf.get(row) !== fold);
      const brain = createBrain(content, await learnAside(content, seen));
      for (const row of texts) if (foldOf.get(row) === fold) judge({ row, brain, seen });
    }
  };
  await Promise.all(Array.from({ length: THREADS }, work));
}

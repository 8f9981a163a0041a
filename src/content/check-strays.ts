import { fold } from "../domain/fold.ts";
import type { Problem } from "../domain/problem.ts";
import type { ContentBase } from "../domain/content-base.ts";
import type { Claim } from "./marks.ts";

/** A sample question that a model which has not seen it would send to another page. */
export type Stray = {
  /** Page the sample belongs to. */
  entitlement: string;
  sample: string;
  /** Page it would be sent to. */
  winner: string;
  /** How far the winner is ahead, 0 to 1. */
  margin: number;
};

/** Scores each sample with a model that has not seen it. The matcher that does so is passed in. */
export type CrossValidate = (content: ContentBase) => Promise<Stray[]>;

/** The strays as warnings at the line of each sample. */
export function warnOfStrays(strays: Stray[], samples: Claim[]): Problem[] {
  return strays.flatMap((stray) => {
    const claim = samples.find(
      ({ owner, text }) => owner === stray.entitlement && fold(text) === fold(stray.sample),
    );
    if (claim === undefined) return [];
    const margin = stray.margin.toFixed(2).replace(".", ",");
    return [
      {
        severity: "warns" as const,
        ...claim.place,
        wrong: `câu "${stray.sample}" dễ bị hiểu thành trang ${stray.winner} (hơn ${margin})`,
        instead: "viết rõ hơn, thêm câu tương tự, hoặc chuyển sang trang kia nếu đúng ý",
      },
    ];
  });
}

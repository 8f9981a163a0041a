import { fold } from "../domain/fold.ts";
import type { Problem } from "../domain/problem.ts";
import type { Claim } from "./marks.ts";

/** A sample question that a model which has not seen it would send to `winner`, or nearly would (negative margin). */
export type Stray = { entitlement: string; sample: string; winner: string; margin: number };

/** The strays as warnings at the line of each sample. */
export function warnOfStrays(strays: Stray[], samples: Claim[]): Problem[] {
  const places = new Map(samples.map(({ owner, text, place }) => [keyOf(owner, text), place]));
  return strays.flatMap((stray) => {
    const place = places.get(keyOf(stray.entitlement, stray.sample));
    if (place === undefined) return [];
    const margin = Math.abs(stray.margin).toFixed(2).replace(".", ",");
    const wrong =
      stray.margin >= 0
        ? `câu "${stray.sample}" dễ bị hiểu thành ${stray.winner} (hơn ${margin})`
        : `câu "${stray.sample}" suýt bị hiểu thành ${stray.winner} (kém ${margin})`;
    const instead = "viết rõ hơn, thêm câu tương tự, hoặc chuyển sang trang kia nếu đúng ý";
    return [{ severity: "warns" as const, ...place, wrong, instead }];
  });
}

/** What pages take from one another: "A → B: 5 câu", the most first. */
export function describeStrays(strays: Stray[]): string[] {
  const pairs = new Map<string, { lost: number; nearly: number }>();
  for (const { entitlement, winner, margin } of strays) {
    const key = `${entitlement} → ${winner}`;
    const pair = pairs.get(key) ?? { lost: 0, nearly: 0 };
    if (margin >= 0) pair.lost += 1;
    else pair.nearly += 1;
    pairs.set(key, pair);
  }
  return [...pairs]
    .sort(([, one], [, other]) => other.lost + other.nearly - (one.lost + one.nearly))
    .map(([key, { lost, nearly }]) => `${key}: ${lost} câu mất, ${nearly} câu suýt mất`);
}

function keyOf(owner: string, text: string): string {
  return `${owner} ${fold(text)}`;
}

import { fold } from "../domain/fold.ts";
import type { Claim, Marks } from "./marks.ts";
import type { Report } from "./report.ts";

/** A name or a sample question leads to one place only, however it is typed: compared folded. */
export function checkClaims({ names, samples }: Marks, report: Report): void {
  for (const kind of ["entitlement", "agency", "parameter"] as const) {
    const ofKind = names.filter(({ among }) => among === kind);
    for (const [claim, earlier] of repeated(ofKind)) {
      // One owner may say its name twice: nobody is led astray.
      if (claim.owner !== earlier.owner) reportTaken("tên", claim, earlier, report);
    }
  }
  for (const [claim, earlier] of repeated(samples)) {
    reportTaken("câu hỏi mẫu", claim, earlier, report);
  }
}

/** Each claim that was made before, with the one that was first. */
function repeated<T extends Claim>(claims: T[]): [claim: T, earlier: T][] {
  const first = new Map<string, T>();
  const pairs: [T, T][] = [];
  for (const claim of claims) {
    // Nothing is left of a question in another script when it is folded.
    const key = fold(claim.text) || claim.text;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, claim);
    else pairs.push([claim, earlier]);
  }
  return pairs;
}

function reportTaken(what: string, claim: Claim, earlier: Claim, report: Report): void {
  const { file, line } = earlier.place;
  const wrong =
    earlier.owner === claim.owner
      ? `${what} "${claim.text}" trùng với dòng ${line}`
      : `${what} "${claim.text}" đã thuộc về ${earlier.owner} (${file}:${line})`;
  report.blocks(claim.place, wrong, "giữ ở một nơi, nơi kia viết khác đi hoặc xóa");
}

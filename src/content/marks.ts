import type { Day } from "../domain/day.ts";
import type { Place } from "./report.ts";

/** What a file may cite by id. */
export type CitedKind = "agency" | "clause" | "entitlement" | "field" | "parameter";

export type Citation = { kind: CitedKind; id: string; place: Place };

/** A sample question that only one owner may use. `owner` is said to the editor: a page id, or "hiểu lầm x". */
export type Claim = { text: string; owner: string; place: Place };

/** A name that only one owner may use among those of its kind. */
export type NameClaim = Claim & { among: "agency" | "entitlement" | "parameter" };

/** A paragraph or list item as plain text, each `{{…}}` left as `{{}}`; the line of `place` is that of its first character. */
export type Prose = {
  text: string;
  place: Place;
  /** The page it belongs to, or null. */
  entitlement: string | null;
  /** Names of instruments: rates in them are not rates. */
  legal: boolean;
};

export type Review = { what: string; on: Day; place: Place };

export type Link = { url: string; place: Place };

/** What the readers came across, with its place, for the checks that look across files. */
export type Marks = {
  citations: Citation[];
  names: NameClaim[];
  samples: Claim[];
  prose: Prose[];
  reviews: Review[];
  links: Link[];
};

export function createMarks(): Marks {
  return { citations: [], names: [], samples: [], prose: [], reviews: [], links: [] };
}

import { FACETS, type Facet } from "../domain/facet.ts";

/** How a page may write each heading; the first is the usual one. */
export const HEADINGS: Record<Facet, readonly [string, ...string[]]> = {
  who: ["Ai được hưởng"],
  benefit: ["Mức hưởng", "Mức đóng", "Mức vay"],
  documents: ["Hồ sơ và cách làm"],
  where: ["Nơi nộp"],
  deadline: ["Thời hạn"],
  legal: ["Căn cứ"],
};

export const FAQ_HEADING = "Hỏi đáp";

/** Every heading of a page, as it must be written. */
export const KNOWN_HEADINGS: readonly string[] = [
  ...FACETS.flatMap((facet) => HEADINGS[facet]),
  FAQ_HEADING,
];

export function facetOfHeading(heading: string): Facet | undefined {
  return FACETS.find((facet) => HEADINGS[facet].includes(heading));
}

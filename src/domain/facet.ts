/** The six headings of a page, in the order a page has them. */
export const FACETS = ["who", "benefit", "documents", "where", "deadline", "legal"] as const;

/** One heading of an entitlement's page (đề mục). */
export type Facet = (typeof FACETS)[number];

export function isFacet(text: string): text is Facet {
  return (FACETS as readonly string[]).includes(text);
}

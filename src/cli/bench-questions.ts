import { z } from "zod";
import type { ContentBase } from "../domain/content-base.ts";
import type { Facet } from "../domain/facet.ts";

/** A question with what a careful clerk would answer. */
export type BenchQuestion = {
  text: string;
  /** Pages accepted as the first one shown; empty: none of ours. */
  ids: string[];
  /** Headings accepted; empty: not judged. */
  facets: Facet[];
  style: string;
};

const FACETS_OF: Record<string, Facet[]> = {
  who: ["who"],
  benefit: ["benefit"],
  documents: ["documents"],
  where: ["where"],
  deadline: ["deadline"],
  legal: ["legal"],
  how: ["documents", "where"],
};

const line = z.object({
  q: z.string(),
  ids: z.array(z.string()),
  facet: z.string().nullable(),
  style: z.string(),
});

/** Reads `{"q","ids","facet","style"}` lines. Questions whose pages do not exist yet are left out. Throws on a line of another shape. */
export function readQuestions(source: string, content: ContentBase): BenchQuestion[] {
  return source
    .split("\n")
    .filter((row) => row.trim() !== "")
    .map((row) => line.parse(JSON.parse(row)))
    .filter(
      (row) => row.ids.length === 0 || row.ids.some((id) => content.entitlements[id] !== undefined),
    )
    .map((row) => ({
      text: row.q,
      ids: row.ids,
      facets: row.facet === null ? [] : (FACETS_OF[row.facet] ?? []),
      style: row.style,
    }));
}

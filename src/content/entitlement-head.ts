import * as z from "zod";
import type { Entitlement, PlaceKind, Sample } from "../domain/content-base.ts";
import { facetOfHeading, KNOWN_HEADINGS, FAQ_HEADING } from "./headings.ts";
import { readText } from "./markdown.ts";
import type { Marks } from "./marks.ts";
import { didYouMean } from "./near-miss.ts";
import type { Report } from "./report.ts";
import { atLeast, blame, day, markdown, optionalText, nonEmpty, texts } from "./schema.ts";
import type { YamlSource } from "./yaml-source.ts";
import { readAt } from "./yaml-read.ts";

const MIN_SAMPLES = 16;
const MIN_FACET_SAMPLES = 6;

const FACET_HEADINGS = KNOWN_HEADINGS.filter((heading) => heading !== FAQ_HEADING);

const facetName = nonEmpty.transform((heading, context) => {
  const facet = facetOfHeading(heading);
  if (facet !== undefined) return facet;
  const advice = didYouMean(
    heading,
    FACET_HEADINGS,
    `viết một trong: ${FACET_HEADINGS.join(", ")}`,
  );
  context.addIssue(blame(`không có đề mục "${heading}"`, advice));
  return z.NEVER;
});

/** A question, or a question and the heading it asks for. */
const sample = z.preprocess(
  (typed) => (typeof typed === "object" ? typed : { hoi: typed }),
  z
    .strictObject({ hoi: nonEmpty, de_muc: facetName.nullish() })
    .transform((row): Sample => ({ text: row.hoi, facet: row.de_muc ?? null })),
);

const samples = atLeast(sample, MIN_SAMPLES, "câu hỏi mẫu").refine(
  (list) => list.filter(({ facet }) => facet !== null).length >= MIN_FACET_SAMPLES,
  blame(
    `có chưa đủ ${MIN_FACET_SAMPLES} câu ghi de_muc`,
    "viết { hoi: …, de_muc: Hồ sơ và cách làm }",
  ),
);

const headSchema = z.strictObject({
  ten: nonEmpty,
  ten_goi_khac: texts,
  linh_vuc: nonEmpty,
  co_quan: nonEmpty,
  ke_hoach: texts,
  hieu_luc_tu: day,
  soat_ngay: day,
  soat_boi: nonEmpty,
  duyet_boi: optionalText,
  cau_hoi_mau: samples,
  theo_noi_o: z
    .strictObject({
      "dac-khu": markdown.optional(),
      "xa-dao": markdown.optional(),
      phuong: markdown.optional(),
      xa: markdown.optional(),
    })
    .nullish(),
});

export type EntitlementHead = z.output<typeof headSchema>;

/** The part of a page between the `---` lines. */
export function readHead(
  id: string,
  source: YamlSource,
  marks: Marks,
  report: Report,
): EntitlementHead | null {
  const head = readAt(source, [], headSchema, report);
  if (head === null) return null;
  const { placeOf } = source;
  marks.citations.push(
    { kind: "field", id: head.linh_vuc, place: placeOf("linh_vuc") },
    { kind: "agency", id: head.co_quan, place: placeOf("co_quan") },
    ...head.ke_hoach.map((clause, index) => ({
      kind: "clause" as const,
      id: clause,
      place: placeOf("ke_hoach", index),
    })),
  );
  marks.names.push(
    { among: "entitlement", text: head.ten, owner: id, place: placeOf("ten") },
    ...head.ten_goi_khac.map((name, index) => ({
      among: "entitlement" as const,
      text: name,
      owner: id,
      place: placeOf("ten_goi_khac", index),
    })),
  );
  for (const [index, question] of head.cau_hoi_mau.entries()) {
    marks.samples.push({ text: question.text, owner: id, place: placeOf("cau_hoi_mau", index) });
  }
  marks.reviews.push({ what: `trang ${id}`, on: head.soat_ngay, place: placeOf("soat_ngay") });
  return head;
}

/** The kinds of place as `theo_noi_o` names them. */
const PLACE_NAMES = {
  "dac-khu": "specialZone",
  "xa-dao": "island",
  phuong: "ward",
  xa: "commune",
} as const satisfies Record<string, PlaceKind>;

/** What the page says to people who live in a place of some kind. */
export function readPlaceNotes(
  id: string,
  head: EntitlementHead,
  source: YamlSource,
  marks: Marks,
  report: Report,
): Entitlement["placeNotes"] {
  const notes: Entitlement["placeNotes"] = {};
  for (const [name, text] of Object.entries(head.theo_noi_o ?? {})) {
    if (text === undefined) continue;
    const place = source.placeOf("theo_noi_o", name);
    const { blocks, plain } = readText(text, place, marks, report);
    marks.prose.push(...plain.map((part) => ({ ...part, entitlement: id, legal: false })));
    notes[PLACE_NAMES[name as keyof typeof PLACE_NAMES]] = blocks;
  }
  return notes;
}

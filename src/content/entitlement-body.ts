import type { Faq, Section } from "../domain/content-base.ts";
import { FACETS, type Facet } from "../domain/facet.ts";
import { splitSentences } from "../domain/fold.ts";
import type { TextBlock } from "../domain/text.ts";
import { FAQ_HEADING, facetOfHeading, HEADINGS, KNOWN_HEADINGS } from "./headings.ts";
import type { Part, PlainText } from "./markdown.ts";
import { didYouMean } from "./near-miss.ts";
import type { Place, Report } from "./report.ts";

const MAX_SUMMARY_SENTENCES = 3;
const MAX_ANSWER_SENTENCES = 3;
const MIN_FAQS = 4;
const LONG_SECTION_CHARACTERS = 900;
const NOT_APPLICABLE = /^Không áp dụng:\s*/u;

export type EntitlementBody = {
  summary: TextBlock[];
  sections: Record<Facet, Section>;
  faqs: Faq[];
};

type Heading = Facet | "faq";
const ORDER: readonly Heading[] = [...FACETS, "faq"];

/** The part of a page below the `---` lines: summary, the six headings in their order, Hỏi đáp. Null when a heading is missing. */
export function readBody(parts: Part[], file: string, report: Report): EntitlementBody | null {
  const [summary, ...rest] = parts;
  if (summary === undefined) return null;
  if (summary.blocks.length === 0) {
    report.blocks(
      summary.place,
      "thiếu đoạn tóm tắt",
      "viết một đoạn ngắn, tối đa ba câu, trước tiêu đề đầu tiên",
    );
  }
  checkSentences(
    summary.plain,
    MAX_SUMMARY_SENTENCES,
    "tóm tắt",
    summary.plain[0]?.place ?? summary.place,
    report,
  );

  const found = new Map<Heading, Part>();
  const questions: Part[] = [];
  let current: Heading | undefined;
  for (const part of rest) {
    if (part.depth === 3 && current === "faq") {
      questions.push(part);
      continue;
    }
    const heading = headingOf(part, report);
    current = heading ?? (part.depth === 2 ? undefined : current);
    if (heading === undefined) continue;
    const earlier = found.get(heading);
    if (earlier !== undefined) {
      report.blocks(
        part.place,
        `tiêu đề "${part.heading}" trùng với dòng ${earlier.place.line}`,
        "gộp hai phần làm một",
      );
      continue;
    }
    checkOrder(part, heading, found, report);
    found.set(heading, part);
  }
  return assemble(summary, found, questions, file, report);
}

function headingOf(part: Part, report: Report): Heading | undefined {
  const heading = part.heading === FAQ_HEADING ? "faq" : facetOfHeading(part.heading);
  if (heading !== undefined && part.depth === 2) return heading;
  if (heading !== undefined) {
    report.blocks(
      part.place,
      `tiêu đề "${part.heading}" phải có hai dấu #`,
      `viết ## ${part.heading}`,
    );
    return heading;
  }
  if (part.depth === 3) {
    report.blocks(
      part.place,
      `"${part.heading}" nằm ngoài phần ${FAQ_HEADING}`,
      `đặt câu hỏi dưới ## ${FAQ_HEADING}`,
    );
    return undefined;
  }
  const list = `chỉ dùng: ${KNOWN_HEADINGS.join(", ")}`;
  report.blocks(
    part.place,
    `không có tiêu đề "${part.heading}"`,
    didYouMean(part.heading, KNOWN_HEADINGS, list),
  );
  return undefined;
}

function checkOrder(part: Part, heading: Heading, found: Map<Heading, Part>, report: Report): void {
  const rank = ORDER.indexOf(heading);
  const later = [...found].find(([other]) => ORDER.indexOf(other) > rank);
  if (later === undefined) return;
  report.blocks(
    part.place,
    `tiêu đề "${part.heading}" đứng sau "${later[1].heading}"`,
    `đưa lên trước ## ${later[1].heading}`,
  );
}

function assemble(
  summary: Part,
  found: Map<Heading, Part>,
  questions: Part[],
  file: string,
  report: Report,
): EntitlementBody | null {
  const sections: Partial<Record<Facet, Section>> = {};
  for (const facet of FACETS) {
    const part = found.get(facet);
    const [usual] = HEADINGS[facet];
    if (part === undefined)
      report.blocks(
        { file, line: 0 },
        `thiếu tiêu đề "${usual}"`,
        `thêm ## ${usual}; không có thì viết Không áp dụng: lý do`,
      );
    else sections[facet] = readSection(part, facet, report);
  }
  if (!found.has("faq")) {
    report.blocks(
      { file, line: 0 },
      `thiếu tiêu đề "${FAQ_HEADING}"`,
      `thêm ## ${FAQ_HEADING} và ít nhất ${MIN_FAQS} câu hỏi ###`,
    );
  } else if (questions.length < MIN_FAQS) {
    const place = found.get("faq")?.place ?? summary.place;
    report.blocks(
      place,
      `mới có ${questions.length} câu Hỏi đáp`,
      `cần ít nhất ${MIN_FAQS} câu hỏi, mỗi câu một dòng ###`,
    );
  }
  const faqs = readFaqs(found.get("faq"), questions, report);
  return isComplete(sections) ? { summary: summary.blocks, sections, faqs } : null;
}

function isComplete(sections: Partial<Record<Facet, Section>>): sections is Record<Facet, Section> {
  return FACETS.every((facet) => sections[facet] !== undefined);
}

function readSection(part: Part, facet: Facet, report: Report): Section {
  const { heading, place, blocks, plain } = part;
  const [first] = plain;
  if (first === undefined) {
    report.blocks(
      place,
      `phần "${heading}" còn trống`,
      "viết nội dung, hoặc viết Không áp dụng: lý do",
    );
  }
  const reason =
    first !== undefined && NOT_APPLICABLE.test(first.text)
      ? first.text.replace(NOT_APPLICABLE, "").replaceAll("\n", " ")
      : null;
  if (reason?.trim() === "") {
    report.blocks(
      place,
      `phần "${heading}" không nói vì sao không áp dụng`,
      "viết Không áp dụng: rồi lý do trong vài chữ",
    );
  }
  if (
    facet === "legal" &&
    reason === null &&
    first !== undefined &&
    !blocks.some((block) => block.type === "list")
  ) {
    report.blocks(
      first.place,
      "phần Căn cứ không có danh sách văn bản",
      "mỗi văn bản một dòng: - Luật …, Điều …",
    );
  }
  const length = plain.reduce((sum, piece) => sum + piece.text.length, 0);
  if (length > LONG_SECTION_CHARACTERS) {
    report.warns(
      place,
      `phần "${heading}" dài ${length} ký tự`,
      `nên dưới ${LONG_SECTION_CHARACTERS} ký tự; đưa chi tiết xuống Hỏi đáp`,
    );
  }
  return { heading, notApplicable: reason, body: reason === null ? blocks : blocks.slice(1) };
}

function readFaqs(intro: Part | undefined, questions: Part[], report: Report): Faq[] {
  if (intro !== undefined && intro.blocks.length > 0) {
    report.blocks(
      intro.plain[0]?.place ?? intro.place,
      "có chữ trước câu hỏi đầu tiên",
      "đặt câu hỏi ở dòng ### rồi trả lời bên dưới",
    );
  }
  return questions.map(({ heading, place, blocks, plain }) => {
    if (heading === "") report.blocks(place, "câu hỏi còn trống", "viết câu hỏi sau dấu ###");
    if (blocks.length === 0)
      report.blocks(place, `chưa trả lời "${heading}"`, "viết câu trả lời, tối đa ba câu");
    checkSentences(plain, MAX_ANSWER_SENTENCES, "câu trả lời", plain[0]?.place ?? place, report);
    return { question: heading, answer: blocks };
  });
}

function checkSentences(
  plain: PlainText[],
  max: number,
  what: string,
  place: Place,
  report: Report,
): void {
  // A list belongs to the sentence that leads to it, so its items are not told apart.
  const text = plain.map((piece) => piece.text.replaceAll("\n", " ")).join(" ");
  const count = splitSentences(text).length;
  if (count > max) report.blocks(place, `${what} có ${count} câu`, `rút còn tối đa ${max} câu`);
}

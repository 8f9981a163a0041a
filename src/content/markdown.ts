import { fromMarkdown } from "mdast-util-from-markdown";
import type { BlockContent, DefinitionContent, List, PhrasingContent, RootContent } from "mdast";
import { parseExpression } from "../domain/parameter.ts";
import type { Inline, TextBlock } from "../domain/text.ts";
import type { Marks } from "./marks.ts";
import type { Place, Report } from "./report.ts";

/** A heading and the blocks below it as far as the next heading; depth 0 for what comes before the first one. */
export type Part = {
  depth: number;
  heading: string;
  place: Place;
  blocks: TextBlock[];
  plain: PlainText[];
};

/** A paragraph or list item as it is typed, with each `{{…}}` left as `{{}}`. */
export type PlainText = { text: string; place: Place };

type Context = { place: Place; marks: Marks; report: Report };

/**
 * Reads the small part of Markdown that pages use: headings, paragraphs, one-level lists, bold, links and `{{…}}`.
 * Everything else is a problem, since no channel could show it. Parameters and links go into the marks.
 */
export function readMarkdown(text: string, start: Place, marks: Marks, report: Report): Part[] {
  const first: Part = { depth: 0, heading: "", place: start, blocks: [], plain: [] };
  const parts = [first];
  let part = first;
  for (const node of fromMarkdown(text).children) {
    const context = { place: placeOf(node, start), marks, report };
    if (node.type === "heading") {
      const heading = plainTextOf(node.children).replaceAll("\n", " ").trim();
      if (/\{\{|\}\}/.test(heading)) {
        report.blocks(
          context.place,
          "tiêu đề có {{…}}",
          "viết tiêu đề bằng chữ, để {{…}} ở phần dưới",
        );
      }
      part = { depth: node.depth, heading, place: context.place, blocks: [], plain: [] };
      parts.push(part);
    } else addBlock(part, node, start, context);
  }
  return parts;
}

/** The blocks of a text without headings, as YAML files hold it. */
export function readText(
  text: string,
  start: Place,
  marks: Marks,
  report: Report,
): { blocks: TextBlock[]; plain: PlainText[] } {
  const [first, second] = readMarkdown(text, start, marks, report);
  if (second !== undefined) {
    report.blocks(second.place, "câu này bắt đầu bằng dấu #, thành tiêu đề", "bỏ dấu # ở đầu dòng");
  }
  return { blocks: first?.blocks ?? [], plain: first?.plain ?? [] };
}

function addBlock(part: Part, node: RootContent, start: Place, context: Context): void {
  if (node.type === "paragraph") {
    part.blocks.push({ type: "paragraph", content: readInlines(node.children, start, context) });
    part.plain.push(plainAt(node.children, context));
    reportBadLines(plainTextOf(node.children), context);
  } else if (node.type === "list") {
    const items = listItems(node, start, context);
    part.blocks.push({
      type: "list",
      ordered: node.ordered === true,
      items: items.map((item) =>
        readInlines(item.children, start, { ...context, place: item.place }),
      ),
    });
    part.plain.push(
      ...items.map((item) => plainAt(item.children, { ...context, place: item.place })),
    );
  } else {
    const [wrong, instead] = FORBIDDEN[node.type] ?? UNKNOWN;
    context.report.blocks(context.place, wrong, instead);
  }
}

/** What looks like a heading, list or table to its writer, but is read as a sentence. */
const BAD_LINES: [start: RegExp, wrong: string, instead: string][] = [
  [/^#+[^\s#]/m, "thiếu dấu cách sau dấu #", "viết ## Ai được hưởng"],
  [/^-[^\s\d-]/m, "thiếu dấu cách sau dấu - ở đầu dòng", "viết - Tờ khai"],
  [/^[•●▪–]\s/m, "danh sách dùng dấu lạ ở đầu dòng", "bắt đầu mỗi mục bằng dấu - và một dấu cách"],
  [/^\|.*\|/m, "có bảng", "viết thành danh sách gạch đầu dòng"],
];

function reportBadLines(text: string, { place, report }: Context): void {
  for (const [start, wrong, instead] of BAD_LINES) {
    const offset = text.search(start);
    if (offset !== -1) report.blocks(lineWithin(place, text, offset), wrong, instead);
  }
}

type Item = { children: PhrasingContent[]; place: Place };

function listItems(list: List, start: Place, { report }: Context): Item[] {
  const items: Item[] = [];
  for (const { children, position } of list.children) {
    const [first, ...rest] = children;
    const place = { file: start.file, line: lineOf(position, start) };
    if (first?.type === "paragraph") {
      items.push({ children: first.children, place: placeOf(first, start) });
    } else if (first === undefined) {
      report.blocks(place, "mục gạch đầu dòng còn trống", "viết nội dung hoặc xóa dòng này");
    }
    for (const node of first?.type === "paragraph" ? rest : children)
      reportInItem(node, start, report);
  }
  return items;
}

function reportInItem(node: BlockContent | DefinitionContent, start: Place, report: Report): void {
  const [wrong, instead] =
    node.type === "list"
      ? ["danh sách nằm trong danh sách", "chỉ dùng một bậc gạch đầu dòng"]
      : (FORBIDDEN[node.type] ?? [
          "một mục gạch đầu dòng có nhiều đoạn",
          "viết mỗi mục thành một đoạn",
        ]);
  report.blocks(placeOf(node, start), wrong, instead);
}

function readInlines(nodes: PhrasingContent[], start: Place, context: Context): Inline[] {
  return nodes.flatMap((node) =>
    readInline(node, start, { ...context, place: placeOf(node, start) }),
  );
}

function readInline(node: PhrasingContent, start: Place, context: Context): Inline[] {
  switch (node.type) {
    case "text":
      return readWords(node.value, context);
    case "break":
      return [{ type: "text", text: " " }];
    case "strong": {
      const text = plainTextOf(node.children).replaceAll("\n", " ");
      const inner = readInlines(node.children, start, context);
      return inner.some((part) => part.type === "value") ? inner : [{ type: "strong", text }];
    }
    case "link":
      return [readLink(plainTextOf(node.children), node.url, context)];
    case "delete":
    case "emphasis":
    case "footnoteReference":
    case "html":
    case "image":
    case "imageReference":
    case "inlineCode":
    case "linkReference": {
      const [wrong, instead] = FORBIDDEN[node.type] ?? UNKNOWN;
      context.report.blocks(context.place, wrong, instead);
      return [];
    }
  }
}

const VALUE_OR_URL = /\{\{([^{}]*)\}\}|(https?:\/\/[^\s<>"”]*[^\s<>"”.,;:!?)])/g;

/** Text with `{{…}}` and bare addresses taken out. */
function readWords(text: string, context: Context): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  const addText = (until: number): void => {
    const words = text.slice(end, until);
    const at = lineWithin(context.place, text, end);
    if (words.includes("{{") || words.includes("}}")) {
      context.report.blocks(
        at,
        "có {{ hoặc }} không đủ cặp",
        "viết {{tên-mức}} liền trên một dòng",
      );
    }
    if (words !== "") inlines.push({ type: "text", text: words.replace(/\s*\n\s*/g, " ") });
  };
  for (const match of text.matchAll(VALUE_OR_URL)) {
    addText(match.index);
    end = match.index + match[0].length;
    const at = { ...context, place: lineWithin(context.place, text, match.index) };
    if (match[2] !== undefined) inlines.push(readLink(match[2], match[2], at));
    else inlines.push(...readValue(match[1] ?? "", at));
  }
  addText(text.length);
  return inlines;
}

function readValue(source: string, { place, marks, report }: Context): Inline[] {
  const expression = parseExpression(source);
  if ("problem" in expression) {
    report.blocks(
      place,
      `không đọc được {{${source}}}: ${expression.problem}`,
      "viết như {{luong-co-so}} hoặc {{luong-co-so * 4,5%}}",
    );
    return [];
  }
  const ids = expression.operands.flatMap((operand) =>
    operand.type === "parameter" ? [operand.id] : [],
  );
  if (ids.length === 0) {
    report.blocks(
      place,
      `{{${source}}} không có tên mức nào`,
      "viết tên mức trong muc.yaml, ví dụ {{luong-co-so}}",
    );
  }
  marks.citations.push(...ids.map((id) => ({ kind: "parameter" as const, id, place })));
  return [{ type: "value", expression }];
}

function readLink(text: string, url: string, { place, marks, report }: Context): Inline {
  if (url.startsWith("https://")) marks.links.push({ url, place });
  else
    report.blocks(
      place,
      `liên kết "${url}" không phải https`,
      "dùng địa chỉ bắt đầu bằng https://",
    );
  return { type: "link", text, url };
}

function plainAt(children: PhrasingContent[], { place }: Context): PlainText {
  return { text: plainTextOf(children).replace(/\{\{[^{}]*\}\}/g, "{{}}"), place };
}

function plainTextOf(nodes: PhrasingContent[]): string {
  return nodes
    .map((node) => {
      if (node.type === "break") return "\n";
      if ("children" in node) return plainTextOf(node.children);
      return node.type === "text" ? node.value : "";
    })
    .join("");
}

type Positioned = { position?: { start: { line: number } } | undefined };

function placeOf(node: Positioned, start: Place): Place {
  return { file: start.file, line: lineOf(node.position, start) };
}

function lineOf(position: Positioned["position"], start: Place): number {
  return (position?.start.line ?? 1) + start.line - 1;
}

function lineWithin(place: Place, text: string, offset: number): Place {
  return { file: place.file, line: place.line + text.slice(0, offset).split("\n").length - 1 };
}

const UNKNOWN: [string, string] = [
  "có cách trình bày không dùng được",
  "chỉ dùng đoạn văn, gạch đầu dòng, **chữ đậm**, liên kết",
];

const FORBIDDEN: Record<string, [wrong: string, instead: string]> = {
  html: ["có mã HTML (dấu < >)", "bỏ thẻ HTML, viết chữ thường; chữ đậm dùng **…**"],
  code: ["có khối mã, thường vì dòng thụt vào 4 dấu cách", "bỏ các dấu cách ở đầu dòng"],
  inlineCode: ["có chữ trong dấu `", "bỏ dấu `"],
  emphasis: ["có chữ nghiêng", "bỏ dấu * hoặc _; chữ đậm dùng **…**"],
  image: ["có hình", "bỏ hình, viết bằng chữ"],
  imageReference: ["có hình", "bỏ hình, viết bằng chữ"],
  linkReference: ["liên kết thiếu địa chỉ", "viết [chữ](https://…)"],
  definition: ["liên kết tách rời", "viết liền: [chữ](https://…)"],
  blockquote: ["có dấu > ở đầu dòng", "bỏ dấu >"],
  thematicBreak: ["có dòng gạch ngang", "bỏ dòng này"],
  heading: ["có tiêu đề trong danh sách", "bỏ dấu #"],
};

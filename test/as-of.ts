import { say } from "../src/answer/compose.ts";
import type { Agency } from "../src/domain/agency.ts";
import type { ContentBase, Entitlement, PhraseKey } from "../src/domain/content-base.ts";
import type { Day } from "../src/domain/day.ts";
import { FACETS } from "../src/domain/facet.ts";
import {
  type Amount,
  type DatedValue,
  evaluate,
  type Expression,
  formatAmount,
  type Operand,
} from "../src/domain/parameter.ts";
import type { Inline, TextBlock } from "../src/domain/text.ts";

/** Whether a day lies between two others, both included; `to` null: no end. */
export function within(day: Day, { from, to }: { from: Day; to: Day | null }): boolean {
  return from <= day && (to === null || day <= to);
}

/** The amount of an expression on a day, from rows looked up here: the bot's own choice of rows is what is tested. */
export function amountAsOf(
  content: ContentBase,
  expression: Expression,
  day: Day,
): Amount | undefined {
  const operands: Operand[] = [];
  const units: Amount["unit"][] = [];
  let computed = false;
  for (const operand of expression.operands) {
    if (operand.type === "number") {
      operands.push(operand);
      continue;
    }
    const row = rowAsOf(content, operand.id, day);
    const amount = row && amountAsOf(content, row.value, day);
    if (row === undefined || amount === undefined) return undefined;
    operands.push({ type: "number", value: amount.value });
    units.push(content.parameters[operand.id]?.unit ?? "đồng");
    computed ||= amount.computed || row.confidence === "computed";
  }
  const result = evaluate({}, { operands, operators: expression.operators }, day);
  return result && { ...result, unit: units[0] ?? "đồng", computed };
}

export function rowAsOf(content: ContentBase, id: string, day: Day): DatedValue | undefined {
  return content.parameters[id]?.values.find((row) => within(day, row));
}

/** The lines a text of the content must show on a day. */
export function linesAsOf(content: ContentBase, blocks: TextBlock[], day: Day): string[] {
  const line = (inlines: Inline[]) => inlines.map((inline) => shown(content, inline, day)).join("");
  return blocks.flatMap((block) =>
    block.type === "paragraph" ? line(block.content).split("\n") : block.items.map(line),
  );
}

function shown(content: ContentBase, inline: Inline, day: Day): string {
  switch (inline.type) {
    case "text":
    case "strong":
      return inline.text;
    case "link":
      return inline.url === inline.text ? inline.text : `${inline.text} (${inline.url})`;
    case "value": {
      const amount = amountAsOf(content, inline.expression, day);
      return amount === undefined ? say(content, "noValueOnDay") : formatAmount(amount);
    }
  }
}

/** Everything a page can be asked for: the summary, each heading, each question under Hỏi đáp. */
export function partsOf(page: Entitlement) {
  const section = (facet: (typeof FACETS)[number]) => page.sections[facet];
  return [
    { name: "tóm tắt", facet: null, faq: null, applies: true, blocks: page.summary },
    ...FACETS.map((facet) => ({
      name: section(facet).heading,
      facet,
      faq: null,
      applies: section(facet).notApplicable === null,
      blocks: section(facet).body,
    })),
    ...page.faqs.map((faq, index) => ({
      name: faq.question,
      facet: null,
      faq: index,
      applies: true,
      blocks: faq.answer,
    })),
  ];
}

/** The words that fill one of the bot's own sentences, for each time it stands in a text. */
export function filledIn(
  content: ContentBase,
  key: PhraseKey,
  text: string,
): Record<string, string>[] {
  const pattern = content.phrases.sentences[key]
    .split(/(\{\w+\})/)
    .map((part) =>
      /^\{\w+\}$/.test(part) ? `(?<${part.slice(1, -1)}>.*?)` : part.replace(/[.?()[\]]/g, "\\$&"),
    )
    .join("");
  return [...text.matchAll(new RegExp(pattern, "gu"))].map((found) => found.groups ?? {});
}

/** Whether an agency of that name exists on the day. */
export function existsOn(content: ContentBase, name: string | undefined, day: Day): boolean {
  return Object.values(content.agencies).some(
    (agency: Agency) => agency.name === name && within(day, agency),
  );
}

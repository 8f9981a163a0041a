import { agencyOn } from "../domain/agency.ts";
import type { ContentBase, Entitlement } from "../domain/content-base.ts";
import { type Day, formatDay } from "../domain/day.ts";
import { FACETS } from "../domain/facet.ts";
import {
  type Amount,
  amountOn,
  evaluate,
  type Expression,
  formatAmount,
} from "../domain/parameter.ts";
import type { TextBlock } from "../domain/text.ts";

/** An answer that reads otherwise on the later day, and why. Texts are Vietnamese, for staff. */
export type Change = { where: string; why: string[]; lost: boolean };

/** Every answer that differs between two days: amounts, offices, and pages whose prose is not yet true. */
export function rehearse(content: ContentBase, today: Day, later: Day): Change[] {
  const changes: Change[] = [];
  for (const page of Object.values(content.entitlements)) {
    for (const part of partsOf(page)) {
      add(changes, `${page.id}: ${part.name}`, amountChanges(content, part.blocks, today, later));
    }
    add(changes, `${page.id}: nơi nộp`, agencyChange(content, page, today, later));
    add(changes, `${page.id}: cả trang`, truthChange(page.trueFrom, today, later));
  }
  for (const row of content.misconceptions) {
    add(changes, `hiểu lầm ${row.id}`, amountChanges(content, row.truth, today, later));
  }
  for (const situation of content.situations) {
    const why = amountChanges(content, situation.firstStep, today, later);
    add(changes, `tình huống ${situation.id}`, why);
  }
  for (const parameter of Object.values(content.parameters)) {
    const expression: Expression = {
      operands: [{ type: "parameter", id: parameter.id }],
      operators: [],
    };
    add(changes, `mức ${parameter.id}`, expressionChange(content, expression, today, later));
  }
  return changes;
}

function add(changes: Change[], where: string, why: Reason[]): void {
  if (why.length === 0) return;
  changes.push({
    where,
    why: [...new Set(why.map((reason) => reason.text))],
    lost: why.some((reason) => reason.lost),
  });
}

type Reason = { text: string; lost: boolean };

function partsOf(page: Entitlement): { name: string; blocks: TextBlock[] }[] {
  return [
    { name: "tóm tắt", blocks: page.summary },
    ...FACETS.map((facet) => ({
      name: page.sections[facet].heading,
      blocks: page.sections[facet].body,
    })),
    ...page.faqs.map((faq) => ({ name: `“${faq.question}”`, blocks: faq.answer })),
    ...Object.values(page.placeNotes).map((blocks) => ({ name: "theo nơi ở", blocks })),
  ];
}

function amountChanges(
  content: ContentBase,
  blocks: TextBlock[],
  today: Day,
  later: Day,
): Reason[] {
  const inlines = blocks.flatMap((block) =>
    block.type === "paragraph" ? block.content : block.items.flat(),
  );
  return inlines.flatMap((inline) =>
    inline.type === "value" ? expressionChange(content, inline.expression, today, later) : [],
  );
}

function expressionChange(
  content: ContentBase,
  expression: Expression,
  today: Day,
  later: Day,
): Reason[] {
  const before = evaluate(content.parameters, expression, today);
  const after = evaluate(content.parameters, expression, later);
  if (before?.value === after?.value && before?.computed === after?.computed) return [];
  const name = expression.operands
    .map((operand) => (operand.type === "parameter" ? operand.id : String(operand.value)))
    .join(" ");
  const source = after === undefined ? "" : ` (${sourcesOf(content, expression, later)})`;
  const text = `mức ${name}: ${shown(before)} → ${shown(after)}${source}`;
  return [{ text, lost: after === undefined }];
}

function sourcesOf(content: ContentBase, expression: Expression, day: Day): string {
  const legal = expression.operands.flatMap((operand) =>
    operand.type === "parameter"
      ? (amountOn(content.parameters, operand.id, day)?.legal ?? [])
      : [],
  );
  return [...new Set(legal)].join("; ");
}

function shown(amount: Amount | undefined): string {
  return amount === undefined ? "không có số liệu" : formatAmount(amount);
}

function agencyChange(content: ContentBase, page: Entitlement, today: Day, later: Day): Reason[] {
  const before = agencyOn(content.agencies, page.agency, page.field, today);
  const after = agencyOn(content.agencies, page.agency, page.field, later);
  if (before?.id === after?.id) return [];
  const text = `cơ quan: ${before?.name ?? "chưa rõ"} → ${after?.name ?? "chưa rõ"}`;
  return [{ text, lost: after === undefined }];
}

function truthChange(trueFrom: Day, today: Day, later: Day): Reason[] {
  const before = today >= trueFrom;
  const after = later >= trueFrom;
  if (before === after) return [];
  return after
    ? [{ text: `trang có hiệu lực từ ${formatDay(trueFrom)}`, lost: false }]
    : [{ text: `trang chưa có hiệu lực trước ${formatDay(trueFrom)}`, lost: true }];
}

import { agencyOn, isAlive } from "../domain/agency.ts";
import type { Commune } from "../domain/commune.ts";
import type { ContentBase, Target } from "../domain/content-base.ts";
import { formatDay } from "../domain/day.ts";
import { formatAmount, formatNumber, periodsOf } from "../domain/parameter.ts";
import type { Block, Button } from "../domain/reply.ts";
import {
  about,
  clauseName,
  type Composed,
  entitlementButton,
  say,
  type Setting,
  text,
  withLowerKind,
} from "./compose.ts";
import { WHOLE_PLAN } from "./model.ts";

const MAX_PAGE_BUTTONS = 4;

/** An office by today's or a former name: what it handles, or who took over which field. */
export function composeAgency(setting: Setting, id: string): Composed {
  const { content, day } = setting;
  const agency = content.agencies[id];
  if (agency === undefined) throw new Error(`no agency ${id}`);
  const blocks: Block[] = [{ type: "heading", text: agency.name }];
  let today = agency.id;
  if (isAlive(agency, day)) {
    const sentences = [`${capital(agency.about)}.`];
    if (!agency.confirmed) sentences.push(say(content, "agencyUnconfirmed"));
    const contact = [agency.address, agency.phone, agency.website]
      .filter((part) => part !== null)
      .join(", ");
    sentences.push(contact === "" ? say(content, "whereNoContact") : `${contact}.`);
    blocks.push(text(sentences.join(" ").replace(/\.\.(?=\s|$)/g, ".")));
  } else {
    const heirs = heirsOn(setting, id);
    today = heirs[0]?.agencyId ?? agency.id;
    const ended = agency.to !== null && agency.to < day;
    const turn = formatDay(ended && agency.to !== null ? agency.to : agency.from);
    blocks.push(
      text(say(content, ended ? "agencyEnded" : "agencyNotYet", { ten: agency.name, ngay: turn })),
    );
    blocks.push({
      type: "list",
      ordered: false,
      items: heirs.map((heir) => [{ text: `${heir.fields}: ` }, { text: heir.name, strong: true }]),
    });
    blocks.push(text(say(content, "whereNoContact")));
  }
  if (agency.legal !== null)
    blocks.push({
      type: "source",
      text: `Căn cứ: ${agency.legal}. Đối chiếu ngày ${formatDay(agency.reviewedOn)}.`,
    });
  const buttons = agency.fields.flatMap((field): Button[] => {
    const found = content.fields[field];
    return found === undefined ? [] : [{ label: found.name, action: { do: "field", id: field } }];
  });
  return {
    blocks,
    buttons: buttons.slice(0, MAX_PAGE_BUTTONS),
    about: about({ outcome: "answer", kind: "agency", agency: today }),
  };
}

function heirsOn(
  setting: Setting,
  id: string,
): { agencyId: string; name: string; fields: string }[] {
  const { content, day } = setting;
  const agency = content.agencies[id];
  const heirs = new Map<string, string[]>();
  for (const field of agency?.fields ?? []) {
    const heir = agencyOn(content.agencies, id, field, day);
    if (heir === undefined) continue;
    heirs.set(heir.id, [...(heirs.get(heir.id) ?? []), content.fields[field]?.name ?? field]);
  }
  if (heirs.size === 0) {
    const heir = agencyOn(content.agencies, id, "*", day);
    if (heir !== undefined) heirs.set(heir.id, [agency?.about ?? ""]);
  }
  return [...heirs].map(([agencyId, fields]) => ({
    agencyId,
    name: content.agencies[agencyId]?.name ?? agencyId,
    fields: fields.join(", "),
  }));
}

/** A commune by today's or a former name: what it was made from, and its one-stop desk. */
export function composeCommune(setting: Setting, commune: Commune): Composed {
  const { content } = setting;
  const name = withLowerKind(commune.name);
  const parts = commune.madeFrom.map(
    (part) => `${part.name} (${part.district})${part.divided ? ", một phần" : ""}`,
  );
  const unchanged = commune.madeFrom.length === 1 && commune.madeFrom[0]?.name === commune.name;
  const blocks: Block[] = [
    { type: "heading", text: `${commune.name}, tỉnh An Giang` },
    text(
      unchanged
        ? say(content, "communeIs", { ten: commune.name })
        : say(content, "communeMerged", { ten: commune.name }),
    ),
  ];
  if (!unchanged)
    blocks.push({ type: "list", ordered: false, items: parts.map((part) => [{ text: part }]) });
  if (commune.madeFrom.some((part) => part.divided))
    blocks.push(text(say(content, "communeDivided")));
  if (commune.island !== "no") {
    blocks.push(
      text(
        say(content, commune.island === "yes" ? "communeIsland" : "communeIslandUnconfirmed", {
          ten: name,
        }),
      ),
    );
  }
  blocks.push(
    text(`${say(content, "whereCommuneDesk", { ten: name })} ${say(content, "communeRemembered")}`),
  );
  blocks.push({ type: "source", text: "Căn cứ: Nghị quyết 1654/NQ-UBTVQH15, từ ngày 01/07/2025." });
  return {
    blocks,
    buttons: [],
    about: about({ outcome: "answer", kind: "commune", agency: "ubnd-xa" }),
  };
}

/** A dated value by its name: what it is on the day, since when, by which instrument, and what it is at other times. */
export function composeParameter(setting: Setting, id: string): Composed {
  const { content, day } = setting;
  const parameter = content.parameters[id];
  if (parameter === undefined) throw new Error(`no parameter ${id}`);
  const periods = periodsOf(content.parameters, id);
  const now = periods.find(
    (period) => period.from <= day && (period.to === null || day <= period.to),
  );
  const others = periods.filter((period) => period !== now);
  const blocks: Block[] = [{ type: "heading", text: parameter.name }];
  if (now === undefined) {
    blocks.push(text(capital(`${say(content, "noValueOnDay")}.`)));
  } else {
    const per = /\/(.+)$/.exec(now.amount.unit)?.[1];
    const amount = `${formatAmount(now.amount)}${per === undefined ? "" : ` một ${per}`}`;
    blocks.push(
      text(capital(say(content, "parameterIs", { muc: amount, ngay: formatDay(now.from) }))),
    );
    if (now.note !== null) blocks.push(text(`${now.note}.`));
  }
  if (others.length > 0) {
    const items = others.map(({ from, to, amount }) => {
      const until = to === null ? "" : ` đến ${formatDay(to)}`;
      return [{ text: `Từ ${formatDay(from)}${until}: ${formatAmount(amount)}` }];
    });
    blocks.push(text(say(content, "parameterHistory")), { type: "list", ordered: false, items });
  }
  if (now !== undefined) {
    const legal = `Căn cứ: ${now.amount.legal.join("; ")}. Đối chiếu ngày ${formatDay(parameter.reviewedOn)}.`;
    blocks.push({ type: "source", text: legal });
  }
  const pages = parameter.entitlements.filter((page) => content.entitlements[page] !== undefined);
  return {
    blocks,
    buttons: pages.slice(0, MAX_PAGE_BUTTONS).flatMap((page) => entitlementButton(content, page)),
    about: about({
      outcome: "answer",
      kind: "parameter",
      facet: "benefit",
      entitlements: pages.slice(0, 1),
      also: pages.slice(1, 4),
    }),
  };
}

/** What the plan of 2024 promises under a clause, with its 2030 targets, or the one asked for, and who answers for them now. */
export function composeClause(
  setting: Setting,
  said: { id: string; target: string | null; confidence: number },
): Composed {
  const { content } = setting;
  const { plan } = content;
  const clause = said.id === WHOLE_PLAN ? undefined : plan.clauses[said.id];
  const all = plan.targets.filter((target) => target.clause === said.id);
  const asked = all.filter((target) => target.id === said.target);
  const targets = asked.length > 0 ? asked : all;
  const summary =
    clause?.summary ??
    say(content, "planWhole", { so: plan.number, ngay: formatDay(plan.issuedOn) });
  const place = clause === undefined ? "" : `, ${clauseName(clause.id)}`;
  const blocks: Block[] = [{ type: "heading", text: `Kế hoạch ${plan.number}${place}` }];
  if (asked.length === 0) blocks.push(text(summary));
  if (targets.length > 0) {
    blocks.push(text(say(content, "targetIs")), {
      type: "list",
      ordered: false,
      items: targets.map((target) => [{ text: targetSentence(setting, target) }]),
    });
  }
  const issue = { so: plan.number, ngay: formatDay(plan.issuedOn), co_quan: plan.issuedBy };
  blocks.push({ type: "source", text: say(content, "planNote", issue) });
  const pages = pagesOf(content, said.id, targets);
  const buttons = pages
    .slice(0, MAX_PAGE_BUTTONS)
    .flatMap((page) => entitlementButton(content, page));
  if (targets.length < all.length) {
    buttons.push({ label: say(content, "targetOthers"), action: { do: "clause", id: said.id } });
  }
  return {
    blocks,
    buttons,
    about: about({
      outcome: "answer",
      kind: "target",
      entitlements: pages.slice(0, 1),
      also: pages.slice(1, 4),
      confidence: said.confidence,
    }),
  };
}

function pagesOf(content: ContentBase, clause: string, targets: Target[]): string[] {
  const pages = targets
    .flatMap((target) => target.entitlements)
    .filter((id) => content.entitlements[id] !== undefined);
  const citing = Object.values(content.entitlements)
    .filter((page) => page.clauses.includes(clause))
    .map((page) => page.id);
  return [...new Set([...pages, ...citing])];
}

/** "Tỉ lệ dân số tham gia bảo hiểm y tế: trên 95%. Theo dõi: …, nay là …" */
export function targetSentence(setting: Setting, target: Target): string {
  const { content, day } = setting;
  const then = content.agencies[target.agencyThen];
  const now = agencyOn(content.agencies, target.agencyThen, target.field, day);
  const said = target.scope === null || target.name.toLowerCase().includes(target.scope);
  const scope = said ? "" : ` (${target.scope})`;
  const unit = say(content, "targetAgency", { truoc: then?.name ?? "", nay: now?.name ?? "" });
  return `${target.name}${scope}: ${targetValue(target)}. ${unit}`;
}

function targetValue(target: Target): string {
  if (target.value === null) return target.comparison;
  const number = formatNumber(target.value);
  const measured =
    target.unit === "%"
      ? `${number}%`
      : target.unit === "mức độ"
        ? `mức độ ${number}`
        : `${number} ${target.unit}`;
  if (target.comparison === "<") return `dưới ${measured}`;
  if (target.comparison === ">") return `trên ${measured}`;
  return measured;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

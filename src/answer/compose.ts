import type { Action } from "../domain/action.ts";
import { agencyOn } from "../domain/agency.ts";
import type { Commune } from "../domain/commune.ts";
import type { ContentBase, Entitlement, PhraseKey, PlaceKind } from "../domain/content-base.ts";
import { type Day, formatDay } from "../domain/day.ts";
import { FACETS, type Facet } from "../domain/facet.ts";
import { evaluate, formatAmount } from "../domain/parameter.ts";
import {
  NO_ABOUT,
  type About,
  type Block,
  type Button,
  type Reply,
  type Span,
} from "../domain/reply.ts";
import type { Inline, TextBlock } from "../domain/text.ts";

/** What a reply depends on besides what is said. */
export type Setting = {
  content: ContentBase;
  day: Day;
  commune: Commune | null;
  askForPlace: boolean;
};

/** A reply before the person is asked whether it was what they meant. */
export type Composed = Omit<Reply, "feedback">;

/** The agency that stands for the commune's own one-stop desk. */
export const COMMUNE_DESK = "ubnd-xa";

export function about(part: Partial<About>): About {
  return { ...NO_ABOUT, ...part };
}

/** One of the bot's own sentences with its `{words}` filled in. */
export function say(
  content: ContentBase,
  key: PhraseKey,
  words: Record<string, string> = {},
): string {
  return content.phrases.sentences[key].replace(
    /\{(\w+)\}/g,
    (whole, word: string) => words[word] ?? whole,
  );
}

export function text(sentence: string): Block {
  return { type: "text", spans: [{ text: sentence }] };
}

/** Content text as it reads on the day: amounts filled in, none taken from another period. */
export function fill(setting: Setting, blocks: TextBlock[]): Block[] {
  return blocks.map((block): Block => {
    if (block.type === "paragraph") return { type: "text", spans: spansOf(setting, block.content) };
    return {
      type: "list",
      ordered: block.ordered,
      items: block.items.map((item) => spansOf(setting, item)),
    };
  });
}

function spansOf(setting: Setting, inlines: Inline[]): Span[] {
  return inlines.map((inline): Span => {
    switch (inline.type) {
      case "text":
        return { text: inline.text };
      case "strong":
        return { text: inline.text, strong: true };
      case "link":
        return { text: inline.text, url: inline.url };
      case "value": {
        const amount = evaluate(setting.content.parameters, inline.expression, setting.day);
        return {
          text: amount === undefined ? say(setting.content, "noValueOnDay") : formatAmount(amount),
        };
      }
    }
  });
}

/** A page's answer: the particular question that fits, or the heading asked for, or the summary. */
export function composeEntitlement(
  setting: Setting,
  said: {
    id: string;
    facet: Facet | null;
    faq: number | null;
    particular: boolean;
    also: string[];
    confidence: number;
  },
): Composed {
  const { content, day } = setting;
  const page = content.entitlements[said.id];
  if (page === undefined) throw new Error(`no entitlement ${said.id}`);
  const result: Partial<About> = {
    outcome: "answer",
    kind: "entitlement",
    facet: said.facet,
    entitlements: [page.id],
    also: said.also,
    agency: agencyOn(content.agencies, page.agency, page.field, day)?.id ?? null,
    confidence: said.confidence,
  };
  if (day < page.trueFrom) {
    return {
      blocks: [
        { type: "heading", text: page.name },
        text(say(content, "notYetTrue", { tu: formatDay(page.trueFrom), ngay: formatDay(day) })),
        ...whereBlocks(setting, page),
        sourceOf(setting, page),
      ],
      buttons: [],
      about: about({ ...result, facet: null }),
    };
  }
  const faq = said.faq === null ? undefined : page.faqs[said.faq];
  const section = said.facet === null ? undefined : page.sections[said.facet];
  const blocks: Block[] = [];
  if (faq !== undefined) {
    blocks.push({ type: "heading", text: page.name });
    blocks.push({ type: "text", spans: [{ text: faq.question, strong: true }] });
    blocks.push(...fill(setting, faq.answer));
  } else if (section !== undefined) {
    blocks.push({ type: "heading", text: `${page.name}: ${section.heading.toLowerCase()}` });
    if (section.notApplicable !== null) {
      blocks.push(text(`Không áp dụng: ${section.notApplicable}`));
    }
    blocks.push(...fill(setting, section.body));
  } else {
    blocks.push({ type: "heading", text: page.name });
    blocks.push(...fill(setting, page.summary));
  }
  const asksForCase = said.facet === null || said.facet === "who" || said.facet === "benefit";
  if (faq === undefined && said.particular && asksForCase) {
    blocks.push(text(say(content, "generalRule")));
  }
  blocks.push(
    ...placeBlocks(setting, page),
    ...whereBlocks(setting, page),
    sourceOf(setting, page),
  );
  const also = said.also.flatMap((id) => entitlementButton(content, id, "alsoMaybe"));
  return {
    blocks,
    buttons: [...facetButtons(page, faq === undefined ? said.facet : null), ...also],
    about: about({ ...result, faq: faq?.question ?? null }),
  };
}

/** "Where today": the body that handles it on the day, the person's own desk where the file is taken there, and how to find it. */
export function whereBlocks(setting: Setting, page: Entitlement): Block[] {
  const { content, day, commune } = setting;
  const agency = agencyOn(content.agencies, page.agency, page.field, day);
  if (agency === undefined)
    return [text(say(content, "agencyNoneOnDay", { ngay: formatDay(day) }))];
  if (agency.id === COMMUNE_DESK && commune !== null) {
    const contact = [commune.address, commune.phone].filter((part) => part !== null).join(", ");
    const sentence = say(content, "whereCommuneDesk", { ten: withLowerKind(commune.name) });
    return [text(contact === "" ? sentence : `${sentence} ${contact}.`)];
  }
  const unconfirmed = agency.confirmed ? "" : ` ${say(content, "agencyUnconfirmed")}`;
  const contact = [agency.address, agency.phone, agency.website]
    .filter((part) => part !== null)
    .join(", ");
  const known =
    contact !== ""
      ? ` ${contact}.`
      : agency.generic || agency.id === COMMUNE_DESK
        ? ""
        : ` ${say(content, "whereNoContact")}`;
  const ask =
    setting.askForPlace && agency.id === COMMUNE_DESK ? ` ${say(content, "askCommune")}` : "";
  return [text(`${say(content, "whereToday", { ten: agency.name })}${unconfirmed}${known}${ask}`)];
}

/** What follows for this page from living where the person lives, when they said where. */
function placeBlocks(setting: Setting, page: Entitlement): Block[] {
  if (setting.commune === null) return [];
  return placeKindsOf(setting.commune).flatMap((kind) =>
    fill(setting, page.placeNotes[kind] ?? []),
  );
}

function placeKindsOf(commune: Commune): PlaceKind[] {
  if (commune.island === "yes") return ["specialZone"];
  if (commune.kind === "phường") return ["ward"];
  return commune.island === "unconfirmed" ? ["island", "commune"] : ["commune"];
}

/** "Xã Hòn Đất" inside a sentence: "xã Hòn Đất". */
export function withLowerKind(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** Law, clause of the plan, the day it was compared, and whether an office has approved it. */
export function sourceOf(setting: Setting, page: Entitlement): Block {
  const { content } = setting;
  const laws = lawsOf(page).slice(0, 2).join("; ");
  const approved =
    page.approvedBy === null
      ? say(content, "sourceNotApproved")
      : say(content, "sourceApproved", { ten: page.approvedBy });
  const sentence = say(content, "source", {
    luat: laws,
    ke_hoach: `${content.plan.number}, ${page.clauses.map(clauseName).join(", ")}`,
    ngay: formatDay(page.reviewedOn),
    duyet: approved,
  });
  return { type: "source", text: sentence };
}

/** "III.6.h.g2" → "mục III.6.h ý 2", "PL.4" → "phụ lục mục 4" */
export function clauseName(id: string): string {
  if (id.startsWith("PL.")) return `phụ lục mục ${id.slice(3)}`;
  const [, section, dash] = /^(.*?)(?:\.g(\d+))?$/.exec(id) ?? [];
  return `mục ${section ?? id}${dash === undefined ? "" : ` ý ${dash}`}`;
}

function lawsOf(page: Entitlement): string[] {
  return page.sections.legal.body.flatMap((block) =>
    block.type === "list" ? block.items.map(plainOf) : [plainOf(block.content)],
  );
}

function plainOf(inlines: Inline[]): string {
  return inlines
    .map((inline) => (inline.type === "value" ? "" : inline.text))
    .join("")
    .replace(/[.;,\s]+$/, "");
}

function facetButtons(page: Entitlement, shown: Facet | null): Button[] {
  return FACETS.filter(
    (facet) => facet !== shown && page.sections[facet].notApplicable === null,
  ).map((facet) => ({
    label: page.sections[facet].heading,
    action: { do: "entitlement", id: page.id, facet },
  }));
}

/** A button that opens a page, with a phrase such as "Không phải ý này? {ten}" as its label. */
export function entitlementButton(
  content: ContentBase,
  id: string,
  phrase: PhraseKey | null = null,
): Button[] {
  const page = content.entitlements[id];
  if (page === undefined) return [];
  const action: Action = { do: "entitlement", id, facet: null };
  return [
    { label: phrase === null ? page.name : say(content, phrase, { ten: page.name }), action },
  ];
}

import type { ContentBase, PhraseKey } from "../domain/content-base.ts";
import { formatDay } from "../domain/day.ts";
import type { SpokenFamily } from "./decide.ts";
import type { Block, Button, Kind } from "../domain/reply.ts";
import {
  about,
  type Composed,
  composeEntitlement,
  entitlementButton,
  fill,
  say,
  type Setting,
  sourceOf,
  text,
  whereBlocks,
} from "./compose.ts";
import type { Topic } from "./model.ts";

const MAX_CHOICES_REPORTED = 4;

/** Greetings, thanks, crisis, scams: the sentence of the family, and the menu where it helps. */
export function composeFamily(setting: Setting, family: SpokenFamily): Composed {
  const { content } = setting;
  switch (family) {
    case "violence":
    case "childAbuse":
    case "suicide":
    case "emergency":
      return plain(content, family, "crisis");
    case "scam":
      return plain(content, family, "scam");
    case "greeting":
      return {
        ...composeMenu(setting),
        blocks: greetingBlocks(content),
        about: about({ kind: "smalltalk" }),
      };
    case "thanks":
    case "identity":
    case "rude":
    case "human":
    case "help":
      return { ...plain(content, family, "smalltalk"), buttons: [menuButton(content)] };
    case "forget":
      return plain(content, "communeForgotten", "smalltalk");
    case "menu":
      return composeMenu(setting);
  }
}

function greetingBlocks(content: ContentBase): Block[] {
  const blocks = [text(say(content, "greeting", { don_vi: content.phrases.office ?? "" }))];
  if (content.phrases.office === null) blocks.push(text(say(content, "trial")));
  blocks.push(text(say(content, "privacy")));
  return blocks;
}

export function plain(content: ContentBase, key: PhraseKey, kind: Kind | null): Composed {
  return { blocks: [text(say(content, key))], buttons: [], about: about({ kind }) };
}

export function composeMenu(setting: Setting): Composed {
  const { content } = setting;
  return {
    blocks: [text(say(content, "menu"))],
    buttons: Object.values(content.fields).map((field) => ({
      label: field.name,
      action: { do: "field", id: field.id },
    })),
    about: about({ kind: "menu" }),
  };
}

export function composeField(setting: Setting, id: string): Composed {
  const { content } = setting;
  const field = content.fields[id];
  const pages = Object.values(content.entitlements).filter((page) => page.field === id);
  return {
    blocks: [{ type: "heading", text: field?.name ?? id }, text(say(content, "menuField"))],
    buttons: pages.flatMap((page) => entitlementButton(content, page.id)),
    about: about({
      outcome: "choose",
      kind: "menu",
      entitlements: pages.slice(0, MAX_CHOICES_REPORTED).map((page) => page.id),
    }),
  };
}

/** Asks which of two to four things was meant. */
export function composeChoice(setting: Setting, topics: Topic[], confidence: number): Composed {
  const { content } = setting;
  const buttons = topics.flatMap((topic): Button[] => {
    switch (topic.type) {
      case "entitlement":
        return entitlementButton(content, topic.id);
      case "situation": {
        const situation = content.situations.find((row) => row.id === topic.id);
        return situation === undefined
          ? []
          : [{ label: situation.name, action: { do: "situation", id: topic.id } }];
      }
      case "clause":
        return [
          {
            label: say(content, "planChoice", { so: content.plan.number }),
            action: { do: "clause", id: topic.id },
          },
        ];
      case "out-of-scope":
        return [];
    }
  });
  return {
    blocks: [text(say(content, "chooseEntitlement"))],
    buttons: [...buttons, { label: say(content, "noneOfThese"), action: { do: "declined" } }],
    about: about({
      outcome: "choose",
      kind: "menu",
      entitlements: topics.filter((topic) => topic.type === "entitlement").map((topic) => topic.id),
      confidence,
    }),
  };
}

export function composeCommuneChoice(
  setting: Setting,
  said: { codes: string[]; name: string; ofDistrict: boolean },
): Composed {
  const { content } = setting;
  const communes = content.communes.filter((commune) => said.codes.includes(commune.code));
  return {
    blocks: [
      text(
        say(content, said.ofDistrict ? "chooseCommuneOfDistrict" : "chooseCommune", {
          ten: said.name,
        }),
      ),
    ],
    buttons: communes.map((commune) => ({
      label: `${commune.name} (${[...new Set(commune.madeFrom.map((part) => part.district))].join(", ")} cũ)`,
      action: { do: "commune", code: commune.code },
    })),
    about: about({ outcome: "choose", kind: "commune" }),
  };
}

/** What people believe, what is true, and where it is handled. */
export function composeMisconception(
  setting: Setting,
  index: number,
  also: string[],
  confidence: number,
): Composed {
  const { content } = setting;
  const misconception = content.misconceptions[index];
  const page = content.entitlements[misconception?.entitlement ?? ""];
  if (misconception === undefined || page === undefined)
    throw new Error(`no misconception ${index}`);
  if (setting.day < misconception.trueFrom) {
    const said = { id: page.id, facet: null, faq: null, particular: false };
    return composeEntitlement(setting, { ...said, also, confidence });
  }
  return {
    blocks: [
      { type: "heading", text: page.name },
      text(say(content, "misconception", { dieu: misconception.belief })),
      ...fill(setting, misconception.truth),
      ...whereBlocks(setting, page),
      sourceOf(setting, page),
    ],
    buttons: [
      ...entitlementButton(content, page.id),
      ...also.flatMap((id) => entitlementButton(content, id, "alsoMaybe")),
    ],
    about: about({
      outcome: "answer",
      kind: "misconception",
      entitlements: [page.id],
      also,
      confidence,
    }),
  };
}

export function composeOutOfScope(setting: Setting, id: string, confidence: number): Composed {
  const { content } = setting;
  const topic = content.outOfScope.find((row) => row.id === id);
  if (topic === undefined) throw new Error(`no out-of-scope topic ${id}`);
  return {
    blocks: [...fill(setting, topic.answer), text(say(content, "outOfScopeHint"))],
    buttons: [menuButton(content)],
    about: about({ kind: "out-of-scope", confidence }),
  };
}

/** A life situation: the first step, then the pages in a clerk's order. */
export function composeSituation(setting: Setting, id: string, confidence: number): Composed {
  const { content } = setting;
  const situation = content.situations.find((row) => row.id === id);
  if (situation === undefined) throw new Error(`no situation ${id}`);
  const pages = situation.entitlements.filter((row) => content.entitlements[row.id] !== undefined);
  return {
    blocks: [
      { type: "heading", text: situation.name },
      ...fill(setting, situation.firstStep),
      text(say(content, "situationIntro")),
      {
        type: "list",
        ordered: true,
        items: pages.map((row) => [
          { text: content.entitlements[row.id]?.name ?? row.id, strong: true },
          { text: `: ${row.forWhom}` },
        ]),
      },
      {
        type: "source",
        text: `Đối chiếu ngày ${formatDay(situation.reviewedOn)}, ${say(content, "sourceNotApproved")}.`,
      },
    ],
    buttons: pages.flatMap((row) => entitlementButton(content, row.id)),
    about: about({
      outcome: "choose",
      kind: "situation",
      entitlements: pages.slice(0, MAX_CHOICES_REPORTED).map((row) => row.id),
      confidence,
    }),
  };
}

/** Says that it does not know, and offers the nearest fields and a person to ask. */
export function composeUnknown(setting: Setting, near: string[]): Composed {
  const { content } = setting;
  const fields = near.flatMap((id): Button[] => {
    const field = content.fields[id];
    return field === undefined ? [] : [{ label: field.name, action: { do: "field", id } }];
  });
  const blocks = [text(say(content, "unknown"))];
  if (fields.length > 0) blocks.push(text(say(content, "unknownFields")));
  return {
    blocks,
    buttons: [
      ...fields,
      menuButton(content),
      { label: say(content, "humanChoice"), action: { do: "human" } },
    ],
    about: about({ outcome: "none", confidence: 0 }),
  };
}

export function menuButton(content: ContentBase): Button {
  return { label: say(content, "menuChoice"), action: { do: "menu" } };
}

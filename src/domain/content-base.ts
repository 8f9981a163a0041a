import type { Day } from "./day.ts";
import type { Facet } from "./facet.ts";
import type { Parameter } from "./parameter.ts";
import type { Agency } from "./agency.ts";
import type { Commune } from "./commune.ts";
import type { Notice } from "./notice.ts";
import type { TextBlock } from "./text.ts";

/**
 * Everything the staff wrote, checked and read into plain objects: it can be written to JSON and read back unchanged.
 * Texts are NFC. Records keep the order of the files.
 */
export type ContentBase = {
  entitlements: Record<string, Entitlement>;
  fields: Record<string, Field>;
  agencies: Record<string, Agency>;
  communes: Commune[];
  parameters: Record<string, Parameter>;
  plan: Plan;
  misconceptions: Misconception[];
  outOfScope: OutOfScopeTopic[];
  situations: Situation[];
  phrases: Phrases;
  lexicon: Lexicon;
  /** By id. */
  notices: Notice[];
};

/** What answers come from, and what is learnt from: everything but the notices. */
export type PageContent = Omit<ContentBase, "notices">;

/** A sample question of a content file; `facet` where the question names one. */
export type Sample = { text: string; facet: Facet | null };

export type Section = {
  /** The heading as the page writes it: "Mức đóng" or "Mức vay" may stand for "Mức hưởng". */
  heading: string;
  /** Why the heading does not apply, or null when it does. */
  notApplicable: string | null;
  body: TextBlock[];
};

/** A particular question with its own answer (an entry under "Hỏi đáp"). */
export type Faq = { question: string; answer: TextBlock[] };

export type Review = {
  /** The day the text was compared with the fact sheets. */
  reviewedOn: Day;
  reviewedBy: string;
  /** The office that approved it, or null: nobody has. */
  approvedBy: string | null;
};

export type Entitlement = Review & {
  id: string;
  name: string;
  aliases: string[];
  field: string;
  /** Agency id of the first door today. */
  agency: string;
  clauses: string[];
  /** The prose is true from this day on. */
  trueFrom: Day;
  samples: Sample[];
  summary: TextBlock[];
  sections: Record<Facet, Section>;
  faqs: Faq[];
  /** What follows from living in a place of some kind. */
  placeNotes: Partial<Record<PlaceKind, TextBlock[]>>;
};

/** Special zones and islands have rules of their own; wards count as urban, communes as rural. */
export const PLACE_KINDS = ["specialZone", "island", "ward", "commune"] as const;

export type PlaceKind = (typeof PLACE_KINDS)[number];

export type Field = { id: string; name: string; shortName: string; about: string };

export type Misconception = {
  id: string;
  /** What people believe. */
  belief: string;
  /** What is true. */
  truth: TextBlock[];
  /** Page id. */
  entitlement: string;
  legal: string;
  samples: string[];
  reviewedOn: Day;
  trueFrom: Day;
};

export type OutOfScopeTopic = { id: string; name: string; answer: TextBlock[]; samples: string[] };

/** A life situation: the pages that apply, in the order a clerk would go through them. */
export type Situation = {
  id: string;
  name: string;
  samples: string[];
  firstStep: TextBlock[];
  entitlements: { id: string; forWhom: string }[];
  reviewedOn: Day;
  reviewedBy: string;
};

export type Plan = {
  number: string;
  issuedOn: Day;
  issuedBy: string;
  clauses: Record<string, Clause>;
  targets: Target[];
  samples: string[];
};

export type Clause = {
  id: string;
  summary: string;
  /** Gives a citizen something; otherwise it only binds agencies. */
  forCitizens: boolean;
  samples: string[];
};

export type Comparison = "=" | "<" | ">" | "xóa bỏ hoàn toàn" | "giải quyết cơ bản";

/** A 2030 target of the plan's annex. */
export type Target = {
  id: string;
  name: string;
  aliases: string[];
  clause: string;
  comparison: Comparison;
  value: number | null;
  unit: string;
  scope: string | null;
  agencyThen: string;
  field: string;
  entitlements: string[];
  samples: string[];
};

/** The bot's own sentences by key, and the office that runs it (null: a trial). */
export type Phrases = { office: string | null; sentences: Record<PhraseKey, string> };

/** What the matcher knows about how people write. All entries are accented Vietnamese unless noted. */
export type Lexicon = {
  /** Official shorthand and teencode: "bhxh" → "bảo hiểm xã hội". Keys are folded. */
  abbreviations: Record<string, string>;
  /** Shorthand that depends on its neighbours: "bh" before "y tế" is "bảo hiểm". Keys and neighbours are folded. */
  contextual: ContextualAbbreviation[];
  /** Southern spelling and words → the standard word; the original is kept beside it. Keys are folded or accented. */
  regional: Record<string, string>;
  /** Words that carry no topic: politeness, fillers. Folded. */
  fillers: string[];
  /** Wordings that name a facet in a follow-up ("còn hồ sơ thì sao"). */
  facetWords: Record<Facet, string[]>;
  /** Words that may stand beside the name of an agency, a commune or a value without changing what is asked. Folded. */
  lookupWords: string[];
  /** Question forms that ask what is told apart: families of messages that are not about a page. */
  families: Record<MessageFamily, MessageFamilyWords>;
};

export type ContextualAbbreviation = {
  short: string;
  meaning: string;
  before: string[];
  after: string[];
};

export const MESSAGE_FAMILIES = [
  "violence",
  "childAbuse",
  "suicide",
  "emergency",
  "checkNotice",
  "scam",
  "greeting",
  "thanks",
  "identity",
  "human",
  "help",
  "menu",
  "rude",
  "forget",
  "subscribe",
  "unsubscribe",
  "myData",
  "erase",
  "carry",
  "helpful",
  "notHelpful",
] as const;

export type MessageFamily = (typeof MESSAGE_FAMILIES)[number];

export type MessageFamilyWords = {
  /**
   * Any one of these phrases (whole words) puts a message into the family. `…` stands for up to four words; `=` before it: only with its accents
   * ("tự vẫn" is not "tư vấn"); `.` after it: only at the end of the message.
   */
  phrases: string[];
  /** A phrase inside one of these does not count: "cháy nhà thì được hỗ trợ gì" is a question, not an emergency. */
  except: string[];
  /** The message must be nothing but phrases and fillers. */
  alone: boolean;
};

export const PHRASE_KEYS = [
  "greeting",
  "trial",
  "thanks",
  "identity",
  "human",
  "help",
  "menu",
  "menuField",
  "unknown",
  "unknownFields",
  "chooseEntitlement",
  "chooseFacet",
  "chooseCommune",
  "chooseCommuneOfDistrict",
  "choiceGone",
  "emptyMessage",
  "onlySymbols",
  "violence",
  "childAbuse",
  "suicide",
  "emergency",
  "scam",
  "rude",
  "outOfScopeHint",
  "generalRule",
  "notYetTrue",
  "noValueOnDay",
  "whereToday",
  "whereCommuneDesk",
  "whereNoContact",
  "agencyEnded",
  "agencyNotYet",
  "agencyUnconfirmed",
  "agencyNoneOnDay",
  "communeIs",
  "communeMerged",
  "communeDivided",
  "askCommune",
  "communeRemembered",
  "communeForgotten",
  "communeIsland",
  "communeIslandUnconfirmed",
  "parameterIs",
  "parameterHistory",
  "misconception",
  "alsoMaybe",
  "source",
  "sourceNotApproved",
  "sourceApproved",
  "planNote",
  "planWhole",
  "planChoice",
  "noneOfThese",
  "menuChoice",
  "humanChoice",
  "targetIs",
  "targetAgency",
  "targetOthers",
  "situationIntro",
  "failure",
  "onlyWords",
  "noSticker",
  "noVoice",
  "noPicture",
  "noContact",
  "noLocation",
  "withheldMessage",
  "tooFast",
  "privacy",
  "consent",
  "topicAll",
  "everyField",
  "topicCommune",
  "subscribed",
  "unsubscribed",
  "notSubscribed",
  "unsubscribeChoice",
  "subscribeChoice",
  "myData",
  "myDataNothing",
  "eraseChoice",
  "erased",
  "carryCode",
  "carryNothing",
  "carried",
  "carryUnknown",
  "carrySameChat",
  "carryTooOften",
  "notSaved",
  "feedbackQuestion",
  "feedbackThanks",
  "feedbackSorry",
  "feedbackKept",
  "feedbackYes",
  "feedbackNo",
  "noticeFrom",
  "noticeFromTrial",
  "noticeCorrects",
  "alreadyDone",
  "noticePaste",
  "noticeByCode",
  "noticeExtended",
  "noticeOurs",
  "noticeOursPart",
  "noticeAltered",
  "noticeAdded",
  "noticeMissing",
  "noticeOriginal",
  "noticeNotOurs",
  "noticeWasCorrected",
  "noticeRules",
] as const;

export type PhraseKey = (typeof PHRASE_KEYS)[number];

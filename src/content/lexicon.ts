import * as z from "zod";
import type { Lexicon, MessageFamily } from "../domain/content-base.ts";
import { MESSAGE_FAMILIES } from "../domain/content-base.ts";
import { FACETS, type Facet } from "../domain/facet.ts";
import type { Report } from "./report.ts";
import { flag, nonEmpty, texts } from "./schema.ts";
import { readAt } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

const FACET_KEYS = {
  who: "ai",
  benefit: "muc",
  documents: "ho_so",
  where: "noi_nop",
  deadline: "thoi_han",
  legal: "can_cu",
} as const satisfies Record<Facet, string>;

const FAMILY_KEYS = {
  violence: "bao_luc",
  childAbuse: "xam_hai_tre_em",
  suicide: "tu_tu",
  emergency: "khan_cap",
  checkNotice: "hoi_tin",
  scam: "lua_dao",
  greeting: "chao",
  thanks: "cam_on",
  identity: "ban_la_ai",
  human: "gap_nguoi_that",
  help: "tro_giup",
  menu: "danh_muc",
  rude: "tho_lo",
  forget: "quen",
  subscribe: "nhan_thong_bao",
  unsubscribe: "dung_thong_bao",
  myData: "du_lieu_cua_toi",
  erase: "xoa_du_lieu",
  carry: "chuyen_kenh",
  helpful: "dung_y",
  notHelpful: "chua_dung_y",
} as const satisfies Record<MessageFamily, string>;

const words = z.record(z.string(), nonEmpty);
const family = z.strictObject({ cum: z.array(nonEmpty), tru: texts, dung_mot_minh: flag });

const lexiconSchema = z.strictObject({
  viet_tat: words,
  theo_ngu_canh: z.array(
    z.strictObject({ tu: nonEmpty, nghia: nonEmpty, truoc: texts, sau: texts }),
  ),
  mien_nam: words,
  tu_dem: z.array(nonEmpty),
  tu_de_muc: z.strictObject(
    shapeOf(
      FACETS.map((facet) => FACET_KEYS[facet]),
      z.array(nonEmpty),
    ),
  ),
  tu_tra_cuu: z.array(nonEmpty),
  nhom: z.strictObject(
    shapeOf(
      MESSAGE_FAMILIES.map((name) => FAMILY_KEYS[name]),
      family,
    ),
  ),
});

export function readLexicon(source: YamlSource, report: Report): Lexicon | null {
  const row = readAt(source, [], lexiconSchema, report);
  if (row === null) return null;
  return {
    abbreviations: row.viet_tat,
    contextual: row.theo_ngu_canh.map((entry) => ({
      short: entry.tu,
      meaning: entry.nghia,
      before: entry.truoc,
      after: entry.sau,
    })),
    regional: row.mien_nam,
    fillers: row.tu_dem,
    facetWords: recordOf(FACETS, (facet) => row.tu_de_muc[FACET_KEYS[facet]]),
    lookupWords: row.tu_tra_cuu,
    families: recordOf(MESSAGE_FAMILIES, (name) => {
      const { cum, tru, dung_mot_minh } = row.nhom[FAMILY_KEYS[name]];
      return { phrases: cum, except: tru, alone: dung_mot_minh };
    }),
  };
}

function shapeOf<K extends string, S>(keys: readonly K[], schema: S): Record<K, S> {
  return recordOf(keys, () => schema);
}

function recordOf<K extends string, V>(keys: readonly K[], valueOf: (key: K) => V): Record<K, V> {
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<K, V>;
}

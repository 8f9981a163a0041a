import * as z from "zod";
import { PHRASE_KEYS, type PhraseKey, type Phrases } from "../domain/content-base.ts";
import type { Report } from "./report.ts";
import { nonEmpty } from "./schema.ts";
import { readAt } from "./yaml-read.ts";
import type { YamlSource } from "./yaml-source.ts";

/** What each of the bot's own sentences is called in cau-noi.yaml. */
export const PHRASE_NAMES = {
  greeting: "chao",
  trial: "thu_nghiem",
  thanks: "cam_on",
  identity: "ban_la_ai",
  human: "gap_nguoi_that",
  help: "tro_giup",
  menu: "danh_muc",
  menuField: "danh_muc_linh_vuc",
  unknown: "chua_biet",
  unknownFields: "chua_biet_linh_vuc",
  chooseEntitlement: "chon_che_do",
  chooseFacet: "chon_de_muc",
  chooseCommune: "chon_xa",
  chooseCommuneOfDistrict: "chon_xa_cua_huyen",
  choiceGone: "lua_chon_da_cu",
  emptyMessage: "tin_trong",
  onlySymbols: "chi_co_ky_hieu",
  violence: "bao_luc",
  childAbuse: "xam_hai_tre_em",
  suicide: "tu_tu",
  emergency: "khan_cap",
  scam: "lua_dao",
  rude: "tho_lo",
  outOfScopeHint: "ngoai_pham_vi",
  generalRule: "quy_dinh_chung",
  notYetTrue: "chua_hieu_luc",
  noValueOnDay: "chua_co_so_lieu",
  whereToday: "noi_den_hom_nay",
  whereCommuneDesk: "mot_cua_xa",
  whereNoContact: "chua_co_lien_he",
  agencyEnded: "co_quan_da_doi",
  agencyNotYet: "co_quan_chua_co",
  agencyUnconfirmed: "co_quan_chua_xac_nhan",
  agencyNoneOnDay: "co_quan_chua_ro",
  communeIs: "xa_la",
  communeMerged: "xa_da_sap_nhap",
  communeDivided: "xa_bi_chia",
  askCommune: "hoi_xa",
  communeRemembered: "da_nho_xa",
  communeForgotten: "da_quen_xa",
  communeIsland: "xa_dao",
  communeIslandUnconfirmed: "xa_dao_chua_ro",
  parameterIs: "muc_la",
  parameterHistory: "muc_truoc_day",
  misconception: "hieu_lam",
  alsoMaybe: "khong_phai_y_nay",
  source: "nguon",
  sourceNotApproved: "nguon_chua_duyet",
  sourceApproved: "nguon_da_duyet",
  planNote: "ghi_chu_ke_hoach",
  planWhole: "ke_hoach_chung",
  planChoice: "nut_ke_hoach",
  noneOfThese: "nut_khong_dung_y",
  menuChoice: "nut_danh_muc",
  humanChoice: "nut_gap_nguoi_that",
  targetIs: "chi_tieu_la",
  targetAgency: "chi_tieu_phu_trach",
  targetOthers: "nut_chi_tieu_khac",
  situationIntro: "tinh_huong",
  failure: "su_co",
  onlyWords: "chi_doc_chu",
  tooFast: "hoi_qua_nhanh",
  privacy: "rieng_tu",
  consent: "dong_y_nhan_tin",
  topicAll: "nut_tat_ca_linh_vuc",
  topicCommune: "nut_xa_cua_toi",
  subscribed: "da_dang_ky",
  unsubscribed: "da_huy",
  notSubscribed: "chua_dang_ky",
  unsubscribeChoice: "nut_huy",
  subscribeChoice: "nut_dang_ky",
  myData: "du_lieu_dang_giu",
  myDataNothing: "khong_giu_du_lieu",
  eraseChoice: "nut_xoa_du_lieu",
  erased: "da_xoa_du_lieu",
  notSaved: "chua_luu_duoc",
  feedbackQuestion: "hoi_dung_y",
  feedbackThanks: "cam_on_gop_y",
  feedbackSorry: "tiec_chua_dung_y",
  feedbackKept: "da_ghi_lai_cau_hoi",
  feedbackYes: "nut_dung_y",
  feedbackNo: "nut_chua_dung_y",
  noticeFrom: "tin_cua",
  noticeFromTrial: "tin_thu",
  noticeCorrects: "tin_dinh_chinh",
  noticePaste: "dan_tin",
  noticeOurs: "tin_dung_nguyen_van",
  noticeOursPart: "tin_dung_mot_doan",
  noticeAltered: "tin_da_bi_sua",
  noticeAdded: "tin_chu_them",
  noticeMissing: "tin_chu_thieu",
  noticeOriginal: "tin_ban_goc",
  noticeNotOurs: "tin_khong_phai",
  noticeWasCorrected: "tin_da_dinh_chinh",
  noticeRules: "tin_quy_tac",
} as const satisfies Record<PhraseKey, string>;

const phrasesSchema = z.strictObject({
  don_vi: z.string().nullish(),
  cau: z.strictObject(
    Object.fromEntries(PHRASE_KEYS.map((key) => [PHRASE_NAMES[key], nonEmpty])) as Record<
      (typeof PHRASE_NAMES)[PhraseKey],
      typeof nonEmpty
    >,
  ),
});

export function readPhrases(source: YamlSource, report: Report): Phrases | null {
  const row = readAt(source, [], phrasesSchema, report);
  if (row === null) return null;
  const sentences = PHRASE_KEYS.map((key) => [key, row.cau[PHRASE_NAMES[key]]]);
  const office = row.don_vi?.trim() ?? "";
  return {
    office: office === "" ? null : office,
    sentences: Object.fromEntries(sentences) as Record<PhraseKey, string>,
  };
}

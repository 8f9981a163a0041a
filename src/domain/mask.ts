import { toPlainText } from "./fold.ts";

const MASK = "[số đã ẩn]";

const ALONE = String.raw`(?<![\p{L}\p{N}]|\p{Nd}[ .,\-])`;
const END = String.raw`(?![\p{L}\p{M}\p{N}])`;
const UNIT = String.raw`\s*(?:đồng(?!\s+ý)|đ|vnđ|vnd|triệu|trieu|tr|tỷ|tỉ|nghìn|nghin|ngàn|ngan)${END}`;

const ROUND_SUM = String.raw`[1-9]\d{0,2}(?:\.\d{3}){0,3}\.000`;

/** Numbers that name no person. They are looked for first, and left alone. */
const PUBLIC = [
  // 1.500.000.000 đồng, 12,5 triệu, 450000 đ
  String.raw`${ALONE}[1-9]\d{0,2}(?:[.,]\d{1,3})+${UNIT}`,
  String.raw`${ALONE}[1-9]\d{0,11}${UNIT}`,
  // 450000 dong, 1500000d: without accents “dong” may be “đóng”, so only round sums.
  String.raw`${ALONE}[1-9]\d{0,8}000\s*(?:dong|d)${END}`,
  // 2.530.000, 5.300.000-9.000.000, but not 912.345.678
  String.raw`${ALONE}${ROUND_SUM}(?:-${ROUND_SUM})?(?!\.?\p{Nd})`,
  // 176/2025/NĐ-CP
  String.raw`(?<!\p{Nd})\d{1,5}/(?:\d{4}/)?\p{L}{2,6}\d{0,2}(?:-\p{L}+)*${END}`,
  // 28.8.2011, 01/07/2026, 2025-03-01
  String.raw`${ALONE}(?:0?[1-9]|[12]\d|3[01])(?<dot>[./-])(?:0?[1-9]|1[0-2])\k<dot>(?:19|20)\d{2}(?![ .\-]?\p{Nd})`,
  String.raw`${ALONE}(?:19|20)\d{2}-\d{2}-\d{2}(?![ .\-]?\p{Nd})`,
  // 2019 2020 2021
  String.raw`${ALONE}(?:19|20)\d{2}(?:[ \-](?:19|20)\d{2})*(?![ .\-]?\p{Nd})`,
];

const GAP = String.raw`[ .\-()_]{0,2}`;

const PERSONAL = [
  // A health insurance card: GD 4 91 9123456789
  String.raw`(?<![\p{L}\p{N}])\p{L}{2}(?:${GAP}\p{Nd}){13}(?!\p{Nd})`,
  // Citizen and insurance numbers, phones, cards: nine digits on end, with whatever is glued to them.
  String.raw`[\p{L}\p{N}]{0,20}\p{Nd}{9,}[\p{L}\p{N}]{0,20}`,
  // Phones in groups: +84 91 234 56 78, 0912.345.678
  String.raw`(?<!\p{Nd})(?:\(?\+?84|0)(?:${GAP}\p{Nd}){8,11}(?!\p{Nd})`,
  // Anything else in groups of at least three: 079 200 001234, 9704-3612-3456-7890
  String.raw`(?<!\p{Nd})\p{Nd}{3,6}(?:[ .\-]\p{Nd}{3,6}){2,5}(?!\p{Nd})`,
  // Shorter accounts are only known by what is said before them.
  String.raw`(?<=(?:stk|tài khoản|tai khoan|(?:số|so) tk)[^\p{Nd}]{0,25})(?<!\p{Nd})\p{Nd}(?:${GAP}\p{Nd}){7,14}(?!\p{Nd})`,
];

const NUMBERS = new RegExp(`(?<public>${PUBLIC.join("|")})|${PERSONAL.join("|")}`, "giu");

/**
 * The text without numbers that name a person (CCCD, CMND, BHXH and BHYT codes, phones, accounts), for logs and records.
 * Sums of money, decrees, dates and years stay. Also made plain: nothing invisible can hide a number.
 */
export function maskPersonalNumbers(text: string): string {
  return toPlainText(text).replace(NUMBERS, (found: string, ...rest: unknown[]) => {
    const groups = rest.at(-1);
    const isPublic =
      typeof groups === "object" &&
      groups !== null &&
      "public" in groups &&
      groups.public !== undefined;
    return isPublic ? found : MASK;
  });
}

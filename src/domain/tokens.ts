import { canonicalAccents, fold, toPlainText } from "./fold.ts";

/** A word on its way through the normaliser. */
export type Token = {
  typed: string;
  accented: string;
  folded: string;
  kind: "letters" | "number";
};

const MAX_READ = 1000;

/**
 * The part of a message that is read: all of it, or its first and last 500 characters cut between words.
 * Invisible characters are gone, “𝗯𝗼𝗹𝗱” and full-width letters are ordinary ones.
 */
export function readablePart(raw: string): { text: string; length: number } {
  // Decomposed letters take up to three units each, so more is cleaned than is read.
  const whole = raw.length <= MAX_READ * 4;
  const text = readable(whole ? raw : `${raw.slice(0, MAX_READ * 2)} ${raw.slice(-MAX_READ * 2)}`);
  const length = whole ? text.length : raw.length;
  if (text.length <= MAX_READ) return { text, length };
  const half = MAX_READ / 2;
  const head = text.slice(0, half).replace(/\s\S*$/, "");
  const tail = text.slice(-half).replace(/^\S*\s/, "");
  return { text: toPlainText(`${head} ${tail}`), length };
}

function readable(raw: string): string {
  return toPlainText(toPlainText(raw).normalize("NFKC"));
}

type Piece = { typed: string; accented: string; folded: string; glued: boolean };

const DOTTED_ACRONYM = /(?<![\p{L}\p{M}])(?:\p{L}\.){2,}\p{L}?(?![\p{L}\p{M}])/gu;
const CHUNK = /%|[\p{L}\p{M}\p{N}]+(?:(?<=\d)[.,](?=\d)[\p{L}\p{M}\p{N}]+)*/gu;
const PIECE = /\d+(?:[.,]\d+)*|[^\d.,]+/gu;

/**
 * Words and numbers of a plain text. A sum of money becomes the pseudo-word “sotien”, 70% becomes “70 phần trăm”, 75t two words.
 * `fromKeys` may say what a word typed with the input method switched off stands for.
 */
export function tokenise(text: string, fromKeys: (typed: string) => string | null): Token[] {
  const pieces: Piece[] = [];
  for (const chunk of text
    .replace(DOTTED_ACRONYM, (acronym) => acronym.replaceAll(".", ""))
    .match(CHUNK) ?? []) {
    const meant = fromKeys(chunk.toLowerCase());
    if (meant !== null) {
      pieces.push({ typed: chunk, accented: meant, folded: fold(meant), glued: false });
      continue;
    }
    for (const [at, typed] of (chunk.match(PIECE) ?? []).entries())
      pieces.push({ ...readPiece(typed), glued: at > 0 });
  }
  return toTokens(pieces);
}

const HELD_KEY = /(\p{L})\1{2,}/gu;

function readPiece(typed: string): Omit<Piece, "glued"> {
  const accented = canonicalAccents(typed.toLowerCase().replace(HELD_KEY, "$1"));
  return { typed, accented, folded: typed === "%" ? "%" : fold(accented) };
}

function toTokens(pieces: Piece[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (!piece) break;
    const taken = sumOfMoney(pieces, at);
    if (taken === 0) {
      tokens.push(...wordsOf(piece));
      continue;
    }
    const typed = pieces
      .slice(at, at + taken)
      .map((part) => part.typed)
      .join(" ");
    // “2 triệu 500 nghìn” is one sum.
    if (tokens.at(-1)?.folded !== "sotien")
      tokens.push({ typed, accented: "sotien", folded: "sotien", kind: "number" });
    at += taken - 1;
  }
  return tokens;
}

function wordsOf({ typed, accented, folded }: Piece): Token[] {
  if (folded === "%") return [word("%", "phần"), word("%", "trăm")];
  if (/^[a-z]\S*$/.test(folded)) return [{ typed, accented, folded, kind: "letters" }];
  // 4,5 and 28.8.2011 are several words, and so is Latin mixed with other scripts.
  const kind = /^\d/.test(folded) ? "number" : "letters";
  return folded
    .split(" ")
    .filter(Boolean)
    .map((part) => ({ typed, accented: part, folded: part, kind }));
}

const THOUSANDS = /^\d{1,3}([.,]\d{3})+$/;
const ROUND = /^\d{4,}00$/;
/** A sum even without a unit: 2.530.000, 450000. */
const MILLIONS = /^\d{1,3}([.,]\d{3}){2,}$|^\d{3,}000$/;
const GLUED_UNITS = new Set("tr trieu k cu ti ngan nghin dong vnd".split(" "));
/** After a space only what cannot be another word: “2016 đóng”, “2 cụ”, “2016 k được” are no sums. */
const SPACED_UNITS = new Set(
  "tr trieu triệu củ cu tỉ ti nghìn nghin ngàn ngan đồng vnđ vnd".split(" "),
);

/** How many pieces from `at` are one sum of money: “1tr5”, “500k”, “2 củ”, “1.417.000đ”; 0 if it is none. */
function sumOfMoney(pieces: Piece[], at: number): number {
  const number = pieces[at]?.typed ?? "";
  if (!/^\d/.test(number)) return 0;
  const looksLikeSum = THOUSANDS.test(number) || ROUND.test(number);
  const unit = pieces[at + 1];
  if (unit && isUnit(unit, looksLikeSum)) return pieces[at + 2]?.glued && unit.glued ? 3 : 2;
  return MILLIONS.test(number) ? 1 : 0;
}

function isUnit({ accented, folded, glued }: Piece, afterSum: boolean): boolean {
  if (glued ? GLUED_UNITS.has(folded) || accented === "đ" : SPACED_UNITS.has(accented)) return true;
  return afterSum && (accented === "đ" || folded === "d" || folded === "dong");
}

function word(typed: string, accented: string): Token {
  return { typed, accented, folded: fold(accented), kind: "letters" };
}

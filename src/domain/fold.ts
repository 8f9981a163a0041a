/**
 * How Vietnamese is compared here. People write one word in many ways (NFC or NFD, hoà or hòa, sĩ or sỹ, no accents at all);
 * `fold` brings them all to one form, `canonicalAccents` does the same while keeping the accents.
 */

const LONE_SURROGATES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const SPACES = /[\s\u2800\u3164]+/g;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFE00-\uFE0F\u034F\u115F\u1160]+/gu;

/** The text as it can be shown and compared: NFC, ordinary single spaces, nothing invisible, no halves of characters. */
export function toPlainText(raw: string): string {
  return raw
    .replace(LONE_SURROGATES, "")
    .replace(SPACES, " ")
    .replace(INVISIBLE, "")
    .normalize("NFC")
    .replace(SPACES, " ")
    .trim();
}

const PLAIN_ASCII = /^[ -~]*$/;
const PLAIN_VIETNAMESE = /^[ -~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư\u1EA0-\u1EF9]*$/;
const MARKS = /[\u0300-\u036F]+/g;
const CROSSED_D = /[đÐðɖ]/g;

/** Lower case, no accents, words of a–z and 0–9 with single spaces: “Mẹ tôi hỏi TIỀN?” → “me toi hoi tien”. */
export function fold(text: string): string {
  return (unaccented(text).match(/[a-z0-9]+/g) ?? []).map(withOneI).join(" ");
}

function unaccented(text: string): string {
  if (PLAIN_ASCII.test(text)) return text.toLowerCase();
  if (PLAIN_VIETNAMESE.test(text))
    return text.toLowerCase().normalize("NFD").replace(MARKS, "").replace(CROSSED_D, "d");
  // Compatibility forms too: people paste “𝗯𝗼𝗹𝗱” and full-width letters. Lower case may decompose further (İ).
  const decomposed = toPlainText(text).normalize("NFKD").toLowerCase().normalize("NFKD");
  return decomposed.replace(/\p{M}+/gu, "").replace(CROSSED_D, "d");
}

const CONSONANTS_THEN_Y = /^([bcdghklmnprstvx]+)y$/;

/** sỹ and sĩ, lý and lí are one word, and so are quí and quý; inside ay, ây, uy the y says something else. */
function withOneI(word: string): string {
  if (word === "qui") return "quy";
  if (word === "i") return "y";
  return word.endsWith("y") ? word.replace(CONSONANTS_THEN_Y, "$1i") : word;
}

const TONES = "\u0300\u0301\u0303\u0309\u0323";
const TONE = new RegExp(`[${TONES}]`, "g");
/** “ế” made as é + circumflex: the mark of the vowel must come before its tone for NFC to find the letter. */
const TONE_BEFORE_VOWEL_MARK = new RegExp(`([${TONES}])([\u0302\u0306\u031B])`, "g");
const ONSET_AND_VOWELS =
  /^(qu|gi(?=[aeiouyăâêôơư])|[bcdđghklmnpqrstvx]*)([aeiouyăâêôơư]+)([a-z]*)$/;

/**
 * One spelling for an accented word, in lower case: the tone where the older rule puts it (hòa, ủy, and so also tòan → toàn, đựơc → được),
 * i for a final y after a consonant. A word that is no Vietnamese syllable only becomes lower-case NFC.
 */
export function canonicalAccents(word: string): string {
  const lower = word.normalize("NFC").toLowerCase().replace(/[ðɖ]/g, "đ");
  if (PLAIN_ASCII.test(lower)) return withOneI(lower);
  const decomposed = lower.normalize("NFD").replace(TONE_BEFORE_VOWEL_MARK, "$2$1");
  const tones = decomposed.match(TONE) ?? [];
  const [tone = ""] = tones;
  const bare = withOneI(decomposed.replace(TONE, "").normalize("NFC"));
  const parts = tones.length > 1 ? null : ONSET_AND_VOWELS.exec(bare);
  if (!parts) return decomposed.normalize("NFC");
  const [, onset = "", vowels = "", coda = ""] = parts;
  const at = toneAt(vowels, coda !== "");
  return (onset + vowels.slice(0, at + 1) + tone + vowels.slice(at + 1) + coda).normalize("NFC");
}

function toneAt(vowels: string, closed: boolean): number {
  for (let at = vowels.length - 1; at >= 0; at--)
    if ("ăâêôơư".includes(vowels.charAt(at))) return at;
  if (vowels.length === 1) return 0;
  return vowels.length > 2 || closed ? 1 : 0;
}

const ONSET_BEFORE_BACK_VOWEL = "(?:b|ch?|d|g|gi|h|kh?|l|m|nh?|ng|ph?|r|s|th?|tr|v|x)?";
const BACK_RIMES = [
  "(?:a|ai|ao|au|ay|o|oa|oe|oi|oai|oay|oao|oeo|u|ua|ue|ui|uu|uy|uo|uoi|uou|uya|uyu|uay)",
  "(?:a|o|u|oa|uo|ua)(?:c|m|n|ng|p|t)",
  "(?:a|oa|ue|uy)(?:ch|nh)",
  "(?:oe|ue)(?:n|t|m)",
  "(?:uy)(?:n|t|p)",
  "uye(?:n|t)",
].join("|");
const ONSET_BEFORE_FRONT_VOWEL = "(?:b|ch|d|gh?|h|kh?|l|m|nh?|ngh|ph?|r|s|th?|tr|v|x)?";
const FRONT_RIMES = [
  "(?:e|i|y|eo|eu|ia|ieu|iu)",
  "(?:e|ie)(?:c|m|n|ng|p|t)",
  "(?:e|i|y)(?:ch|nh)",
  "(?:i|y)(?:m|n|p|t)",
].join("|");
const GLIDE_QU =
  "qu(?:[aeiouy]|ai|ao|au|ay|eo|eu|oi|yu|[aeo](?:c|m|n|ng|p|t)|[aeiy](?:ch|nh)|[iy](?:n|t)|ye(?:n|t))";
const GLIDE_GI = "gi(?:e(?:c|m|n|ng|p|t)|eo|eu|m|n|p|t|nh|eu)?";
const Y_ALONE = "y(?:|eu|e(?:m|n|ng|t))";
const SYLLABLE = new RegExp(
  `^(?:${ONSET_BEFORE_BACK_VOWEL}(?:${BACK_RIMES})|${ONSET_BEFORE_FRONT_VOWEL}(?:${FRONT_RIMES})|${GLIDE_QU}|${GLIDE_GI}|${Y_ALONE})$`,
);

/** Whether a folded word could be a Vietnamese syllable; it lets a few through that nobody says. */
export function isPossibleSyllable(folded: string): boolean {
  return folded.length <= 7 && SYLLABLE.test(folded);
}

const SENTENCE_END = /[.!?…]+["”’)\]]*(?=\s|$)|\n+/g;
const ABBREVIATED = /(?:^|[\s(])(?:tp|tx|tt|ts|ths|bs|kp|ấp|p|q|h|x|đ)\.$/i;

/** The sentences of a text, without the white space around them. “TP. Rạch Giá” and “1.417.000” stay whole. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const end of text.matchAll(SENTENCE_END)) {
    const until = end.index + end[0].length;
    const sentence = text.slice(start, until);
    if (end[0] === "." && ABBREVIATED.test(sentence)) continue;
    if (sentence.trim()) sentences.push(sentence.trim());
    start = until;
  }
  const rest = text.slice(start).trim();
  if (rest) sentences.push(rest);
  return sentences;
}

const BREAKS = [/\n\s*\n/g, /\n/g, /[.!?…]["”’)\]]*\s/g, /\s/g];

/**
 * Parts of at most `maxUtf16` units (at least 2), broken between paragraphs if that leaves a part at least half full, else between lines,
 * sentences, words, and never inside a character. Only white space at the breaks is lost.
 */
export function splitText(text: string, maxUtf16: number): string[] {
  const limit = Math.max(2, Math.floor(maxUtf16));
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > limit) {
    const at = breakBefore(rest, limit);
    const part = rest.slice(0, at).trim();
    if (part) parts.push(part);
    rest = rest.slice(at).trimStart();
  }
  if (rest) parts.push(rest);
  return parts;
}

function breakBefore(text: string, limit: number): number {
  const window = text.slice(0, limit + 1);
  for (const pattern of BREAKS) {
    let at = 0;
    // The white space itself may stand past the limit: it is trimmed away.
    for (const found of window.matchAll(pattern)) at = found.index + found[0].trimEnd().length;
    if (at >= limit / 2) return at;
  }
  const splitsPair =
    /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(limit));
  return splitsPair ? limit - 1 : limit;
}

/** What a keyboard without an input method leaves behind: every syllable as its raw keys. */

const TELEX_TONES: Record<string, string> = {
  "\u0301": "s",
  "\u0300": "f",
  "\u0309": "r",
  "\u0303": "x",
  "\u0323": "j",
};
const VNI_TONES: Record<string, string> = {
  "\u0301": "1",
  "\u0300": "2",
  "\u0309": "3",
  "\u0303": "4",
  "\u0323": "5",
};
const TELEX_SHAPES: Record<string, string> = { "\u0302": "double", "\u0306": "w", "\u031b": "w" };
const VNI_SHAPES: Record<string, string> = { "\u0302": "6", "\u0306": "8", "\u031b": "7" };

/** "bảo hiểm" → "baor hieemr" */
export function toTelex(text: string): string {
  return byWord(text, (word) => {
    let tone = "";
    let keys = "";
    for (const letter of word.normalize("NFD")) {
      const shape = TELEX_SHAPES[letter];
      if (TELEX_TONES[letter] !== undefined) tone = TELEX_TONES[letter];
      else if (shape === "double") keys += keys.slice(-1);
      else if (shape !== undefined) keys += shape;
      else keys += letter === "đ" ? "dd" : letter;
    }
    return keys + tone;
  });
}

/** "bảo hiểm" → "bao3 hie6m3" */
export function toVni(text: string): string {
  return byWord(text, (word) => {
    let tone = "";
    let keys = "";
    for (const letter of word.normalize("NFD")) {
      if (VNI_TONES[letter] !== undefined) tone = VNI_TONES[letter];
      else if (VNI_SHAPES[letter] !== undefined) keys += VNI_SHAPES[letter];
      else keys += letter === "đ" ? "d9" : letter;
    }
    return keys + tone;
  });
}

/** "bảo hiểm" → "baohiem" */
export function toRunTogether(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("đ", "d")
    .replaceAll("Đ", "D")
    .replaceAll(" ", "");
}

function byWord(text: string, change: (word: string) => string): string {
  return text
    .toLowerCase()
    .split(" ")
    .map((word) => {
      const found = /^([\p{L}\p{M}]+)([^\p{L}]*)$/u.exec(word);
      return found === null ? word : change(found[1] ?? "") + (found[2] ?? "");
    })
    .join(" ");
}

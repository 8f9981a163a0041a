import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalAccents,
  fold,
  isPossibleSyllable,
  splitSentences,
  splitText,
  toPlainText,
} from "../src/domain/fold.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom("bảo ", "hiễm", "Đ", "\u0301", "\uD800", "\u200B", "\n\n", ". ", "👨‍👩‍👧", " "),
      { maxLength: 60 },
    )
    .map((parts) => parts.join("")),
);

const HALF_CHARACTER = /\p{Surrogate}/u;

describe("fold", () => {
  it.each([
    ["Mẹ tôi hỏi TIỀN MA CHAY?", "me toi hoi tien ma chay"],
    ["  đặc\u00A0biệt,\tĐẶC–BIỆT ", "dac biet dac biet"],
    ["Ðặng ðình", "dang dinh"],
    ["b\u200Bảo hi\u00ADểm", "bao hiem"],
    ["1.417.000đ", "1 417 000d"],
    ["𝗯𝗼𝗹𝗱 ｆｕｌｌ", "bold full"],
    ["", ""],
    ["🙂 ?!", ""],
  ])("reads %j as %j", (typed, folded) => {
    expect(fold(typed)).toBe(folded);
  });

  it.each([
    ["sỹ", "sĩ"],
    ["quí", "quý"],
    ["lí", "lý"],
    ["tỉ", "tỷ"],
    ["kì", "kỳ"],
    ["hoà", "hòa"],
    ["thuỷ", "thủy"],
    ["khoẻ", "khỏe"],
  ])("takes %s and %s for one word", (one, other) => {
    expect(fold(one)).toBe(fold(other));
    expect(canonicalAccents(one)).toBe(canonicalAccents(other));
  });

  it.each(["hay", "mây", "thuy", "quy", "tay", "may"])("leaves the y of %s alone", (word) => {
    expect(fold(word).endsWith("y")).toBe(true);
  });

  it("changes nothing when done twice, and makes no difference between NFC and NFD", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = fold(text);
        expect(fold(folded)).toBe(folded);
        expect(folded).toMatch(/^(?:[a-z0-9]+(?: [a-z0-9]+)*)?$/);
        expect(fold(text.normalize("NFD"))).toBe(fold(text.normalize("NFC")));
        expect(fold(toPlainText(text))).toBe(folded);
      }),
    );
  });
});

describe("toPlainText", () => {
  it("drops what cannot be seen and keeps what can", () => {
    expect(toPlainText("\uFEFFBảo\u0000 \u202Ehiểm\u200D\r\n y\u3000tế \uD83D")).toBe(
      "Bảo hiểm y tế",
    );
    expect(toPlainText("Nguyễn".normalize("NFD"))).toBe("Nguyễn");
  });

  it("leaves no half characters, control characters or double spaces", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = toPlainText(text);
        expect(plain).not.toMatch(HALF_CHARACTER);
        expect(plain).not.toMatch(/\p{Cc}| {2}|^ | $/u);
        expect(toPlainText(plain)).toBe(plain);
      }),
    );
  });
});

describe("canonicalAccents", () => {
  it.each([
    ["Hoà", "hòa"],
    ["UỶ", "ủy"],
    ["tòan", "toàn"],
    ["đựơc", "được"],
    ["ngừơi", "người"],
    ["quý", "quý"],
    ["qúy", "quý"],
    ["gìa", "già"],
    ["gì", "gì"],
    ["ngoài", "ngoài"],
    ["khuỷu", "khuỷu"],
    ["e\u0301\u0302", "ế"],
    ["bhyt", "bhyt"],
  ])("writes %s as %s", (typed, canonical) => {
    expect(canonicalAccents(typed)).toBe(canonical);
  });
});

describe("isPossibleSyllable", () => {
  it("knows the syllables people use", () => {
    const words =
      "bảo hiểm xã hội thất nghiệp hưu trí quyết định nghĩa vụ khuyết tật nguyễn thuở quýt khuỷu ngoéo gìn giết giường yêu yến ý uống kỷ ghế nghe què quay oai uyển";
    expect(
      fold(words)
        .split(" ")
        .filter((word) => !isPossibleSyllable(word)),
    ).toEqual([]);
  });

  it("refuses keystrokes, shorthand and slips", () => {
    expect(
      ["baor", "hieemr", "trowj", "caaps", "bhxh", "ngheof", "lngu", "thucj", ""].filter(
        isPossibleSyllable,
      ),
    ).toEqual([]);
  });
});

describe("splitSentences", () => {
  it("keeps sums, place names and abbreviations whole", () => {
    expect(splitSentences("Ở TP. Rạch Giá. Lương 1.417.000 đ? Vậy\nhỏi")).toEqual([
      "Ở TP. Rạch Giá.",
      "Lương 1.417.000 đ?",
      "Vậy",
      "hỏi",
    ]);
  });
});

describe("splitText", () => {
  it("breaks between paragraphs, else sentences, else words", () => {
    expect(splitText("Đoạn một dài.\n\nĐoạn hai.", 16)).toEqual(["Đoạn một dài.", "Đoạn hai."]);
    expect(splitText("Câu một dài. Câu hai.", 16)).toEqual(["Câu một dài.", "Câu hai."]);
    expect(splitText("một hai ba bốn", 8)).toEqual(["một hai", "ba bốn"]);
    expect(splitText("😀😀😀", 3)).toEqual(["😀", "😀", "😀"]);
    expect(splitText("  ", 10)).toEqual([]);
  });

  it("loses nothing but white space, and no part is over the limit or half a character", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 50 }), (text, limit) => {
        const parts = splitText(text, limit);
        const withoutSpaces = (some: string) => some.replace(/\s+/g, "");
        expect(withoutSpaces(parts.join(""))).toBe(withoutSpaces(text));
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(HALF_CHARACTER.test(part) && !HALF_CHARACTER.test(text)).toBe(false);
        }
      }),
    );
  });
});

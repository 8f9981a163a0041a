import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildVocabulary, createContentReader, createNormaliser } from "../src/domain/normalise.ts";
import { fold } from "../src/domain/fold.ts";
import { ownLexicon, SENTENCES } from "./lexicon.ts";

const lexicon = ownLexicon();
const normalise = createNormaliser(
  lexicon,
  buildVocabulary(SENTENCES.map(createContentReader(lexicon)), lexicon),
);
const readings = (text: string) =>
  normalise(text)
    .words.map((word) => word.repaired ?? word.folded)
    .join(" ");

describe("createNormaliser", () => {
  it.each([
    ["baor hieemr thaats nghieepj cos dduowcj khoong", "bao hiem that nghiep co duoc khong"],
    ["ba3o hie6m3 xa4 ho65i tu75 nguye65n", "bao hiem xa hoi tu nguyen"],
    ["thẻ bhyt bị mất", "the bao hiem y te bi mat"],
    ["ko dc hưởng bhtn hả", "khong duoc huong bao hiem that nghiep ha"],
    ["b.h.x.h một lần", "bao hiem xa hoi mot lan"],
    ["BXHH một lần", "bao hiem xa hoi mot lan"],
    ["baohiemthatnghiep", "bao hiem that nghiep"],
    ["bảohiểmxãhội tự nguyện", "bao hiem xa hoi tu nguyen"],
    ["đóngbhxh một tháng", "dong bao hiem xa hoi mot thang"],
    ["tui đi bịnh viện", "toi di benh vien"],
    ["lãnh bảo hiễm xả hội", "nhan bao hiem xa hoi"],
    ["bà xã sanh con", "vo sinh con"],
    ["khôngggg có", "khong co"],
    ["trợ cấp thấc nghiệp", "tro cap that nghiep"],
  ])("reads “%s” as “%s”", (typed, folded) => {
    expect(normalise(typed).folded).toBe(folded);
  });

  it.each([
    ["1tr5", "sotien"],
    ["500k 1 tháng", "sotien 1 thang"],
    ["2 củ", "sotien"],
    ["1.417.000đ", "sotien"],
    ["2 triệu 500 nghìn", "sotien"],
    ["450000 đ", "sotien"],
    ["2.530.000", "sotien"],
    ["75t", "75 tuoi"],
    ["75 tuổi", "75 tuoi"],
    ["6th", "6 thang"],
    ["70%", "70 phan tram"],
    ["năm 2016 đóng", "nam 2016 dong"],
    ["2016 k đóng", "2016 khong dong"],
    ["2 cụ già", "2 cu gia"],
    ["28.8.2011", "28 8 2011"],
  ])("reads the numbers of “%s” as “%s”", (typed, folded) => {
    expect(normalise(typed).folded).toBe(folded);
  });

  it.each([
    ["hs nghèo", "học sinh nghèo"],
    ["nộp hs ở đâu", "nộp hồ sơ ở đâu"],
    ["hưởng tc tn", "hưởng trợ cấp thất nghiệp"],
    ["bị tn lđ", "bị tai nạn lao động"],
    ["bhxh tn", "bảo hiểm xã hội tự nguyện"],
    ["đóng bh yt", "đóng bảo hiểm y tế"],
    ["tới bh em đóng", "tới bây giờ em đóng"],
    ["nghị định 176, lớp 12a", "nghị định 176 lớp 12 a"],
  ])("tells from its neighbours that “%s” is “%s”", (typed, meant) => {
    expect(normalise(typed).folded).toBe(fold(meant));
  });

  it.each(["sổ hồng", "thẻ hỏng", "lãnh đạo xã", "bảo lãnh", "nhà có ba con", "ảnh thẻ"])(
    "leaves “%s” as it is",
    (text) => {
      expect(normalise(text).folded).toBe(fold(text));
    },
  );

  it.each([
    ["lươmg hưu", "luong huu"],
    ["trợ cấp thất nghệip", "tro cap that nghiep"],
    ["bảo hiẻmm y tế", "bao hiem y te"],
    ["hưởng chế đọ thai snả", "huong che do thai san"],
    ["xin cáp laij thẻ", "xin cap lai the"],
  ])("repairs “%s” for ranking to “%s”", (typed, meant) => {
    expect(readings(typed)).toBe(meant);
  });

  it("keeps a name it does not know, and says that it does not know it", () => {
    const [, name] = normalise("tên Quỳnh").words;
    expect(name).toMatchObject({
      folded: "quynh",
      accented: "quỳnh",
      known: false,
      repaired: null,
    });
  });

  it("keeps what was typed beside what it stands for", () => {
    expect(normalise("Thẻ BHYT").words.map(({ typed, accented }) => [typed, accented])).toEqual([
      ["Thẻ", "thẻ"],
      ["BHYT", "bảo"],
      ["BHYT", "hiểm"],
      ["BHYT", "y"],
      ["BHYT", "tế"],
    ]);
  });

  it("tells how much of a message was typed with accents", () => {
    expect(normalise("lương hưu của mẹ").accentShare).toBe(1);
    expect(normalise("luong huu cua me").accentShare).toBe(0);
    expect(normalise("bhyt bhxh").accentShare).toBe(0);
  });

  it("reads the beginning and the end of a very long letter", () => {
    const { words, length } = normalise(`thai sản ${"x ".repeat(60_000)} lương hưu`);
    const folded = words.map((word) => word.folded);
    expect(folded.slice(0, 2)).toEqual(["thai", "san"]);
    expect(folded.slice(-2)).toEqual(["luong", "huu"]);
    expect(words.length).toBeLessThan(600);
    expect(length).toBeGreaterThan(100_000);
  });

  it("never cuts a word in two where a long letter is cut", () => {
    const { words } = normalise("hưởng ".repeat(400));
    expect(new Set(words.map((word) => word.folded))).toEqual(new Set(["huong"]));
  });

  const anyWord = fc.constantFrom(
    ...new Set(SENTENCES.join(" ").match(/[\p{L}\p{N}]+/gu)),
    "hòa",
    "ủy",
    "khỏe",
    "xóa",
    "bhyt",
    "ko",
    "1.417.000đ",
  );
  const question = fc
    .array(anyWord, { minLength: 1, maxLength: 25 })
    .map((words) => words.join(" "));

  it.each<[string, (text: string) => string]>([
    ["decomposed letters", (text) => text.normalize("NFD")],
    ["capitals", (text) => text.toUpperCase()],
    [
      "the newer tone placement",
      (text) =>
        text
          .replaceAll("hòa", "hoà")
          .replaceAll("ủy", "uỷ")
          .replaceAll("khỏe", "khoẻ")
          .replaceAll("xóa", "xoá"),
    ],
    ["non-breaking spaces", (text) => text.replaceAll(" ", "\u00A0")],
    ["doubled spaces", (text) => `  ${text.replaceAll(" ", "  ")} `],
    ["zero-width characters", (text) => `\uFEFF${text.replaceAll(" ", " \u200B")}\u200D`],
    ["question marks at the end", (text) => `${text} ???`],
    ["a full stop at the end", (text) => `${text}.`],
  ])("reads the same words with %s", (_, change) => {
    fc.assert(
      fc.property(question, (text) => {
        expect(
          normalise(change(text)).words.map((word) => [word.folded, word.accented, word.repaired]),
        ).toEqual(normalise(text).words.map((word) => [word.folded, word.accented, word.repaired]));
      }),
    );
  });

  it("reads any text at all", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 3000 }),
      fc.string({ unit: "grapheme", maxLength: 500 }),
      fc
        .array(
          fc.constantFrom(
            "a",
            "ng",
            "ươ",
            "1",
            ".",
            ",",
            "%",
            "\uDC00",
            "\u0000",
            "\u0301",
            "s",
            "w",
            "đ",
            " ",
          ),
          { maxLength: 1200 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { words, folded, accentShare } = normalise(text);
        expect(folded).toBe(words.map((word) => word.folded).join(" "));
        for (const { folded: one } of words) expect(one).toMatch(/^[a-z0-9]+$/);
        expect(accentShare).toBeGreaterThanOrEqual(0);
        expect(accentShare).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe("buildVocabulary", () => {
  it("counts the words of the content with shorthand written out, and can be kept as JSON", () => {
    const vocabulary = buildVocabulary(
      [createContentReader(lexicon)("Thẻ BHYT, thẻ BHYT.")],
      lexicon,
    );
    expect(vocabulary.bigrams["the bao"]).toBe(2);
    expect(vocabulary.bigrams["te the"]).toBe(1);
    expect(JSON.parse(JSON.stringify(vocabulary))).toEqual(vocabulary);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskPersonalNumbers } from "../src/domain/mask.ts";

const HIDDEN = "[số đã ẩn]";

describe("maskPersonalNumbers", () => {
  it.each([
    ["số căn cước", "cccd 079200001234"],
    ["số căn cước viết rời", "cccd 079 200 001234"],
    ["chứng minh nhân dân", "CMND 371234567"],
    ["mã số BHXH", "mã bhxh 9123456789"],
    ["thẻ BHYT", "thẻ GD4919123456789"],
    ["thẻ BHYT viết rời", "thẻ HC 4 01 01 20878811"],
    ["điện thoại", "gọi 0912.345.678"],
    ["điện thoại quốc tế", "gọi +84 91 234 56 78"],
    ["điện thoại bàn", "gọi (0297) 3862 123"],
    ["điện thoại rồi đến “không”", "sdt 0912345678 k ai nghe"],
    ["thẻ ngân hàng", "thẻ 9704 3612 3456 7890 123"],
    ["tài khoản ngắn", "stk 12345678"],
    ["tài khoản có lời dẫn", "tài khoản ngân hàng số 1234-5678"],
    ["chữ số toàn khổ", "cccd ０７９２００００１２３４"],
    ["số chen ký tự ẩn", "cccd 0792\u200B0000\u200B1234"],
    ["số rồi đến “đồng ý”", "cmnd 371234567 đồng ý"],
    ["số rồi đến “đóng”", "cmnd 371234567 dong bhxh"],
  ])("hides %s", (_, text) => {
    const masked = maskPersonalNumbers(text);
    expect(masked).toContain(HIDDEN);
    expect(masked.replace(HIDDEN, "")).not.toMatch(/\d/);
  });

  it.each([
    "2.530.000",
    "1.500.000.000 đồng",
    "1.234.567.890 đồng",
    "450000 đ",
    "1417000d",
    "12 triệu",
    "12,5 triệu",
    "lương 5.300.000-9.000.000đ",
    "tài khoản có 15.000.000 đồng",
    "Nghị định 176/2025/NĐ-CP",
    "kế hoạch 219/KH-UBND",
    "sinh ngày 28.8.2011",
    "từ 01/07/2026",
    "từ 2026-07-01",
    "các năm 2016 2017 2018",
    "thủ tục 1.014173",
    "75 tuổi, đóng 15 năm",
    "gọi 1900 9068",
  ])("leaves “%s” as it is", (text) => {
    expect(maskPersonalNumbers(text)).toBe(text);
  });

  it("leaves no run of nine digits that is not a sum of money", () => {
    const piece = fc.oneof(
      fc.stringMatching(/^\d{1,20}$/),
      fc.constantFrom(" ", ".", "-", ", ", "cccd ", "stk ", "đ", "a", " 0", "+84", "/"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const masked = maskPersonalNumbers(pieces.join(""));
        expect(masked).not.toMatch(/\d{9,}(?!\d|\s*đ(?![\p{L}\p{N}]))/u);
      }),
    );
  });

  it("hides a number wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^0[35789]\d{8}$/),
        fc.constantFrom("", "gọi ", "sđt:", "số em là"),
        fc.constantFrom("", " nha", ".", ", cảm ơn"),
        (phone, before, after) => {
          expect(maskPersonalNumbers(before + phone + after)).not.toContain(phone.slice(1));
        },
      ),
    );
  });

  it("takes a hundred thousand characters of anything in its stride", () => {
    for (const unit of ["1", "1 ", "0.", "a", "stk", "1.000."]) {
      expect(maskPersonalNumbers(unit.repeat(100_000 / unit.length))).toBeTypeOf("string");
    }
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import type { Brain } from "../src/answer/brain.ts";
import { realBrain, type Talk, talkTo, textOf } from "./brain.ts";

let brain: Brain;
beforeAll(async () => {
  brain = await realBrain();
});

async function about(question: string) {
  return (await talkTo(brain)(question)).about;
}

describe("a free question", () => {
  test("“má tui 76 tuổi hổng có lương hưu, được lãnh gì hông” is answered with huu-tri-xa-hoi", async () => {
    const { outcome, entitlements } = await about(
      "má tui 76 tuổi hổng có lương hưu, được lãnh gì hông",
    );
    expect(outcome).toBe("answer");
    expect(["huu-tri-xa-hoi", "tro-cap-nguoi-cao-tuoi"]).toContain(entitlements[0]);
  });

  test("“lam mat the bhyt r gio lam lai o dau z” is answered with the-bhyt-mat-hong", async () => {
    expect((await about("lam mat the bhyt r gio lam lai o dau z")).entitlements).toEqual([
      "the-bhyt-mat-hong",
    ]);
  });

  test("the asked heading is shown, then where to go today, then the source", async () => {
    const reply = await talkTo(brain)("rút bảo hiểm xã hội một lần cần hồ sơ giấy tờ gì");
    expect(reply.about).toMatchObject({
      entitlements: ["bhxh-mot-lan"],
      facet: "documents",
      agency: "bhxh-co-so",
    });
    const text = textOf(reply);
    expect(text).toContain("Nơi giải quyết hiện nay: Bảo hiểm xã hội cơ sở");
    expect(text).toMatch(
      /\[Căn cứ: .*219\/KH-UBND, mục .*Đối chiếu ngày \d\d\/\d\d\/2026, chưa được cơ quan nào duyệt\.\]/,
    );
    expect(text.indexOf("Nơi giải quyết")).toBeLessThan(text.indexOf("[Căn cứ"));
  });

  test("a long letter with the question at the end is understood", async () => {
    const letter =
      "Kính gửi các anh chị. Tôi năm nay 43 tuổi, quê ở Gò Quao, lên Bình Dương làm giày da mười một năm. Đầu năm công ty ít đơn hàng nên cho nghỉ bớt. " +
      "Tôi có quyết định nghỉ việc đàng hoàng, sổ bảo hiểm cũng đã lấy. Nay tôi về quê sống với mẹ già, chưa tìm được chỗ làm mới. " +
      "Con tôi đang học lớp mười, tiền bạc eo hẹp. Bạn bè nói người mất việc có khoản tiền mỗi tháng trong lúc chờ việc. Tôi muốn hỏi tiền thất nghiệp của tôi được bao nhiêu tháng?";
    expect((await about(letter)).entitlements[0]).toBe("tro-cap-that-nghiep");
  });
});

describe("a conversation", () => {
  let talk: Talk;
  beforeAll(() => {
    talk = talkTo(brain);
  });

  test("“còn hồ sơ thì sao?” is about the topic before it", async () => {
    await talk("trợ cấp thất nghiệp là gì");
    const reply = await talk("còn hồ sơ thì sao?");
    expect(reply.about).toMatchObject({
      entitlements: ["tro-cap-that-nghiep"],
      facet: "documents",
    });
  });

  test("“2” is the second choice shown", async () => {
    const before = await talk("trợ cấp thất nghiệp");
    const second = before.buttons[1]?.action;
    expect(second?.do).toBe("entitlement");
    const reply = await talk("2");
    expect(reply.about.facet).toBe(second?.do === "entitlement" ? second.facet : "none");
  });

  test("a number beyond the choices is met with a sentence and the fields", async () => {
    const reply = await talk("77");
    expect(textOf(reply)).toContain("Lựa chọn này không còn dùng được");
    expect(reply.buttons.length).toBeGreaterThan(5);
  });

  test("a new topic in the middle of it replaces the old one", async () => {
    await talk("mất thẻ bảo hiểm y tế thì làm lại sao");
    expect((await talk("làm ở đâu")).about).toMatchObject({
      entitlements: ["the-bhyt-mat-hong"],
      facet: "where",
    });
  });

  test("a heading without any topic before it is asked about", async () => {
    const reply = await talkTo(brain)("cần giấy tờ gì");
    expect(reply.about.outcome).toBe("other");
    expect(textOf(reply)).toContain("Quý vị đang hỏi về chế độ nào?");
  });

  test("a button still works for somebody the bot has never met", async () => {
    const reply = await talkTo(brain).press({
      do: "entitlement",
      id: "luong-huu",
      facet: "benefit",
    });
    expect(reply.about).toMatchObject({
      outcome: "answer",
      entitlements: ["luong-huu"],
      facet: "benefit",
    });
  });

  test("a button for a page that is gone says so", async () => {
    const reply = await talkTo(brain).press({ do: "entitlement", id: "khong-con", facet: null });
    expect(textOf(reply)).toContain("không còn dùng được");
  });
});

describe("names", () => {
  test("an office by its former name leads to today's", async () => {
    const reply = await talkTo(brain)("Sở Lao động Thương binh và Xã hội Kiên Giang ở đâu");
    expect(reply.about).toMatchObject({ kind: "agency", agency: "so-noi-vu" });
    const text = textOf(reply);
    expect(text).toContain("không còn hoạt động sau ngày 28/02/2025");
    expect(text).toContain("Sở Nội vụ tỉnh An Giang");
    expect(text).toContain("Sở Y tế tỉnh An Giang");
  });

  test("a commune by its former name is told today's name", async () => {
    const reply = await talkTo(brain)("xã Lình Huỳnh");
    expect(reply.about.kind).toBe("commune");
    expect(textOf(reply)).toContain("XÃ HÒN ĐẤT, TỈNH AN GIANG");
  });

  test("a name that several places had is asked about, and the number chosen counts", async () => {
    const talk = talkTo(brain);
    const asked = await talk("xã Vĩnh Phú");
    expect(asked.about).toMatchObject({ outcome: "choose", kind: "commune" });
    expect(textOf(asked)).toContain("thuộc huyện cũ nào?");
    expect((await talk("1")).about).toMatchObject({ kind: "commune", outcome: "answer" });
  });

  test("the district said with it settles which place was meant", async () => {
    const reply = await talkTo(brain)("xã Vĩnh Phú huyện Giồng Riềng");
    expect(textOf(reply)).toContain("XÃ LONG THẠNH");
  });

  test("a divided commune says that the hamlet decides", async () => {
    const reply = await talkTo(brain)("xã Phú Hội huyện An Phú");
    expect(textOf(reply)).toMatch(/An Phú|Nhơn Hội/);
    expect(reply.about.kind).toBe("commune");
  });

  test("once the commune is known its own desk is named, until it is forgotten", async () => {
    const talk = talkTo(brain);
    await talk("thị trấn Sóc Sơn");
    expect(textOf(await talk("nộp đơn xin trợ cấp hưu trí xã hội ở đâu"))).toContain(
      "Trung tâm Phục vụ hành chính công xã Mỹ Thuận",
    );
    await talk("quên xã của tôi");
    expect(textOf(await talk("nộp đơn xin trợ cấp hưu trí xã hội ở đâu"))).not.toContain(
      "Mỹ Thuận",
    );
  });

  test("“lương cơ sở bao nhiêu” is answered with the value of the day and its decree", async () => {
    const today = textOf(await talkTo(brain)("lương cơ sở bao nhiêu"));
    expect(today).toContain("2.530.000 đồng một tháng, tính từ ngày 01/07/2026");
    expect(today).toContain("Nghị định 161/2026/NĐ-CP");
    const before = textOf(await talkTo(brain, "2025-03-01")("lương cơ sở bao nhiêu"));
    expect(before).toContain("2.340.000 đồng một tháng, tính từ ngày 01/07/2024");
  });
});

describe("what is not a question about a page", () => {
  test.each([
    ["xin chào", "smalltalk"],
    ["chào em", "smalltalk"],
    ["cảm ơn nhiều nha", "smalltalk"],
    ["bạn là ai", "smalltalk"],
    ["cho tôi gặp người thật", "smalltalk"],
    ["giúp với, dùng sao đây", "smalltalk"],
    ["đồ ngu", "smalltalk"],
    ["danh mục", "menu"],
    ["họ kêu chuyển tiền vô tài khoản mới cho lãnh trợ cấp", "scam"],
    ["có người gọi xưng bên bảo hiểm xã hội xin mã otp", "scam"],
    ["chồng tôi đánh đập tôi hoài, cứu với", "crisis"],
    ["cháu bé hàng xóm bị cha dượng đánh", "crisis"],
    ["tôi không muốn sống nữa", "crisis"],
    ["mua vé tàu đi Phú Quốc ở đâu", "out-of-scope"],
    ["thủ tục ly hôn đơn phương", "out-of-scope"],
  ])("“%s” is %s", async (question, kind) => {
    expect(await about(question)).toMatchObject({ outcome: "other", kind });
  });

  test("in a crisis the number comes first and nothing else is offered", async () => {
    const reply = await talkTo(brain)("bị chồng đánh gãy tay");
    expect(reply.buttons).toEqual([]);
    expect(textOf(reply)).toMatch(/^Gọi ngay 113/);
  });

  test("questions of our scope that share words with a crisis are answered", async () => {
    expect((await about("chết thì được mai táng phí bao nhiêu")).kind).not.toBe("crisis");
    expect(
      (await about("cấp cứu trái tuyến có được bảo hiểm y tế trả không")).entitlements[0],
    ).toBe("kham-chua-benh-bhyt");
  });

  test("a misconception is put right first", async () => {
    const misconception = brain.content.misconceptions[0];
    const reply = await talkTo(brain)(misconception?.samples[0] ?? "");
    expect(reply.about).toMatchObject({ outcome: "answer", kind: "misconception" });
    expect(textOf(reply)).toContain("Điều đó chưa đúng");
  });

  test("what it does not know it says, with a field or a person to ask", async () => {
    const reply = await talkTo(brain)("khủng long ăn gì");
    expect(reply.about.outcome).toBe("none");
    expect(reply.buttons.some((button) => button.action.do === "human")).toBe(true);
  });
});

describe("bad input", () => {
  test.each([
    ["nothing", ""],
    ["spaces", "   \n\t "],
    ["emoji only", "😀😀👍🏽"],
    ["dots", "...."],
    ["100,000 characters", "bảo hiểm ".repeat(12_000)],
    ["100,000 characters without a space", "x".repeat(100_000)],
    ["control characters", "\u0007\u001b[31mđỏ\u0000"],
    ["HTML", "<script>alert(1)</script><b>lương hưu</b>"],
    ["Chinese", "你好,请问怎么办理签证?"],
    ["Thai", "สวัสดีครับ"],
    ["a lone surrogate", "\ud83d lương hưu"],
    ["NUL", "\u0000"],
    ["a huge number", "9".repeat(500)],
    ["a prototype name", "__proto__ constructor toString"],
  ])("%s gets a calm reply", async (_, text) => {
    const reply = await talkTo(brain)(text);
    expect(textOf(reply).length).toBeGreaterThan(10);
    expect(textOf(reply)).not.toMatch(/undefined|NaN|\[object/);
  });
});

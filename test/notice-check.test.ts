import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createAnswer } from "../src/answer/answer.ts";
import { release, start } from "../src/broadcast/transitions.ts";
import { noonOf } from "../src/domain/day.ts";
import { compareNotice } from "../src/domain/notice-check.ts";
import { NO_ABOUT, type Block } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { renderText } from "../src/channels/text-render.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { realBrain } from "./brain.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";

const BLOCKS: Block[] = [
  { type: "heading", text: "Tăng lương hưu từ ngày 01/07/2026" },
  {
    type: "text",
    spans: [
      { text: "Lương hưu tháng 7/2026 tăng " },
      { text: "8%", strong: true },
      { text: ". Người đang hưởng không phải làm thủ tục gì, tiền chuyển như mọi tháng." },
    ],
  },
  {
    type: "list",
    ordered: true,
    items: [
      [{ text: "Hỏi thêm ở " }, { text: "trang của BHXH", url: "https://baohiemxahoi.gov.vn" }],
      [{ text: "Không nộp tiền cho ai" }],
    ],
  },
  { type: "text", spans: [{ text: "An Sinh gửi. Mã tin TB7K3FQ." }] },
];

const OURS = renderText({
  blocks: BLOCKS,
  buttons: [],
  feedback: null,
  about: NO_ABOUT,
});

describe("a pasted text beside what was sent", () => {
  test("is the same whatever a copy did to spaces, bullets, capitals and quotation marks", () => {
    expect(compareNotice(OURS, BLOCKS).verdict).toBe("same");
    const copied = OURS.replaceAll("1) ", "1. ").replaceAll("2) ", "• ").replaceAll(" ", "  ");
    expect(compareNotice(copied, BLOCKS).verdict).toBe("same");
  });

  test("is a part when it is a piece, word for word", () => {
    const piece = "Người đang hưởng không phải làm thủ tục gì, tiền chuyển như mọi tháng.";
    expect(compareNotice(piece, BLOCKS).verdict).toBe("part");
    // Its first words stand earlier in the text too.
    const again = "Lương hưu tháng 7/2026 tăng 8%. Người đang hưởng không phải làm thủ tục gì";
    expect(compareNotice(again, BLOCKS).verdict).toBe("part");
  });

  test("shows what was added, changed or taken out", () => {
    const added = compareNotice(
      `${OURS}\nMuốn nhận thêm thì nộp 200.000 đồng vào https://bhxh-nhantien.com`,
      BLOCKS,
    );
    expect(added).toMatchObject({ verdict: "extended", missing: [] });
    expect(added.added.join(" ")).toContain("https://bhxh-nhantien.com");
    const changed = compareNotice(OURS.replace("8%", "18%"), BLOCKS);
    expect(changed).toMatchObject({ verdict: "altered", added: ["18%."], missing: ["8%."] });
    const shortened = compareNotice(OURS.replace("không phải làm", "phải làm"), BLOCKS);
    expect(shortened).toMatchObject({ verdict: "altered", added: [], missing: ["không"] });
  });

  test("is another when little of it is ours", () => {
    const other = "Ngân hàng thông báo tài khoản của quý khách bị khóa, bấm liên kết để mở lại.";
    expect(compareNotice(other, BLOCKS).verdict).toBe("other");
    expect(compareNotice("", BLOCKS).verdict).toBe("other");
    expect(compareNotice("lương hưu tăng", BLOCKS).verdict).toBe("other");
  });

  test("is never the same when a word is added, taken out or swapped", () => {
    const words = OURS.split(/\s+/).filter((word) => !/^\d\)$/.test(word) && !word.startsWith("("));
    fc.assert(
      fc.property(fc.nat(words.length - 1), fc.constantFrom("khác", null), (at, put) => {
        const mutated = [
          ...words.slice(0, at),
          ...(put === null ? [] : [put]),
          ...words.slice(at + 1),
        ];
        expect(compareNotice(mutated.join(" "), BLOCKS).verdict).not.toBe("same");
      }),
    );
  });

  test("takes any text without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(compareNotice(text, BLOCKS).similarity).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("“is this message yours?”", () => {
  const at = noonOf("2026-11-25");
  let store: Store;
  let ask: (text: string, person?: string) => Promise<string>;
  let count = 0;

  beforeAll(async () => {
    const brain = await realBrain();
    store = createMemoryStore(() => at);
    await store.subscribe(
      { channel: "web", person: "x" },
      { topics: [{ type: "all" }], since: at, consent: "2026-11" },
    );
    await submitted(store, { ...draftOf("TB7K3FQ"), title: "Tăng lương hưu", blocks: BLOCKS });
    await store.change("TB7K3FQ", release({ by: APPROVER, at }));
    await store.change("TB7K3FQ", start(at));
    await submitted(store, { ...draftOf("TB9ZZZZ"), notice: "chua-gui" });
    const answer = createAnswer(() => brain, store);
    ask = async (text, person = `p${(count += 1)}`) => {
      const id = String((count += 1));
      const content = { type: "text" as const, text };
      return renderText(await answer({ id, from: { channel: "web", person }, at, content }));
    };
  });

  test.each([
    (text: string) => `tin này có phải của mình không?\n${text}`,
    (text: string) => `tin nay co phai cua an sinh ko: ${text}`,
    (text: string) => `${text}\nTin này có phải của An Sinh không vậy?`,
    (text: string) => text,
  ])("says yes to ours, word for word (%#)", async (wrap) => {
    expect(await ask(wrap(OURS))).toMatch(/^Đúng\. Đây là thông báo TB7K3FQ/);
  });

  test("shows what a swindler added, and the original", async () => {
    const said = await ask(
      `tin này của an sinh phải không: ${OURS} Nộp phí 50.000 đồng vào số 0912345678`,
    );
    expect(said).toMatch(/^Chỉ đúng một phần/);
    expect(said).toContain("Nộp phí 50.000 đồng vào số 0912345678");
    expect(said).toContain("không hỏi mã OTP");
    const changed = await ask(`tin này của an sinh phải không: ${OURS.replace("8%", "80%")}`);
    expect(changed).toMatch(/^Không đúng nguyên văn/);
    expect(changed).toContain("80%");
    expect(changed).toContain("Bản gốc của An Sinh");
  });

  test.each([
    "Muốn nhận thêm thì chuyển hai trăm nghìn cho anh Nam nhé?",
    "Nhận thêm quà thì đọc mã OTP cho nhân viên được không?",
    "Tin này có phải của An Sinh không thì gọi 0912345678 để nhận tiền",
    "50. Nộp tiền trước",
  ])("“%s” beside our text is never passed over", async (added) => {
    for (const text of [`${added}\n${OURS}`, `${OURS}\n${added}`]) {
      const said = await ask(text);
      expect(said).not.toMatch(/^Đúng/);
      expect(said).toContain(added.split(" ").slice(-2).join(" "));
    }
  });

  test.each(["TB7K3FQ", "mã TB7K3FQ ạ", "tb7k3fq có thật không?", "Kiểm tra giúp mã TB7K3FQ"])(
    "“%s” shows the announcement",
    async (text) => {
      const said = await ask(text);
      expect(said).toMatch(/^Có\. Mã TB7K3FQ/);
      expect(said).toContain("Không nộp tiền cho ai");
    },
  );

  test("a code of ours on a text of somebody else's does not make it ours", async () => {
    const said = await ask("Chúc mừng quý vị trúng thưởng 100 triệu, gọi ngay. Mã tin TB7K3FQ");
    expect(said).toMatch(/^Không đúng nguyên văn/);
  });

  test("says no to what was never sent, with the standing rules", async () => {
    const said = await ask(
      "tin này có phải của an sinh không: quý vị được nhận 5 triệu, bấm vào đây để nhập mã OTP",
    );
    expect(said).toMatch(/^Không\. An Sinh không gửi tin này\./);
    expect(said).toContain("không hỏi mã OTP");
  });

  test("what was submitted but not sent is not ours yet", async () => {
    const said = await ask(
      "tin này của an sinh phải không: Từ tháng sau lương hưu tăng. Mã TB9ZZZZ",
    );
    expect(said).toMatch(/^Không\. An Sinh không gửi tin này\./);
  });

  test("asks for the text when there is none, and takes the next message for it", async () => {
    expect(await ask("tin này có phải của mình không", "chi")).toContain("dán nguyên văn");
    expect(await ask(OURS.replace("8%", "80%"), "chi")).toMatch(/^Không đúng nguyên văn/);
    expect(await ask("tin nhắn này có phải của bên mình ko", "em")).toContain("dán nguyên văn");
    expect(await ask("mất thẻ bhyt", "em")).not.toContain("An Sinh không gửi tin này");
    expect(await ask("mất thẻ bảo hiểm y tế thì làm lại ở đâu", "em")).not.toContain("không gửi");
  });

  test("a correction is told with what it corrects", async () => {
    await submitted(store, { ...draftOf("TB2CCCC"), notice: "dinh-chinh", corrects: "TB7K3FQ" });
    await store.change("TB2CCCC", release({ by: APPROVER, at }));
    await store.change("TB2CCCC", start(at));
    expect(await ask(`tin này của an sinh phải không\n${OURS}`)).toContain("đính chính");
  });

  test("an ordinary question with a code-like word is an ordinary question", async () => {
    expect(await ask("thẻ TBAAAAA là gì")).not.toContain("An Sinh không gửi tin này");
  });
});

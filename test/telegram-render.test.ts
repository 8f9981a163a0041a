import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TEXT, renderTelegram } from "../src/channels/telegram-render.ts";
import type { Block } from "../src/domain/reply.ts";
import { parseTelegramHtml } from "./fake-telegram-html.ts";

const blocks: Block[] = [
  { type: "heading", text: "Mai táng <phí>" },
  {
    type: "text",
    spans: [
      { text: "Mức " },
      { text: "10 & 20", strong: true },
      { text: " xem " },
      { text: "trang", url: 'https://a.vn/?x=1&y="2"' },
      { text: " hay", url: "javascript:alert(1)" },
    ],
  },
  { type: "list", ordered: true, items: [[{ text: "Đơn" }], [{ text: "Giấy" }]] },
  { type: "list", ordered: false, items: [[{ text: "ở xã" }]] },
  { type: "fields", rows: [{ label: "Nơi nộp", value: "xã" }] },
  { type: "source", text: "Căn cứ: Luật" },
];

test("a reply becomes Telegram's HTML with everything escaped", () => {
  const [message] = renderTelegram({ blocks, buttons: [], feedback: null });
  expect(message).toEqual({
    text: [
      "<b>Mai táng &lt;phí&gt;</b>",
      'Mức <b>10 &amp; 20</b> xem <a href="https://a.vn/?x=1&amp;y=&quot;2&quot;">trang</a> hay',
      "1. Đơn\n2. Giấy",
      "• ở xã",
      "<b>Nơi nộp:</b> xã",
      "<i>Căn cứ: Luật</i>",
    ].join("\n\n"),
    keyboard: [],
  });
});

test("choices are numbered, one a row, and stand under the last part only", () => {
  const long: Block[] = Array.from({ length: 9 }, () => ({
    type: "heading",
    text: "a".repeat(1000),
  }));
  const parts = renderTelegram({
    blocks: long,
    feedback: null,
    buttons: [
      { label: "Danh mục", action: { do: "menu" } },
      { label: "Hỏi người", action: { do: "human" } },
    ],
  });
  expect(parts.map((part) => part.keyboard.length)).toEqual([0, 0, 2]);
  expect(parts.at(-1)?.keyboard).toEqual([
    [{ text: "1. Danh mục", callback_data: "m" }],
    [{ text: "2. Hỏi người", callback_data: "n" }],
  ]);
  expect(parts[0]?.text.endsWith("</b>")).toBe(true);
});

test("“Đúng ý không?” is a last row of two without numbers, and never crowds out a message", () => {
  const thumb = (helpful: boolean, label: string) => ({
    label,
    action: { do: "feedback" as const, helpful, about: "mai-tang" },
  });
  const feedback = {
    question: "Đúng ý không?",
    yes: thumb(true, "Đúng ý"),
    no: thumb(false, "Chưa đúng ý"),
  };
  const row = [
    { text: "👍 Đúng ý", callback_data: "y:mai-tang" },
    { text: "👎 Chưa đúng ý", callback_data: "w:mai-tang" },
  ];
  const one = { label: "Danh mục", action: { do: "menu" as const } };
  const [message] = renderTelegram({ blocks, buttons: [one], feedback });
  expect(message?.keyboard).toEqual([[{ text: "Danh mục", callback_data: "m" }], row]);
  expect(message?.text).not.toContain("Đúng ý");
  const buttons = Array.from({ length: 120 }, () => one);
  const [crowded] = renderTelegram({ blocks, buttons, feedback });
  expect(crowded?.keyboard.flat()).toHaveLength(100);
  expect(crowded?.keyboard.at(-1)).toEqual(row);
});

test("whatever is in a reply, every part is short enough, whole HTML, and no word is lost", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.constantFrom("<b>", "&amp;", "đoạn văn dài. ".repeat(400), "🙂".repeat(3000), "\n\n", " "),
  );
  const span = fc.record(
    { text: piece, strong: fc.boolean(), url: fc.constantFrom("https://a.vn/<&>", "tel:1") },
    { requiredKeys: ["text"] },
  );
  const block = fc.oneof(
    piece.map((text): Block => ({ type: "heading", text })),
    fc.array(span).map((spans): Block => ({ type: "text", spans })),
    piece.map((text): Block => ({ type: "source", text })),
  );
  const bare = (text: string) => text.normalize("NFC").replace(/\s+/g, "");
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), (some) => {
      const seen = renderTelegram({ blocks: some, buttons: [], feedback: null }).map(({ text }) => {
        const parsed = parseTelegramHtml(text);
        if ("problem" in parsed) throw new Error(parsed.problem);
        expect(parsed.text.length).toBeLessThanOrEqual(MAX_TEXT);
        expect(parsed.text.trim()).not.toBe("");
        return parsed.text;
      });
      const written = some.map((one) =>
        one.type === "text"
          ? one.spans.map((each) => each.text).join("")
          : "text" in one
            ? one.text
            : "",
      );
      expect(bare(seen.join(""))).toBe(bare(written.join("")));
    }),
    { numRuns: 200 },
  );
});

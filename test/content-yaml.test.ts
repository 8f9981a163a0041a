import { expect, test } from "vitest";
import { blocking } from "./content-folder.ts";

const FIELD = "tro-giup:\n  ten: Trợ giúp xã hội\n  ten_ngan: Trợ giúp\n  mo_ta: Tiền.\n";

/** The first problem of linh-vuc.yaml with this text. */
async function fieldProblem(text: string): Promise<string | undefined> {
  const problems = await blocking({ file: "linh-vuc.yaml", text });
  return problems.find((problem) => problem.startsWith("linh-vuc.yaml"));
}

test.each([
  ["a colon inside a sentence", "Trợ giúp: xã hội", 2, "dấu hai chấm giữa dòng", "ngoặc kép"],
  ["a sentence that begins with {{", "{{a}} mỗi tháng", 2, "bắt đầu bằng {{", "ngoặc kép"],
  ["bold at the start", "**Trợ giúp** xã hội", 2, "dấu riêng của YAML", "ngoặc kép"],
  ["a lone star", "*chú ý", 2, "dấu riêng của YAML", "ngoặc kép"],
  ["an exclamation mark at the start", "!Trợ giúp", 2, "dấu riêng của YAML", "ngoặc kép"],
  ["words after a quotation", '"Trợ giúp" xã hội', 2, "chữ thừa sau ngoặc kép mở ở dòng 2", "“ ”"],
  ["an at sign at the start", "@xã hội", 2, "dấu riêng của YAML", "ngoặc kép"],
  ["a backslash in quotes", '"Trợ \\giúp"', 2, "có dấu \\", "bỏ dấu \\"],
  ["an open bracket", "[Trợ giúp", 3, "ngoặc [ hoặc { chưa đóng", "thêm ]"],
])("%s is told in Vietnamese, with the line", async (_case, typed, line, wrong, instead) => {
  const problem = await fieldProblem(FIELD.replace("Trợ giúp xã hội", () => typed));
  expect(problem).toContain(`linh-vuc.yaml:${line}: `);
  expect(problem).toContain(wrong);
  expect(problem?.split(" — ")[1]).toContain(instead);
});

test("a quote that is never closed says where it was opened", async () => {
  const problem = await fieldProblem(FIELD.replace("Trợ giúp xã hội", '"Trợ giúp xã hội'));
  expect(problem).toContain("ngoặc kép chưa đóng, mở ở dòng 2 — thêm dấu");
});

test("a quote that runs into the next one says where it was opened", async () => {
  const text = FIELD.replace("Trợ giúp xã hội", '"Trợ giúp xã hội').replace("Tiền.", '"Tiền."');
  expect(await fieldProblem(text)).toContain("mở ở dòng 2");
});

test("tabs, crooked lines, a key twice, a second document and a missing colon are told apart", async () => {
  expect(await fieldProblem(FIELD.replace("  ten:", "\tten:"))).toBe(
    "linh-vuc.yaml:2: thụt dòng bằng phím Tab — thay mỗi Tab bằng 2 dấu cách",
  );
  expect(await fieldProblem(FIELD.replace("  mo_ta", "   mo_ta"))).toContain("thụt vào không");
  expect(await fieldProblem(`${FIELD}  mo_ta: Nữa.\n`)).toBe(
    "linh-vuc.yaml:5: khóa này đã có ở trên — giữ một khóa, xóa khóa kia",
  );
  expect(await fieldProblem(`${FIELD}---\na: 1\n`)).toBe(
    "linh-vuc.yaml:5: có dòng --- ở giữa tệp — bỏ dòng ---; một tệp chỉ có một phần",
  );
  expect(await fieldProblem(FIELD.replace("ten: ", "ten:"))).toBe(
    "linh-vuc.yaml:2: dòng này không có dạng khoa: nội dung — thêm dấu hai chấm và một dấu cách sau khóa; câu dài nhiều dòng thì đặt trong ngoặc kép",
  );
});

test("one broken file is told once, and not again wherever it is cited", async () => {
  expect(await blocking({ file: "muc.yaml", text: "a: b: c\n" })).toHaveLength(1);
});

test("a phone number without quotes would lose its 0, and the editor is told to quote it", async () => {
  expect(
    await blocking({
      file: "co-quan.yaml",
      replace: "  do_tin: da-xac-nhan",
      by: "  dien_thoai: 02973862000\n  do_tin: da-xac-nhan",
    }),
  ).toEqual([
    'co-quan.yaml:6: "dien_thoai" bị đọc thành số hoặc true/false, số 0 ở đầu sẽ mất — đặt trong ngoặc kép: "02973862000"',
  ]);
});

test("a sample question with a colon and no quotes is told to be quoted", async () => {
  expect(
    await blocking({
      file: "ngoai-pham-vi.yaml",
      replace: "thủ tục ly hôn",
      by: "cho hỏi: ly hôn",
    }),
  ).toEqual([
    'ngoai-pham-vi.yaml:5: mục này phải là chữ — viết một câu; câu có dấu hai chấm thì đặt trong ngoặc kép "…"',
  ]);
});

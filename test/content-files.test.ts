import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { warnOfStrays } from "../src/content/check-strays.ts";
import { loadContent } from "../src/content/load.ts";
import { readContentFiles } from "../src/content/read-files.ts";
import { formatProblem } from "../src/domain/problem.ts";
import {
  blocking,
  goodText,
  load,
  NOW,
  PAGE,
  SITUATION,
  warnings,
  writeContent,
} from "./content-folder.ts";

const run = promisify(execFile);
const CLI = fileURLToPath(new URL("../src/cli/content.ts", import.meta.url));

test("a good folder has no problems and is read into plain objects", async () => {
  const { content, problems } = await load();
  expect(problems).toEqual([]);
  expect(content).not.toBeNull();
  expect(JSON.parse(JSON.stringify(content))).toEqual(content);
  expect(content?.entitlements["tien-gia"]).toMatchObject({
    name: "Tiền tuổi già",
    field: "tro-giup",
    agency: "ubnd-xa",
    approvedBy: null,
    sections: {
      benefit: { heading: "Mức hưởng", notApplicable: null },
      deadline: { notApplicable: "lúc nào cũng nộp được.", body: [] },
    },
  });
  expect(content?.communes[0]).toMatchObject({ code: "30742", kind: "phường", island: "no" });
  expect(content?.agencies["ubnd-huyen"]).toMatchObject({ confirmed: false, to: "2025-06-30" });
});

test("files saved as NFD, with CRLF, a byte-order mark and hard spaces are read as if they were not", async () => {
  const odd = `\uFEFF${goodText(PAGE).normalize("NFD").replaceAll("\n", "\r\n").replace("Người già", "Người\u00A0già")}`;
  const { content, problems } = await load({ file: PAGE, text: odd });
  expect(problems).toEqual([]);
  expect(content).toEqual((await load()).content);
});

test("a file that is not UTF-8 is refused", async () => {
  const [problem] = await blocking({
    file: "linh-vuc.yaml",
    text: Buffer.from(goodText("linh-vuc.yaml"), "latin1"),
  });
  expect(problem).toMatch(
    /^linh-vuc\.yaml: tệp không phải UTF-8.* — mở lại và lưu tệp với mã UTF-8$/,
  );
});

test("a missing table blocks, a stranger's file only warns, the guide is left alone", async () => {
  const folder = await writeContent(
    { file: "co-quna.yaml", text: "a: 1\n" },
    { file: "HUONG-DAN.md", text: "# Hướng dẫn\n" },
    { file: ".DS_Store", text: "x" },
  );
  const files = (await readContentFiles(folder)).filter(({ path }) => path !== "muc.yaml");
  const { problems, content } = loadContent(files, { now: NOW });
  expect(content).toBeNull();
  expect(problems.map(formatProblem)).toEqual([
    "muc.yaml: thiếu tệp này — tạo tệp theo mẫu trong HUONG-DAN.md",
    'co-quna.yaml: không phải tệp nội dung, bot không đọc — có phải "co-quan.yaml"?',
  ]);
});

test("a situation is read, and may not list a page twice or one that is not there", async () => {
  const { content, problems } = await load({ file: SITUATION, text: goodText(SITUATION) });
  expect(problems).toEqual([]);
  expect(content?.situations[0]).toMatchObject({
    id: "sinh-con",
    entitlements: [{ id: "tien-gia", forWhom: "ông bà" }],
  });
  const row = "  - { id: tien-gia, cho: ông bà }\n";
  expect(
    await blocking({
      file: SITUATION,
      replace: row,
      by: `${row}${row}  - { id: tien-gja, cho: mẹ }\n`,
    }),
  ).toEqual([
    'tinh-huong/sinh-con.md:16: chế độ "tien-gia" đã có ở trên — mỗi chế độ ghi một lần',
    'tinh-huong/sinh-con.md:17: không có trang chế độ "tien-gja" — có phải "tien-gia"?',
  ]);
});

test("a sample that would stray is a warning at its line, with the winner and the margin", async () => {
  const { samples } = await load();
  const strays = [
    {
      entitlement: "tien-gia",
      sample: "câu hỏi tuổi già thứ 3",
      winner: "luong-huu",
      margin: 0.183,
    },
  ];
  expect(warnOfStrays(strays, samples).map(formatProblem)).toEqual([
    `${PAGE}:15: câu "câu hỏi tuổi già thứ 3" dễ bị hiểu thành luong-huu (hơn 0,18) — viết rõ hơn, thêm câu tương tự, hoặc chuyển sang trang kia nếu đúng ý`,
  ]);
});

test("the command prints what blocks, then warnings, then counts, and exits 1 when anything blocks", async () => {
  const folder = await writeContent(
    { file: "linh-vuc.yaml", replace: "mo_ta", by: "mo_tả" },
    { file: PAGE, replace: "soat_ngay: 2026-11-20", by: "soat_ngay: 2020-01-01" },
  );
  const failed = await run("npx", ["tsx", CLI, "--dir", folder]).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 1 });
  const { stdout } = failed as { stdout: string };
  expect(stdout).toContain('linh-vuc.yaml:4: không có khóa "mo_tả" — có phải "mo_ta"?');
  expect(stdout.indexOf("Phải sửa")).toBeLessThan(stdout.indexOf("Nên xem lại"));
  expect(stdout.indexOf("Nên xem lại")).toBeLessThan(stdout.indexOf("Đã đọc 1 chế độ"));
});

test("--json prints one object and a good folder exits 0", async () => {
  const { stdout } = await run("npx", ["tsx", CLI, "--json", "--dir", await writeContent()]);
  expect(JSON.parse(stdout)).toMatchObject({ problems: [], counts: { entitlements: 1, faqs: 4 } });
});

test("clauses for citizens that no page cites are warned of in one line", async () => {
  expect(
    await warnings({
      file: "ke-hoach.yaml",
      replace: "chi_tieu:",
      by: "  PL.2:\n    tom_tat: Cho dân.\n    cho_dan: true\n  III.3.g1:\n    tom_tat: Cho dân.\n    cho_dan: true\nchi_tieu:",
    }),
  ).toEqual([
    "ke-hoach.yaml: 2 mục cho dân chưa trang nào dẫn: PL.2, III.3.g1 — thêm số mục vào ke_hoach của trang nói về việc đó",
  ]);
});

test("the repository's own content has no blocking problem", async () => {
  const folder = fileURLToPath(new URL("../content", import.meta.url));
  const { problems } = loadContent(await readContentFiles(folder), { now: NOW });
  expect(problems.filter(({ severity }) => severity === "blocks").map(formatProblem)).toEqual([]);
});

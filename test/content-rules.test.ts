import { expect, test } from "vitest";
import { blocking, type Change, goodText, lineOf, load, PAGE, warnings } from "./content-folder.ts";

function inPage(replace: string, by: string): Change {
  return { file: PAGE, replace, by };
}

function inTable(file: string, replace: string, by: string): Change {
  return { file, replace, by };
}

/** A change, the line of the good file it shows at (or the line itself), and the whole problem after `tệp:dòng: `. */
type Case = [rule: string, change: Change, at: string | number, problem: string];

const PAGES: Case[] = [
  [
    "an unknown key near a known one",
    inPage("linh_vuc:", "linh_vục: tro-giup\nlinh_vuc:"),
    "linh_vuc:",
    'không có khóa "linh_vục" — có phải "linh_vuc"?',
  ],
  [
    "a missing key",
    inPage("soat_boi: nhóm nội dung\n", ""),
    2,
    'thiếu "soat_boi" — thêm dòng soat_boi: …',
  ],
  [
    "an empty key",
    inPage("ten: Tiền tuổi già", "ten:"),
    2,
    '"ten" còn trống — viết nội dung sau dấu hai chấm',
  ],
  [
    "a date written the usual way round",
    inPage("2025-07-01", "1/7/2025"),
    "hieu_luc_tu",
    '"hieu_luc_tu" ngày "1/7/2025" sai hoặc không có thật — viết năm-tháng-ngày, có phải 2025-07-01?',
  ],
  [
    "a day that does not exist",
    inPage("2025-07-01", "2025-02-30"),
    "hieu_luc_tu",
    '"hieu_luc_tu" ngày "2025-02-30" sai hoặc không có thật — viết năm-tháng-ngày, ví dụ 2026-11-23',
  ],
  [
    "a review in the future",
    inPage("soat_ngay: 2026-11-20", "soat_ngay: 2026-11-25"),
    "soat_ngay",
    "soat_ngay 2026-11-25 nằm trong tương lai — viết ngày đã soát, không sau 2026-11-24",
  ],
  [
    "an unknown agency",
    inPage("co_quan: ubnd-xa", "co_quan: ubnd-xaa"),
    "co_quan",
    'không có cơ quan "ubnd-xaa" — có phải "ubnd-xa"?',
  ],
  [
    "an unknown clause",
    inPage("[PL.1]", "[PL.1, XX.9]"),
    "ke_hoach",
    'không có mục kế hoạch "XX.9" — xem các tên mã trong ke-hoach.yaml',
  ],
  [
    "an unknown parameter in prose",
    inPage("{{tuoi-gia}}", "{{tuoi-gja}}"),
    "{{tuoi-gia}}",
    'không có mức "tuoi-gja" — có phải "tuoi-gia"?',
  ],
  [
    "a formula that cannot be read",
    inPage("{{tien-gia * 2}}", "{{tien-gia x 2}}"),
    "{{tien-gia * 2}}",
    'không đọc được {{tien-gia x 2}}: "x" không phải phép tính; giữa hai số cần + - * / có dấu cách hai bên — viết như {{luong-co-so}} hoặc {{luong-co-so * 4,5%}}',
  ],
  [
    "braces that do not pair",
    inPage("{{tuoi-gia}}", "{{tuoi-gia"),
    "{{tuoi-gia}}",
    "có {{ hoặc }} không đủ cặp — viết {{tên-mức}} liền trên một dòng",
  ],
  [
    "a value in a name",
    inPage("ten: Tiền tuổi già", 'ten: "Tiền {{tien-gia}}"'),
    2,
    '"ten" có {{…}}, mà chỗ này không điền mức được — viết bằng chữ',
  ],
  [
    "a value in a heading",
    inPage("### Câu hỏi hai?", "### Được {{tien-gia}} không?"),
    "### Câu hỏi hai?",
    "tiêu đề có {{…}} — viết tiêu đề bằng chữ, để {{…}} ở phần dưới",
  ],
  [
    "a value in a sample question",
    inPage("  - câu hỏi tuổi già thứ 1", "  - có được {{tien-gia}} không"),
    "tuổi già thứ 1",
    '"hoi" có {{…}}, mà chỗ này không điền mức được — viết bằng chữ',
  ],
  [
    "an unknown facet of a sample question",
    inPage("de_muc: Hồ sơ và cách làm", "de_muc: Hồ sơ"),
    "giấy tờ tuổi già thứ 0",
    '"de_muc" không có đề mục "Hồ sơ" — có phải "Hồ sơ và cách làm"?',
  ],
  [
    "too few sample questions",
    inPage("  - câu hỏi tuổi già thứ 1\n", ""),
    "cau_hoi_mau",
    '"cau_hoi_mau" mới có 15 câu hỏi mẫu — cần ít nhất 16 câu hỏi mẫu',
  ],
  [
    "too few sample questions with a facet",
    inPage(
      "  - { hoi: giấy tờ tuổi già thứ 0, de_muc: Hồ sơ và cách làm }",
      "  - giấy tờ tuổi già thứ 0",
    ),
    "cau_hoi_mau",
    '"cau_hoi_mau" có chưa đủ 6 câu ghi de_muc — viết { hoi: …, de_muc: Hồ sơ và cách làm }',
  ],
  [
    "the same sample question twice, typed differently",
    inPage("câu hỏi tuổi già thứ 1", "Cau hoi TUOI GIA thu 0?"),
    "tuổi già thứ 1",
    `câu hỏi mẫu "Cau hoi TUOI GIA thu 0?" trùng với dòng ${lineOf(PAGE, "tuổi già thứ 0")} — giữ ở một nơi, nơi kia viết khác đi hoặc xóa`,
  ],
  [
    "a near-miss of a heading",
    inPage("## Nơi nộp", "## Nơi nộp hồ sơ"),
    "## Nơi nộp",
    'không có tiêu đề "Nơi nộp hồ sơ" — có phải "Nơi nộp"?',
  ],
  [
    "a missing heading",
    inPage("## Nơi nộp\nMột cửa của xã.\n", ""),
    0,
    'thiếu tiêu đề "Nơi nộp" — thêm ## Nơi nộp; không có thì viết Không áp dụng: lý do',
  ],
  [
    "an empty heading",
    inPage("Một cửa của xã.\n", ""),
    "## Nơi nộp",
    'phần "Nơi nộp" còn trống — viết nội dung, hoặc viết Không áp dụng: lý do',
  ],
  [
    "a heading twice",
    inPage("## Thời hạn", "## Nơi nộp\nLần nữa.\n\n## Thời hạn"),
    "## Thời hạn",
    `tiêu đề "Nơi nộp" trùng với dòng ${lineOf(PAGE, "## Nơi nộp")} — gộp hai phần làm một`,
  ],
  [
    "headings out of order",
    inPage("## Ai được hưởng", "## Nơi nộp\nMột cửa.\n\n## Ai được hưởng"),
    lineOf(PAGE, "## Ai được hưởng") + 3,
    'tiêu đề "Ai được hưởng" đứng sau "Nơi nộp" — đưa lên trước ## Nơi nộp',
  ],
  [
    "a heading with the wrong number of #",
    inPage("## Nơi nộp", "# Nơi nộp"),
    "## Nơi nộp",
    'tiêu đề "Nơi nộp" phải có hai dấu # — viết ## Nơi nộp',
  ],
  [
    "a heading without a space",
    inPage("## Nơi nộp", "##Nơi nộp"),
    "## Nơi nộp",
    "thiếu dấu cách sau dấu # — viết ## Ai được hưởng",
  ],
  [
    "no list of instruments",
    inPage("- Luật số 1, Điều 2", "Theo luật."),
    "- Luật số 1",
    "phần Căn cứ không có danh sách văn bản — mỗi văn bản một dòng: - Luật …, Điều …",
  ],
  [
    "a summary of four sentences",
    inPage("Người già được trợ cấp hằng tháng.", "Một. Hai. Ba. Bốn."),
    "Người già được trợ cấp",
    "tóm tắt có 4 câu — rút còn tối đa 3 câu",
  ],
  [
    "an answer of four sentences",
    inPage("### Câu hỏi hai?\nKhông.", "### Câu hỏi hai?\nMột. Hai ở TP. Rạch Giá. Ba. Bốn."),
    lineOf(PAGE, "### Câu hỏi hai?") + 1,
    "câu trả lời có 4 câu — rút còn tối đa 3 câu",
  ],
  [
    "three questions and answers",
    inPage("### Câu hỏi bốn?\nKhông.\n", ""),
    "## Hỏi đáp",
    "mới có 3 câu Hỏi đáp — cần ít nhất 4 câu hỏi, mỗi câu một dòng ###",
  ],
  [
    "a page in the wrong folder",
    inPage("linh_vuc: tro-giup", "linh_vuc: tro-gjup"),
    "linh_vuc",
    'linh_vuc là "tro-gjup" nhưng tệp nằm trong thư mục tro-giup — viết linh_vuc: tro-giup, hoặc chuyển tệp sang che-do/tro-gjup',
  ],
  [
    "raw HTML",
    inPage("Một cửa của xã.", "<b>Một cửa</b> của xã."),
    "Một cửa của xã.",
    "có mã HTML (dấu < >) — bỏ thẻ HTML, viết chữ thường; chữ đậm dùng **…**",
  ],
  [
    "a table",
    inPage("Một cửa của xã.", "| a | b |\n|---|---|"),
    "Một cửa của xã.",
    "có bảng — viết thành danh sách gạch đầu dòng",
  ],
  [
    "a nested list",
    inPage("- Tờ khai", "- Tờ khai\n  - Mẫu 1"),
    lineOf(PAGE, "- Tờ khai") + 1,
    "danh sách nằm trong danh sách — chỉ dùng một bậc gạch đầu dòng",
  ],
  [
    "an image",
    inPage("Một cửa của xã.", "![hình](https://gov.vn/a.png)"),
    "Một cửa của xã.",
    "có hình — bỏ hình, viết bằng chữ",
  ],
  [
    "a link that is not https",
    inPage("Một cửa của xã.", "Xem [trang](http://angiang.gov.vn)."),
    "Một cửa của xã.",
    'liên kết "http://angiang.gov.vn" không phải https — dùng địa chỉ bắt đầu bằng https://',
  ],
  [
    "a bare address that is not https",
    inPage("Một cửa của xã.", "Một cửa,\nhttp://angiang.gov.vn."),
    lineOf(PAGE, "Một cửa của xã.") + 1,
    'liên kết "http://angiang.gov.vn" không phải https — dùng địa chỉ bắt đầu bằng https://',
  ],
];

const TABLES: Case[] = [
  [
    "overlapping periods of a parameter",
    inTable("muc.yaml", ", den: 2026-06-30", ""),
    "muc: 540000",
    "từ 2026-07-01 trùng thời gian với dòng trên (2024-07-01 đến nay) — ghi den của dòng trên là ngày liền trước tu của dòng này",
  ],
  [
    "values in the wrong order",
    inTable("muc.yaml", "tu: 2026-07-01", "tu: 2023-01-01, den: 2023-12-31"),
    "muc: 540000",
    "tu 2023-01-01 không sau dòng trên (2024-07-01) — xếp giá trị cũ trước, mới sau",
  ],
  [
    "money typed as text",
    inTable("muc.yaml", "540000", '"540.000"'),
    "muc: 540000",
    '"muc" "540.000" là chữ, không phải số — viết số liền, không ngoặc kép, không dấu chấm ngàn, ví dụ 2530000; số lẻ dùng dấu chấm: 4.5',
  ],
  [
    "an unknown unit",
    inTable("muc.yaml", "don_vi: đồng/tháng", "don_vi: dong/thang"),
    "don_vi: đồng/tháng",
    '"don_vi" không nhận "dong/thang" — có phải "đồng/tháng"?',
  ],
  [
    "a formula with an unknown parameter",
    inTable("muc.yaml", "540000", '"tuoi-giaa * 2"'),
    "muc: 540000",
    'không có mức "tuoi-giaa" — có phải "tuoi-gia"?',
  ],
  [
    "a page that a parameter cites and that is not there",
    inTable("muc.yaml", "[tien-gia]", "[tien-gia, luong-huu]"),
    "che_do",
    'không có trang chế độ "luong-huu" — xem các tên mã trong thư mục che-do',
  ],
  [
    "an agency that ends without an heir",
    inTable("co-quan.yaml", '  ke_thua:\n    - { linh_vuc: ["*"], sang: ubnd-xa }\n', ""),
    "den:",
    "cơ quan ngừng từ 2025-06-30 mà không ai nhận lĩnh vực tro-giup — thêm vào ke_thua của ubnd-huyen: { linh_vuc: [tro-giup], sang: … }",
  ],
  [
    "an heir that is not there",
    inTable("co-quan.yaml", "sang: ubnd-xa", "sang: ubnd-xaa"),
    "sang:",
    'không có cơ quan "ubnd-xaa" — có phải "ubnd-xa"?',
  ],
  [
    "a succession that goes round",
    inTable("co-quan.yaml", "sang: ubnd-xa", "sang: ubnd-huyen"),
    "ke_thua",
    "kế thừa đi vòng tròn: ubnd-huyen → ubnd-huyen — sửa sang: thành cơ quan còn hoạt động",
  ],
  [
    "an id that is too long",
    inTable(
      "linh-vuc.yaml",
      "  mo_ta",
      `  mo_ta: Tiền.\n${"a".repeat(41)}:\n  ten: A\n  ten_ngan: A\n  mo_ta`,
    ),
    5,
    `"${"a".repeat(41)}" dài quá 40 ký tự — đặt tên mã ngắn hơn`,
  ],
  [
    "an id with capitals and accents",
    inTable(
      "linh-vuc.yaml",
      "  mo_ta",
      "  mo_ta: Tiền.\nGiáo_Dục:\n  ten: A\n  ten_ngan: A\n  mo_ta",
    ),
    5,
    '"Giáo_Dục" không đúng dạng tên mã — chỉ dùng chữ thường không dấu, số và gạch ngang, ví dụ huu-tri-xa-hoi',
  ],
  [
    "a target without a unit",
    inTable("ke-hoach.yaml", '    don_vi: "%"\n', ""),
    "- id: nguoi-gia",
    'thiếu "don_vi" — thêm dòng don_vi: …',
  ],
  [
    "a target of an unknown clause",
    inTable("ke-hoach.yaml", "    muc: PL.1", "    muc: PL.11"),
    "    muc: PL.1",
    'không có mục kế hoạch "PL.11" — có phải "PL.1"?',
  ],
  [
    "a misconception with too few questions",
    inTable("hieu-lam.yaml", "    - hiểu lầm câu năm\n", ""),
    "cau_hoi_mau",
    '"cau_hoi_mau" mới có 4 câu hỏi mẫu — cần ít nhất 5 câu hỏi mẫu',
  ],
  [
    "money in a misconception",
    inTable("hieu-lam.yaml", "{{tien-gia}} mỗi tháng", "540.000 đồng mỗi tháng"),
    "su_that",
    'có số tiền "540.000 đồng" viết thẳng trong câu — ghi mức vào muc.yaml rồi viết {{tên-mức}}',
  ],
  [
    "a sample question that a page has too",
    inTable("ngoai-pham-vi.yaml", "thủ tục ly hôn", "Câu hỏi tuổi già thứ 4?"),
    "thủ tục ly hôn",
    `câu hỏi mẫu "Câu hỏi tuổi già thứ 4?" đã thuộc về tien-gia (${PAGE}:${lineOf(PAGE, "tuổi già thứ 4")}) — giữ ở một nơi, nơi kia viết khác đi hoặc xóa`,
  ],
  [
    "two topics with one id",
    inTable(
      "ngoai-pham-vi.yaml",
      "- id: ly-hon",
      "- id: ly-hon\n  ten: A\n  tra_loi: B.\n  cau_hoi_mau: [c]\n- id: ly-hon",
    ),
    5,
    'mã "ly-hon" đã có ở dòng 1 — đặt mã khác cho một trong hai',
  ],
  [
    "a commune without five digits in its code",
    inTable("xa-phuong.yaml", "'30742'", "'3074'"),
    1,
    "\"ma\" phải là năm chữ số — viết trong ngoặc đơn, ví dụ '30742'",
  ],
  [
    "a missing key that takes one of a few words",
    inTable("xa-phuong.yaml", "  tinh_cu: Kiên Giang\n", ""),
    1,
    'thiếu "tinh_cu" — thêm dòng tinh_cu: …',
  ],
  [
    "a phrase that is missing",
    inTable("cau-noi.yaml", "  chao: Câu nói.\n", ""),
    "cau:",
    'thiếu "chao" — thêm dòng chao: …',
  ],
  [
    "a family of messages that nobody reads",
    inTable(
      "tu-ngu.yaml",
      "  chao:\n",
      "  chaoo:\n    cum: [a]\n    dung_mot_minh: true\n  chao:\n",
    ),
    "  chao:",
    'không có khóa "chaoo" — có phải "chao"?',
  ],
];

test.each([...PAGES, ...TABLES])(
  "%s blocks, with file and line",
  async (_rule, change, at, problem) => {
    const line = typeof at === "string" ? lineOf(change.file, at) : at;
    const place = line === 0 ? change.file : `${change.file}:${line}`;
    expect(await blocking(change)).toContain(`${place}: ${problem}`);
  },
);

test("a formula that comes back to itself blocks for each parameter in the circle", async () => {
  const problems = await blocking(
    inTable("muc.yaml", "540000", '"tuoi-gia * 2"'),
    inTable("muc.yaml", "75", '"tien-gia / 2"'),
  );
  expect(problems).toEqual([
    "muc.yaml:5: công thức đi vòng tròn: tien-gia → tuoi-gia → tien-gia — để một mức trong vòng là con số",
    "muc.yaml:13: công thức đi vòng tròn: tuoi-gia → tien-gia → tuoi-gia — để một mức trong vòng là con số",
  ]);
});

test("a succession that ends in a body that is gone blocks at whoever starts it", async () => {
  const dead =
    "phong-cu:\n  ten: Phòng cũ\n  viec: cũ\n  linh_vuc: []\n  tu: 2020-01-01\n  den: 2021-12-31\n  ke_thua:\n    - { linh_vuc: [tro-giup], sang: ubnd-xa }\n  do_tin: da-xac-nhan\n  soat_ngay: 2026-11-20\n";
  expect(
    await blocking({
      file: "co-quan.yaml",
      text: `${goodText("co-quan.yaml").replace('["*"], sang: ubnd-xa', '["*"], sang: phong-cu')}${dead.replace("tro-giup", "giao-duc")}`,
    }),
  ).toContain(
    'co-quan.yaml:14: chuỗi kế thừa dừng ở "phong-cu" đã ngừng mà không ai nhận lĩnh vực tro-giup — thêm vào ke_thua của phong-cu: { linh_vuc: [tro-giup], sang: … }',
  );
});

test("two pages may not claim the same name, however it is typed", async () => {
  const other = goodText(PAGE)
    .replaceAll("tuổi già", "tuổi trẻ")
    .replace("[tiền người già]", "[TIEN TUOI GIA]");
  expect(await blocking({ file: "che-do/tro-giup/tien-tre.md", text: other })).toEqual([
    `che-do/tro-giup/tien-tre.md:3: tên "TIEN TUOI GIA" đã thuộc về tien-gia (${PAGE}:2) — giữ ở một nơi, nơi kia viết khác đi hoặc xóa`,
  ]);
});

test("everything that is wrong in several files is told at once", async () => {
  const problems = await blocking(
    inPage("co_quan: ubnd-xa", "co_quan: abc"),
    inPage("2025-07-01", "hôm nay"),
    inTable("linh-vuc.yaml", "mo_ta", "mo_taa"),
  );
  expect(problems.map((problem) => problem.split(":").slice(0, 2).join(":"))).toEqual([
    `${PAGE}:7`,
    "linh-vuc.yaml:1",
    "linh-vuc.yaml:4",
  ]);
});

test.each([
  "1.500.000 đồng",
  "540.000đ",
  "2.530.000",
  "2 triệu",
  "1,5 tỷ",
  "500 nghìn",
  "500 ngàn đồng",
  "500k",
  "3tr",
  "500000 đồng",
])("money typed in prose blocks: %s", async (money) => {
  const [problem, ...more] = await blocking(inPage("Một cửa của xã.", `Được ${money} mỗi tháng.`));
  expect(more).toEqual([]);
  expect(problem).toBe(
    `${PAGE}:${lineOf(PAGE, "Một cửa của xã.")}: có số tiền "${money}" viết thẳng trong câu — ghi mức vào muc.yaml rồi viết {{tên-mức}}`,
  );
});

test.each([
  "Nghị định 76/2024/NĐ-CP, Điều 5, khoản 1",
  "mẫu số 01, ngày 1/7/2025",
  "hơn 2 triệu người",
  "điện thoại 1900 9068",
  "tỷ lệ do xã xét",
  "đồng bào ở 3 xã",
])("what only looks like money does not block: %s", async (words) => {
  expect(await blocking(inPage("Một cửa của xã.", `Theo ${words}.`))).toEqual([]);
});

test.each([
  ["%", 22, "22%"],
  ["%/năm", 4.8, "4,8 %"],
  ["tuổi", 75, "75 tuổi"],
  ["tháng tuổi", 738, "61 tuổi 6 tháng"],
  ["ngày", 30, "30 ngày"],
  ["ngày làm việc", 10, "10 ngày làm việc"],
  ["tháng", 12, "12 tháng"],
  ["năm", 15, "15 năm"],
  ["lần", 5, "5 lần"],
])(
  "a %s that muc.yaml holds for the page blocks when typed, and names what to write",
  async (unit, value, typed) => {
    const parameter = `muc-thu:\n  ten: Thử\n  don_vi: "${unit}"\n  che_do: [tien-gia]\n  gia_tri:\n    - { tu: 2027-01-01, muc: ${value}, can_cu: Luật }\n  soat_ngay: 2026-11-20\n`;
    const table = {
      file: "muc.yaml",
      text: `${goodText("muc.yaml").replace("che_do: [tien-gia]\n  gia_tri:\n    - { tu: 2025", "che_do: []\n  gia_tri:\n    - { tu: 2025")}${parameter}`,
    };
    const said = inPage("Một cửa của xã.", `Chậm nhất\nlà **${typed}** nữa.`);
    expect(await blocking(table, said)).toEqual([
      `${PAGE}:${lineOf(PAGE, "Một cửa của xã.") + 1}: "${typed}" là mức có trong muc.yaml — viết {{muc-thu}}`,
    ]);
  },
);

test.each([
  ["another number", "Người từ 76 tuổi."],
  ["another unit", "Trong 75 ngày."],
  ["an example", "Ví dụ ông Tư 75 tuổi ở xã."],
  ["a month of a year", "Từ tháng 75 năm nay."],
])("%s than the page's own value may be typed", async (_case, words) => {
  expect(await blocking(inPage("Một cửa của xã.", words))).toEqual([]);
});

test("a value that counted once and no longer does may be typed", async () => {
  const ended = inTable(
    "muc.yaml",
    "{ tu: 2025-07-01, muc: 75",
    "{ tu: 2020-01-01, den: 2025-06-30, muc: 75",
  );
  expect(await blocking(ended, inPage("Một cửa của xã.", "Trước kia là 75 tuổi."))).toEqual([]);
});

test("the day from which a page is true may lie in the future", async () => {
  expect(await blocking(inPage("2025-07-01", "2027-01-01"))).toEqual([]);
});

const WARNINGS: Case[] = [
  [
    "a page that nobody reviewed for 180 days",
    inPage("soat_ngay: 2026-11-20", "soat_ngay: 2026-05-20"),
    "soat_ngay",
    "trang tien-gia soát lần cuối cách đây 188 ngày — đối chiếu lại với văn bản rồi sửa soat_ngay",
  ],
  [
    "a value that nobody reviewed for 180 days",
    inTable("muc.yaml", "soat_ngay: 2026-11-20", "soat_ngay: 2026-05-20"),
    "soat_ngay",
    "mức tien-gia soát lần cuối cách đây 188 ngày — đối chiếu lại với văn bản rồi sửa soat_ngay",
  ],
  [
    "a value that ends within 30 days",
    inTable("muc.yaml", "tu: 2026-07-01,", "tu: 2026-07-01, den: 2026-12-20,"),
    "muc: 540000",
    "mức tien-gia hết áp dụng sau ngày 20/12/2026 — thêm giá trị mới khi có văn bản, hoặc sửa den",
  ],
  [
    "a value that starts within 30 days",
    inTable("muc.yaml", "tu: 2026-07-01,", "tu: 2026-12-01,"),
    "muc: 540000",
    "mức tien-gia đổi từ ngày 01/12/2026 — soát lại các trang nêu mức này",
  ],
  [
    "a link outside gov.vn",
    inPage("Một cửa của xã.", "Xem [báo](https://example.com/tin)."),
    "Một cửa của xã.",
    "liên kết ngoài gov.vn: https://example.com/tin — dùng trang của cơ quan nhà nước nếu có",
  ],
  [
    "a section of more than 900 characters",
    inPage("Một cửa của xã.", "Một cửa. ".repeat(120)),
    "## Nơi nộp",
    'phần "Nơi nộp" dài 1079 ký tự — nên dưới 900 ký tự; đưa chi tiết xuống Hỏi đáp',
  ],
];

test.each(WARNINGS)("%s warns and does not block", async (_rule, change, at, problem) => {
  const line = typeof at === "string" ? lineOf(change.file, at) : at;
  expect(await warnings(change)).toEqual([`${change.file}:${line}: ${problem}`]);
  expect((await load(change)).content).not.toBeNull();
});

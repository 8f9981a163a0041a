import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { loadContent, type Loaded } from "../src/content/load.ts";
import { PHRASE_NAMES } from "../src/content/phrases.ts";
import { readContentFiles } from "../src/content/read-files.ts";
import { type Day, noonOf } from "../src/domain/day.ts";
import { formatProblem } from "../src/domain/problem.ts";

export const TODAY: Day = "2026-11-24";
export const NOW = noonOf(TODAY);
export const PAGE = "che-do/tro-giup/tien-gia.md";
export const SITUATION = "tinh-huong/sinh-con.md";

const samples = Array.from({ length: 10 }, (_, index) => `  - câu hỏi tuổi già thứ ${index}`);
const facetSamples = Array.from(
  { length: 6 },
  (_, index) => `  - { hoi: giấy tờ tuổi già thứ ${index}, de_muc: Hồ sơ và cách làm }`,
);

/** A small folder in which nothing is wrong. */
const GOOD: Record<string, string> = {
  [PAGE]: `---
ten: Tiền tuổi già
ten_goi_khac: [tiền người già]
linh_vuc: tro-giup
co_quan: ubnd-xa
ke_hoach: [PL.1]
hieu_luc_tu: 2025-07-01
soat_ngay: 2026-11-20
soat_boi: nhóm nội dung
duyet_boi:
cau_hoi_mau:
${[...samples, ...facetSamples].join("\n")}
---
Người già được trợ cấp hằng tháng.

## Ai được hưởng
Người từ {{tuoi-gia}} trở lên.

## Mức hưởng
{{tien-gia}} mỗi tháng.

## Hồ sơ và cách làm
- Tờ khai
- Căn cước

## Nơi nộp
Một cửa của xã.

## Thời hạn
Không áp dụng: lúc nào cũng nộp được.

## Căn cứ
- Luật số 1, Điều 2

## Hỏi đáp
### Câu hỏi một?
Được. Hưởng {{tien-gia * 2}}.
### Câu hỏi hai?
Không.
### Câu hỏi ba?
Được.
### Câu hỏi bốn?
Không.
`,
  "linh-vuc.yaml": `tro-giup:
  ten: Trợ giúp xã hội
  ten_ngan: Trợ giúp
  mo_ta: Tiền cho người khó khăn.
`,
  "co-quan.yaml": `ubnd-xa:
  ten: Một cửa xã
  viec: nhận hồ sơ
  linh_vuc: [tro-giup]
  tu: 2025-07-01
  do_tin: da-xac-nhan
  soat_ngay: 2026-11-20
ubnd-huyen:
  ten: Ủy ban huyện
  viec: nhận hồ sơ
  linh_vuc: [tro-giup]
  tu: 2020-01-01
  den: 2025-06-30
  ke_thua:
    - { linh_vuc: ["*"], sang: ubnd-xa }
  do_tin: chua-xac-nhan
  soat_ngay: 2026-11-20
`,
  "xa-phuong.yaml": `- ma: '30742'
  ten: Phường Rạch Giá
  tinh_cu: Kiên Giang
  gom:
    - { ten: Phường Vĩnh Thanh, huyen: thành phố Rạch Giá, mot_phan: true }
`,
  "muc.yaml": `tien-gia:
  ten: Mức tiền tuổi già
  don_vi: đồng/tháng
  che_do: [tien-gia]
  gia_tri:
    - { tu: 2024-07-01, den: 2026-06-30, muc: 500000, can_cu: "Nghị định 1" }
    - { tu: 2026-07-01, muc: 540000, can_cu: "Nghị định 2" }
  soat_ngay: 2026-11-20
tuoi-gia:
  ten: Tuổi hưởng
  don_vi: tuổi
  che_do: [tien-gia]
  gia_tri:
    - { tu: 2025-07-01, muc: 75, can_cu: "Luật số 1" }
  soat_ngay: 2026-11-20
`,
  "ke-hoach.yaml": `so_hieu: 219/KH-UBND
ngay: 2024-07-08
co_quan_ban_hanh: UBND tỉnh Kiên Giang
cau_hoi_mau_chung:
  - kế hoạch nói gì
muc:
  PL.1:
    tom_tat: Lo cho người già.
    cho_dan: true
chi_tieu:
  - id: nguoi-gia-co-tien
    ten: Tỉ lệ người già có trợ cấp
    muc: PL.1
    so_sanh: "="
    gia_tri: 60
    don_vi: "%"
    phu_trach: ubnd-huyen
    linh_vuc: tro-giup
    che_do: [tien-gia]
    cau_hoi_mau:
      - bao nhiêu người già có tiền
`,
  "hieu-lam.yaml": `- id: phai-dong-bao-hiem
  hieu_lam: Phải đóng bảo hiểm mới có tiền tuổi già.
  su_that: Không phải đóng. Mức hưởng là {{tien-gia}} mỗi tháng.
  che_do: tien-gia
  can_cu: Luật số 1, Điều 2
  cau_hoi_mau:
    - hiểu lầm câu một
    - hiểu lầm câu hai
    - hiểu lầm câu ba
    - hiểu lầm câu bốn
    - hiểu lầm câu năm
  hieu_luc_tu: 2025-07-01
  soat_ngay: 2026-11-20
`,
  "ngoai-pham-vi.yaml": `- id: ly-hon
  ten: Ly hôn
  tra_loi: Việc này không thuộc An Sinh. Quý vị có thể hỏi Tòa án.
  cau_hoi_mau:
    - thủ tục ly hôn
`,
  "cau-noi.yaml": stringify({
    don_vi: "",
    cau: Object.fromEntries(Object.values(PHRASE_NAMES).map((key) => [key, "Câu nói."])),
  }),
  "tu-ngu.yaml": stringify({
    viet_tat: { bhxh: "bảo hiểm xã hội" },
    theo_ngu_canh: [{ tu: "bh", nghia: "bảo hiểm", truoc: ["y te"], sau: [] }],
    mien_nam: { tui: "tôi" },
    tu_dem: ["dạ"],
    tu_de_muc: Object.fromEntries(
      ["ai", "muc", "ho_so", "noi_nop", "thoi_han", "can_cu"].map((key) => [key, [key]]),
    ),
    tu_tra_cuu: ["ở đâu"],
    nhom: Object.fromEntries(
      [
        "bao_luc",
        "xam_hai_tre_em",
        "tu_tu",
        "khan_cap",
        "hoi_tin",
        "lua_dao",
        "chao",
        "cam_on",
        "ban_la_ai",
        "gap_nguoi_that",
        "tro_giup",
        "danh_muc",
        "tho_lo",
        "quen",
        "nhan_thong_bao",
        "dung_thong_bao",
        "du_lieu_cua_toi",
        "xoa_du_lieu",
        "chuyen_kenh",
        "dung_y",
        "chua_dung_y",
      ].map((key) => [key, { cum: [key], dung_mot_minh: false }]),
    ),
  }),
};

const GOOD_SITUATION = `---
ten: Sinh con
cau_hoi_mau:
${Array.from({ length: 10 }, (_, index) => `  - mới sinh con lần ${index}`).join("\n")}
che_do:
  - { id: tien-gia, cho: ông bà }
soat_ngay: 2026-11-20
soat_boi: nhóm nội dung
---
Làm giấy khai sinh trước.
`;

/** What to change in the good folder: a file's new text, or a part of it and what stands there instead. */
export type Change =
  | { file: string; text: string | Buffer }
  | { file: string; replace: string; by: string };

/** Writes the good folder with changes into a new temporary folder. */
export async function writeContent(...changes: Change[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "an-sinh-content-"));
  const files = new Map<string, string | Buffer>(Object.entries(GOOD));
  for (const change of changes) {
    if ("text" in change) {
      files.set(change.file, change.text);
      continue;
    }
    const before = files.get(change.file) ?? (change.file === SITUATION ? GOOD_SITUATION : "");
    if (!before.includes(change.replace)) {
      throw new Error(`${change.file} does not hold "${change.replace}"`);
    }
    files.set(
      change.file,
      before.toString().replace(change.replace, () => change.by),
    );
  }
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

export async function load(...changes: Change[]): Promise<Loaded> {
  return loadContent(await readContentFiles(await writeContent(...changes)), { now: NOW });
}

/** The blocking problems of the good folder with changes, as an editor reads them. */
export async function blocking(...changes: Change[]): Promise<string[]> {
  return linesOf(await load(...changes), "blocks");
}

export async function warnings(...changes: Change[]): Promise<string[]> {
  return linesOf(await load(...changes), "warns");
}

function linesOf({ problems }: Loaded, severity: "blocks" | "warns"): string[] {
  return problems.filter((problem) => problem.severity === severity).map(formatProblem);
}

/** The text of a file in the good folder. */
export function goodText(file: string): string {
  return file === SITUATION ? GOOD_SITUATION : (GOOD[file] ?? "");
}

/** The line of the good folder's file that begins with or holds `part`. */
export function lineOf(file: string, part: string): number {
  return (
    goodText(file)
      .split("\n")
      .findIndex((line) => line.includes(part)) + 1
  );
}

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { composeNotice, digestOf } from "../src/answer/compose-notice.ts";
import { about } from "../src/answer/compose.ts";
import { renderText } from "../src/channels/text-render.ts";
import type { ContentBase } from "../src/domain/content-base.ts";
import type { Notice } from "../src/domain/notice.ts";
import { openKnowledge } from "../src/knowledge.ts";
import { realContent, talkTo, textOf } from "./brain.ts";
import {
  blocking,
  type Change,
  goodText,
  load,
  NOW,
  PAGE,
  writeContent,
} from "./content-folder.ts";
import { run } from "./run.ts";

const ID = "2026-12-01-tien-gia";
const FILE = `thong-bao/${ID}.md`;

type Keys = Record<string, string | null>;

const HEAD = {
  tieu_de: "Tiền tuổi già tăng",
  gui_toi: "{ linh_vuc: [tro-giup], xa: [Phường Rạch Giá] }",
  gui_luc: "2026-12-01 08:00",
  het_han: "2026-12-31",
};
const LINES = ["tieu_de", "gui_toi", "gui_luc", "het_han"];
const BODY = "Mức mới là **cao hơn**: {{tien-gia}} mỗi tháng.\n\n- Nộp ở xã\n- Không mất phí\n";

/** A notice with some keys changed, added, or (null) left out. */
function noticeText(keys: Keys = {}, body = BODY): string {
  const lines = Object.entries<string | null>({ ...HEAD, ...keys })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${value}`);
  return `---\n${lines.join("\n")}\n---\n${body}`;
}

function notice(keys: Keys = {}, body = BODY, file = FILE): Change {
  return { file, text: noticeText(keys, body) };
}

async function warned(...changes: Change[]): Promise<string[]> {
  const { problems } = await load(...changes);
  return problems.map(({ severity, line, wrong }) => `${severity} ${line} ${wrong}`);
}

async function noticesOf(...changes: Change[]): Promise<Notice[]> {
  const { content, problems } = await load(...changes);
  expect(problems).toEqual([]);
  if (content === null) throw new Error("no content");
  return content.notices;
}

describe("a notice is read", () => {
  test("with whom it is for, when it goes and until when it counts", async () => {
    const keys = { kenh: "[telegram, zalo-oa]", khan: "bão vào đất liền đêm nay", soan_boi: "An" };
    const notices = await noticesOf(notice(keys, `${"Chữ. ".repeat(20)}\n`));
    expect(notices).toEqual([
      {
        id: ID,
        title: "Tiền tuổi già tăng",
        body: [{ type: "paragraph", content: [{ type: "text", text: "Chữ. ".repeat(20).trim() }] }],
        audience: {
          everyone: false,
          fields: ["tro-giup"],
          communes: ["30742"],
          channels: ["telegram", "zalo-oa"],
        },
        sendAt: "2026-12-01T01:00:00.000Z",
        expiresAt: "2026-12-31T17:00:00.000Z",
        urgent: "bão vào đất liền đêm nay",
        corrects: null,
      },
    ]);
    expect(JSON.parse(JSON.stringify(notices))).toEqual(notices);
  });

  test("for everybody, on every channel, as soon as it is released, until an hour", async () => {
    const keys = { gui_toi: "Tất cả", gui_luc: null, het_han: "2026-12-31 17:30" };
    expect((await noticesOf(notice(keys)))[0]).toMatchObject({
      audience: { everyone: true, fields: [], communes: [], channels: null },
      sendAt: null,
      expiresAt: "2026-12-31T10:30:00.000Z",
    });
  });

  test("for a commune that is named twice once, by its code or its name", async () => {
    const keys = { gui_toi: "{ xa: ['30742', Phường Rạch Giá] }" };
    expect((await noticesOf(notice(keys)))[0]?.audience.communes).toEqual(["30742"]);
  });

  test("as a correction of another, whose readers it goes to", async () => {
    const keys = { gui_toi: null, dinh_chinh: ID, kenh: "[web]" };
    const file = "thong-bao/2026-12-02-sua.md";
    const notices = await noticesOf(notice(keys, BODY, file), notice());
    expect(notices.map(({ id }) => id)).toEqual([ID, "2026-12-02-sua"]);
    expect(notices[1]).toMatchObject({
      corrects: ID,
      audience: { everyone: false, fields: [], communes: [], channels: ["web"] },
    });
  });

  test("and counted", async () => {
    expect((await load(notice())).counts.notices).toBe(1);
    expect((await load()).content?.notices).toEqual([]);
  });
});

const EXAMPLE = "viết gui_toi: tất cả, hoặc gui_toi: { linh_vuc: [tên mã lĩnh vực], xa: [tên xã] }";
const REASON =
  "viết vì sao gấp thành một câu, ví dụ khan: bão vào đất liền đêm nay; không gấp thì xóa dòng này";

/** What is wrong, the keys that are changed, the key whose line it shows at, and the whole problem. */
type Fault = [rule: string, keys: Keys, at: string, problem: string];

const FAULTS: Fault[] = [
  [
    "an unknown key",
    { tieu_dee: "Một" },
    "tieu_dee",
    'không có khóa "tieu_dee" — có phải "tieu_de"?',
  ],
  ["no title", { tieu_de: null }, "", 'thiếu "tieu_de" — thêm dòng tieu_de: …'],
  ["nobody named", { gui_toi: null }, "", `chưa ghi ai nhận — ${EXAMPLE}`],
  ["an empty audience", { gui_toi: "" }, "gui_toi", `chưa ghi ai nhận — ${EXAMPLE}`],
  [
    "an audience without anybody",
    { gui_toi: "{ linh_vuc: [], xa: [] }" },
    "gui_toi",
    `"gui_toi" chưa ghi lĩnh vực hay xã nào — ${EXAMPLE}`,
  ],
  [
    "everybody without accents",
    { gui_toi: "tat ca" },
    "gui_toi",
    '"gui_toi" không nhận "tat ca" — có phải "tất cả"?',
  ],
  [
    "everybody in other words",
    { gui_toi: "mọi người" },
    "gui_toi",
    `"gui_toi" không nhận "mọi người" — ${EXAMPLE}`,
  ],
  ["a yes for whom", { gui_toi: "true" }, "gui_toi", `"gui_toi" không nhận "true" — ${EXAMPLE}`],
  [
    "an unknown kind of audience",
    { gui_toi: "{ linh_vucc: [tro-giup] }" },
    "gui_toi",
    'không có khóa "linh_vucc" — có phải "linh_vuc"?',
  ],
  [
    "an unknown field",
    { gui_toi: "{ linh_vuc: [tro-giupp] }" },
    "gui_toi",
    'không có lĩnh vực "tro-giupp" — có phải "tro-giup"?',
  ],
  [
    "an unknown commune",
    { gui_toi: "{ xa: [Rạch Giá] }" },
    "gui_toi",
    'không có xã, phường, đặc khu "Rạch Giá" — có phải "Phường Rạch Giá"?',
  ],
  [
    "an unknown channel",
    { kenh: "[telegam]" },
    "kenh",
    'mục này không nhận "telegam" — có phải "telegram"?',
  ],
  [
    "no channel",
    { kenh: "[]" },
    "kenh",
    '"kenh" còn trống — ghi tên kênh, hoặc xóa dòng này để gửi trên mọi kênh',
  ],
  [
    "a day that does not exist",
    { het_han: "2026-11-31" },
    "het_han",
    '"het_han" ngày giờ "2026-11-31" sai hoặc không có thật — viết như 2026-12-01 08:00',
  ],
  [
    "a time that does not exist",
    { gui_luc: "2026-12-01 25:00" },
    "gui_luc",
    '"gui_luc" ngày giờ "2026-12-01 25:00" sai hoặc không có thật — viết như 2026-12-01 08:00',
  ],
  [
    "a time written the usual way round",
    { gui_luc: "1/12/2026 lúc 8h30" },
    "gui_luc",
    '"gui_luc" ngày giờ "1/12/2026 lúc 8h30" sai hoặc không có thật — có phải 2026-12-01 08:30?',
  ],
  [
    "a time to send without an hour",
    { gui_luc: "2026-12-01" },
    "gui_luc",
    '"gui_luc" chưa có giờ — viết cả giờ, ví dụ 2026-12-01 08:00',
  ],
  ["no end", { het_han: null }, "", 'thiếu "het_han" — thêm dòng het_han: …'],
  [
    "an end before it goes",
    { het_han: "2026-11-30" },
    "het_han",
    "het_han không sau gui_luc, tin sẽ hết hạn trước khi gửi — sửa một trong hai",
  ],
  ["an urgency without a reason", { khan: "true" }, "khan", `"khan" chưa ghi lý do — ${REASON}`],
  ["a yes for a reason", { khan: "có" }, "khan", `"khan" chưa ghi lý do — ${REASON}`],
  ["an empty reason", { khan: '""' }, "khan", `"khan" chưa ghi lý do — ${REASON}`],
  [
    "a correction of nothing",
    { gui_toi: null, dinh_chinh: "bao-lu" },
    "dinh_chinh",
    'không có thông báo "bao-lu" — ghi tên tệp của tin cần sửa, không có .md',
  ],
  [
    "a correction of itself",
    { gui_toi: null, dinh_chinh: ID },
    "dinh_chinh",
    "tin đính chính chính nó — ghi tên tệp của tin cần sửa, không có .md",
  ],
  [
    "a correction that names its readers",
    { dinh_chinh: "2026-11-30-cu" },
    "gui_toi",
    "tin đính chính gửi tới chính những người đã nhận tin được sửa — xóa dòng gui_toi",
  ],
];

/** The line of the file a key stands on; the first line of the keys for one that is missing. */
function lineIn(text: string, key: string): number {
  const line = text.split("\n").findIndex((found) => found.startsWith(`${key}:`));
  return line === -1 ? 2 : line + 1;
}

const OLDER = notice({}, BODY, "thong-bao/2026-11-30-cu.md");

test.each(FAULTS)("%s is told once, at its line", async (_rule, keys, at, problem) => {
  const change = notice(keys);
  const line = lineIn(noticeText(keys), at);
  expect(await blocking(change, OLDER)).toEqual([`${FILE}:${line}: ${problem}`]);
});

/** The body that is wrong, the line of the body, and the problem. */
const BODY_FAULTS: [rule: string, body: string, line: number, problem: string][] = [
  ["no text", "\n", 1, "chưa viết lời của tin — viết nội dung tin dưới dòng --- thứ hai"],
  [
    "a heading",
    "## Mức mới\nCao hơn.\n",
    1,
    "câu này bắt đầu bằng dấu #, thành tiêu đề — bỏ dấu # ở đầu dòng",
  ],
  [
    "a link that is not https",
    "Một.\n\nXem [trang này](http://gov.vn).\n",
    3,
    'liên kết "http://gov.vn" không phải https — dùng địa chỉ bắt đầu bằng https://',
  ],
  ["an unknown value", "Mức {{tien-gja}}.\n", 1, 'không có mức "tien-gja" — có phải "tien-gia"?'],
  [
    "a list in a list",
    "- một\n  - hai\n",
    2,
    "danh sách nằm trong danh sách — chỉ dùng một bậc gạch đầu dòng",
  ],
];

test.each(BODY_FAULTS)("%s in the text is told once", async (_rule, body, line, problem) => {
  expect(await blocking(notice({}, body))).toEqual([
    `${FILE}:${LINES.length + 2 + line}: ${problem}`,
  ]);
});

test("a value that is not known today is told with the day", async () => {
  const ended = { file: "muc.yaml", replace: "{ tu: 2026-07-01, muc", by: "{ tu: 2026-12-01, muc" };
  expect(await blocking(notice(), ended)).toEqual([
    `${FILE}:7: mức "tien-gia" không có giá trị cho hôm nay (24/11/2026) — thêm giá trị vào muc.yaml, hoặc viết câu này không cần mức đó`,
  ]);
});

test("however many things are wrong at once, each is told once and nothing else", async () => {
  // One fault a key: two of the same key would be one.
  const single = FAULTS.filter(([, keys]) => Object.keys(keys).length === 1).map(
    ([, keys, at, problem]) => ({ key: Object.keys(keys)[0] ?? "", keys, at, problem }),
  );
  // Those two are told of keys that stand together: what is wrong with the other one comes first.
  const alone = single.filter(
    ({ problem }) => !/^(het_han không sau|tin đính chính)/.test(problem),
  );
  const several = fc.uniqueArray(fc.constantFrom(...alone), {
    selector: ({ key }) => key,
    minLength: 2,
  });
  await fc.assert(
    fc.asyncProperty(
      several,
      fc.constantFrom(...BODY_FAULTS),
      async (faults, [, body, at, wrong]) => {
        const keys = Object.assign({}, ...faults.map((fault) => fault.keys)) as Keys;
        const text = noticeText(keys, body);
        const bodyLine = text.split("\n").indexOf("---", 1) + 1 + at;
        const expected = faults.map(
          (fault) => `${FILE}:${lineIn(text, fault.at)}: ${fault.problem}`,
        );
        const found = await blocking({ file: FILE, text });
        expect(found.toSorted()).toEqual([...expected, `${FILE}:${bodyLine}: ${wrong}`].toSorted());
      },
    ),
    { numRuns: 40 },
  );
});

test("whatever is typed into a notice, the pages stay up", async () => {
  const folder = await load();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(HEAD), "kenh", "khan", "dinh_chinh"),
      fc.string(),
      fc.string(),
      async (key, value, body) => {
        const { content } = await load(notice({ [key]: value }, body));
        expect(content?.entitlements).toEqual(folder.content?.entitlements);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  "thong-bao/tien-gia.md",
  "thong-bao/2026-12-01.md",
  "thong-bao/2026-12-01-Tiền.md",
  "thong-bao/2026-12-01-tien_gia.md",
  "thong-bao/2026-12-01-tien.txt",
  "thong-bao/2026/12-01-tien.md",
])("%s is told the right form of a name", async (file) => {
  expect(await blocking(notice({}, BODY, file))).toEqual([
    `${file}: tên tệp thông báo không đúng dạng — đặt tên như thong-bao/2026-12-01-luong-huu.md: ngày, rồi chữ thường không dấu, số và gạch ngang`,
  ]);
});

test("a name with a day that does not exist, or that is too long, is told so", async () => {
  const long = `thong-bao/2026-12-01-${"a".repeat(31)}.md`;
  expect(
    await blocking(notice({}, BODY, "thong-bao/2026-02-30-tien.md"), notice({}, BODY, long)),
  ).toEqual([
    "thong-bao/2026-02-30-tien.md: tên tệp có ngày 2026-02-30 không có thật — đặt tên như thong-bao/2026-12-01-luong-huu.md",
    `${long}: tên tệp dài quá 40 ký tự — bớt ít nhất 2 ký tự`,
  ]);
  expect(await noticesOf(notice({}, BODY, long.replace("aa.md", ".md")))).toHaveLength(1);
});

test("corrections that go in a circle are told at each of them", async () => {
  const other = "2026-12-02-sua";
  const changes = [
    notice({ gui_toi: null, dinh_chinh: other }),
    notice({ gui_toi: null, dinh_chinh: ID }, BODY, `thong-bao/${other}.md`),
    notice({ gui_toi: null, dinh_chinh: ID }, BODY, "thong-bao/2026-12-03-nua.md"),
  ];
  const instead = "tin viết sau đính chính tin viết trước; xóa dinh_chinh ở tin viết trước";
  expect(await blocking(...changes)).toEqual([
    `${FILE}:5: đính chính đi vòng tròn: ${ID} → ${other} → ${ID} — ${instead}`,
    `thong-bao/${other}.md:5: đính chính đi vòng tròn: ${other} → ${ID} → ${other} — ${instead}`,
  ]);
});

test("a text that is too long is told by how much, sooner where it goes to Zalo", async () => {
  const title = HEAD.tieu_de.length + "\n\n".length;
  const long = (length: number) => `${"a".repeat(length - title)}\n`;
  expect(await noticesOf(notice({ kenh: "[zalo-bot]" }, long(1500)))).toHaveLength(1);
  expect(await blocking(notice({ kenh: "[web, zalo-bot]" }, long(1501)))).toEqual([
    `${FILE}:8: tin dài 1.501 ký tự, quá 1 so với 1.500 của Zalo — bớt ít nhất 1 ký tự, hoặc bỏ Zalo khỏi kenh; phần chi tiết để ở liên kết`,
  ]);
  expect(await blocking(notice({}, long(3500)))).toEqual([]);
  expect(await blocking(notice({}, long(4733)))).toEqual([
    `${FILE}:7: tin dài 4.733 ký tự, quá 1.233 so với 3.500 — bớt ít nhất 1.233 ký tự; phần chi tiết để ở liên kết`,
  ]);
});

test("a text for every channel that Zalo would get in several messages only warns", async () => {
  const title = HEAD.tieu_de.length + "\n\n".length;
  const long = (length: number) => `${"a".repeat(length - title)}\n`;
  expect(await warned(notice({}, long(1500)))).toEqual([]);
  expect(await warned(notice({}, long(1501)))).toEqual([
    "warns 7 tin dài 1.501 ký tự; người dùng Zalo sẽ nhận thành nhiều tin",
  ]);
  expect(await warned(notice({ kenh: "[telegram, web]" }, long(3500)))).toEqual([]);
  expect(await blocking(notice({}, long(3501)))).toHaveLength(1);
});

test("values count with as many letters as people will read", async () => {
  const values = "{{tien-gia}} ".repeat(300);
  const { length } = `${HEAD.tieu_de}\n\n${"540.000 đồng ".repeat(300).trim()}`;
  expect((await blocking(notice({}, `${values}\n`)))[0]).toContain(
    `tin dài ${String(length).replace(/(?=...$)/, ".")} ký tự`,
  );
});

describe("the time to send", () => {
  test("that has passed only warns", async () => {
    expect(await warned(notice({ gui_luc: "2026-11-24 11:59" }))).toEqual([
      "warns 4 giờ gửi đã qua",
    ]);
    expect(await noticesOf(notice({ gui_luc: "2026-11-24 12:00" }))).toHaveLength(1);
  });

  test.each(["21:00", "23:59", "00:00", "06:59"])("at %s warns of quiet hours", async (time) => {
    const keys = { gui_luc: `2026-12-02 ${time}` };
    expect(await warned(notice(keys))).toEqual([
      "warns 4 giờ gửi nằm trong giờ nghỉ, từ 21:00 đến 07:00; tin sẽ đi lúc 07:00",
    ]);
    expect(await warned(notice({ ...keys, khan: "bão vào đêm nay" }))).toEqual([]);
    expect(await warned(notice({ ...keys, kenh: "[web]" }))).toEqual([]);
  });

  test.each(["07:00", "20:59"])("at %s is not in quiet hours", async (time) => {
    expect(await warned(notice({ gui_luc: `2026-12-02 ${time}` }))).toEqual([]);
  });
});

test("a notice that is over says nothing of its time, or of what it cites that is gone", async () => {
  const over = { gui_luc: "2026-11-01 03:00", het_han: "2026-11-23" };
  const gone = { ...over, gui_toi: "{ linh_vuc: [da-bo], xa: [Xã Đã Bỏ] }" };
  expect(await noticesOf(notice(gone, "Mức cũ {{da-bo}}.\n"))).toHaveLength(1);
  expect(await warned(notice({ ...over, het_han: "2026-11-24" }))).toHaveLength(1);
});

test("money that is typed and links to others only warn", async () => {
  const body = "Quà Tết 500.000 đồng, xem [báo](https://example.com).\n";
  expect(await warned(notice({}, body))).toEqual([
    'warns 7 có số tiền "500.000 đồng" viết thẳng trong câu',
    "warns 7 liên kết ngoài gov.vn: https://example.com",
  ]);
});

test("a broken notice is left out and listed, the pages and other notices are there", async () => {
  const { content, problems } = await load(notice({ het_han: null }), OLDER, {
    file: "thong-bao/2026-12-05-hong.md",
    text: Buffer.from(noticeText(), "latin1"),
  });
  expect(content?.notices.map(({ id }) => id)).toEqual(["2026-11-30-cu"]);
  expect(content?.entitlements["tien-gia"]?.name).toBe("Tiền tuổi già");
  expect(new Set(problems.map(({ file }) => file))).toEqual(
    new Set([FILE, "thong-bao/2026-12-05-hong.md"]),
  );
});

test("a table that is broken is not told once more at each notice", async () => {
  const broken = [
    { file: "linh-vuc.yaml", replace: "mo_ta", by: "mo_tả" },
    { file: "xa-phuong.yaml", replace: "tinh_cu", by: "tinh_cuu" },
    { file: "muc.yaml", replace: "tien-gia:", by: "tien-gia: [" },
  ];
  const problems = await blocking(...broken, notice());
  expect(problems.filter((problem) => problem.startsWith("thong-bao/"))).toEqual([]);
});

test("the check names a broken notice and ends with 1, though the pages can be used", async () => {
  const folder = await writeContent(notice({ het_han: null }));
  const { code, out } = await run("src/cli/content.ts", ["--quick", "--dir", folder], {});
  expect(out).toContain(`${FILE}:2: thiếu "het_han"`);
  expect(out).toContain("Các trang dùng được. Thông báo có lỗi ở trên thì chưa gửi được.");
  expect(code).toBe(1);
});

describe("a running bot", () => {
  const BUTTON = { do: "entitlement", id: "tien-gia", facet: null } as const;
  const write = (folder: string, text: string) => writeFile(join(folder, FILE), text);

  async function start() {
    const lexicon = await readFile(new URL("../content/tu-ngu.yaml", import.meta.url));
    const contentFolder = await writeContent({ file: "tu-ngu.yaml", text: lexicon });
    await mkdir(join(contentFolder, "thong-bao"));
    const dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-data-"));
    onTestFinished(async () => {
      await rm(contentFolder, { recursive: true });
      await rm(dataFolder, { recursive: true });
    });
    const open = async () => {
      const knowledge = await openKnowledge({ contentFolder, dataFolder, writes: true, now: NOW });
      if (knowledge.status !== "ready") throw new Error(knowledge.report);
      return knowledge;
    };
    const models = async () =>
      (await readdir(dataFolder)).filter((name) => name.startsWith("model-"));
    return { contentFolder, dataFolder, open, models, knowledge: await open() };
  }

  test("takes up a notice, and a mended one, without learning anything again", async () => {
    const { contentFolder, knowledge, models, open } = await start();
    const before = knowledge.brain();
    const learnt = await models();
    await write(contentFolder, noticeText());
    expect(await knowledge.refresh(NOW)).toEqual({ status: "swapped", brokenNotices: null });
    expect(knowledge.brain().content.notices.map(({ id }) => id)).toEqual([ID]);
    // The very same model answers.
    expect(knowledge.brain().match).toBe(before.match);
    await write(contentFolder, noticeText({ tieu_de: "Tên mới" }));
    await knowledge.refresh(NOW);
    expect(knowledge.brain().content.notices[0]?.title).toBe("Tên mới");
    expect(await models()).toEqual(learnt);

    const again = await open();
    expect(again.brain().content.notices[0]?.title).toBe("Tên mới");
    expect(await models()).toEqual(learnt);
  });

  test("tells of a broken notice once, and answers as before", async () => {
    const { contentFolder, knowledge, open } = await start();
    await write(contentFolder, noticeText({ gui_toi: "mọi người" }));
    const refreshed = await knowledge.refresh(NOW);
    expect(refreshed.status === "swapped" && refreshed.brokenNotices).toContain(`${FILE}:3: `);
    expect(await knowledge.refresh(NOW)).toEqual({ status: "unchanged" });
    expect(knowledge.brain().content.notices).toEqual([]);
    expect(textOf(await talkTo(knowledge.brain()).press(BUTTON))).toContain("Người già");
    const again = await open();
    expect(again.report).toBeNull();
    expect(again.brokenNotices).toContain(`${FILE}:3: `);
    await write(contentFolder, noticeText());
    expect(await knowledge.refresh(NOW)).toEqual({ status: "swapped", brokenNotices: null });
  });

  test("takes up a notice while a page is broken", async () => {
    const { contentFolder, knowledge, open } = await start();
    await writeFile(join(contentFolder, PAGE), "---\n");
    await write(contentFolder, noticeText());
    expect((await knowledge.refresh(NOW)).status).toBe("kept");
    expect(knowledge.brain().content.notices).toHaveLength(1);
    const again = await open();
    expect(again.report).toContain(PAGE);
    expect(again.brain().content.notices).toHaveLength(1);
    await writeFile(join(contentFolder, PAGE), goodText(PAGE));
    expect(await again.refresh(NOW)).toEqual({ status: "swapped", brokenNotices: null });
  });

  test("takes up a changed page and a notice that is written while it is learnt", async () => {
    const { contentFolder, knowledge } = await start();
    await writeFile(join(contentFolder, PAGE), goodText(PAGE).replace("hằng tháng", "mỗi tháng"));
    const first = knowledge.refresh(NOW);
    await write(contentFolder, noticeText());
    const [one, other] = await Promise.all([first, knowledge.refresh(NOW)]);
    expect([one.status, other.status]).toContain("swapped");
    await knowledge.refresh(NOW);
    const { content } = knowledge.brain();
    expect(content.notices).toHaveLength(1);
    expect(JSON.stringify(content.entitlements)).toContain("mỗi tháng");
  });

  test("goes on from last good content that was written before there were notices", async () => {
    const { contentFolder, dataFolder, open } = await start();
    const file = join(dataFolder, "last-good-content.json");
    const { notices, ...older } = JSON.parse(await readFile(file, "utf8")) as ContentBase;
    expect(notices).toEqual([]);
    await writeFile(file, JSON.stringify(older));
    await writeFile(join(contentFolder, PAGE), "---\n");
    const knowledge = await open();
    expect(knowledge.report).toContain(PAGE);
    expect(knowledge.brain().content.notices).toEqual([]);
  });
});

describe("what people read", () => {
  const body: Notice["body"] = [
    {
      type: "paragraph",
      content: [
        { type: "text", text: "Lương cơ sở: " },
        {
          type: "value",
          expression: { operands: [{ type: "parameter", id: "luong-co-so" }], operators: [] },
        },
        { type: "text", text: "." },
      ],
    },
  ];
  const sample: Notice = {
    id: ID,
    title: "Lương cơ sở",
    body,
    audience: { everyone: true, fields: [], communes: [], channels: null },
    sendAt: null,
    expiresAt: "2026-12-31T17:00:00.000Z",
    urgent: null,
    corrects: null,
  };
  const read = (content: ContentBase, ...rest: [Notice, { title: string } | null]) =>
    composeNotice(content, rest[0], "2026-11-24", "TB7K3FQ", rest[1]);
  const shown = (blocks: ReturnType<typeof composeNotice>) =>
    blocks.map((block) =>
      renderText({ blocks: [block], buttons: [], about: about({}), feedback: null }),
    );

  test("is the title, the text with the values of the day, and that it is a trial", async () => {
    const content = await realContent();
    expect(shown(read(content, sample, null))).toEqual([
      "LƯƠNG CƠ SỞ",
      "Lương cơ sở: 2.530.000 đồng.",
      'Tin thử của An Sinh, chưa phải tin của cơ quan nào. Mã tin TB7K3FQ. Gõ "dừng" để ngừng nhận.',
    ]);
    const earlier = composeNotice(content, sample, "2026-06-30", "TB7K3FQ", null);
    expect(shown(earlier)[1]).toBe("Lương cơ sở: 2.340.000 đồng.");
  });

  test("names the office that sends it, where there is one", async () => {
    const content = await realContent();
    const phrases = { ...content.phrases, office: "Sở Nội vụ tỉnh An Giang" };
    expect(shown(read({ ...content, phrases }, sample, null)).at(-1)).toBe(
      'Sở Nội vụ tỉnh An Giang gửi qua An Sinh. Mã tin TB7K3FQ. Gõ "dừng" để ngừng nhận.',
    );
  });

  test("says of a correction which notice it puts right", async () => {
    const content = await realContent();
    const correction = { ...sample, corrects: "2026-11-01-luong" };
    expect(shown(read(content, correction, { title: "Lương mới" })).slice(0, 2)).toEqual([
      "ĐÍNH CHÍNH: LƯƠNG CƠ SỞ",
      "Tin này sửa lại tin “Lương mới” đã gửi trước đây.",
    ]);
    const titled = { ...correction, title: "Đính chính: mức lương" };
    expect(shown(read(content, titled, { title: "Lương mới" }))[0]).toBe("ĐÍNH CHÍNH: MỨC LƯƠNG");
  });

  test("of the repository's own notices has every value", async () => {
    const content = await realContent();
    expect(content.notices.length).toBeGreaterThan(0);
    for (const own of content.notices) {
      const text = shown(read(content, own, null)).join("\n");
      expect(text).not.toContain(content.phrases.sentences.noValueOnDay);
      expect(text).not.toContain("{{");
    }
  });

  test("has a digest that changes with anything the file says", async () => {
    const [one] = await noticesOf(notice());
    const [same] = await noticesOf(notice());
    const [other] = await noticesOf(notice({ het_han: "2026-12-30" }));
    if (one === undefined || same === undefined || other === undefined) throw new Error("none");
    expect(digestOf(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(same)).toBe(digestOf(one));
    expect(digestOf(JSON.parse(JSON.stringify(one)) as Notice)).toBe(digestOf(one));
    expect(digestOf(other)).not.toBe(digestOf(one));
  });
});

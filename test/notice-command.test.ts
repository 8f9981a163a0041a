import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish, release } from "../src/broadcast/transitions.ts";
import { inColumns } from "../src/cli/columns.ts";
import type { Store } from "../src/domain/store.ts";
import { openStore } from "../src/store/open-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { run, type Run } from "./run.ts";
import { MORNING, person, subscription } from "./store-people.ts";

let dataFolder: string;
let store: Store;

/** Open all the while, as when the bot runs. */
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-notice-"));
  const opened = await openStore({
    folder: join(dataFolder, "store"),
    now: () => MORNING,
    onProblem: () => undefined,
  });
  if ("refused" in opened) throw new Error(opened.refused);
  store = opened;
  await store.subscribe(person("a"), subscription("bao-hiem-xa-hoi"));
  await store.subscribe(person("b"), subscription("bao-hiem-xa-hoi"));
  const draft = draftOf("TB7K3FQ");
  await submitted(store, { ...draft, title: "Lương hưu \u001B[31mtăng" });
  await store.change("TB7K3FQ", release({ by: APPROVER, at: MORNING }));
  await store.turnAll("TB7K3FQ", null, { from: ["waiting"], to: "sent" });
  await store.change("TB7K3FQ", finish(store.tallies("TB7K3FQ"), MORNING));
});
afterAll(async () => {
  await store.close();
  await rm(dataFolder, { recursive: true });
});

function notice(...args: string[]): Promise<Run> {
  return run("src/cli/notice.ts", args, { DATA_DIR: dataFolder, TELEGRAM_TOKEN: "" });
}

test("the list names every announcement with its state, and a terminal obeys none of it", async () => {
  const { code, out } = await notice();
  expect(code).toBe(0);
  expect(out).toContain("2026-12-01-luong-huu (TB7K3FQ): xong. Lương hưu [31mtăng");
  expect(out).not.toContain("\u001B");
});

test("one announcement is shown as each channel has it, with people, what is closed, and the report", async () => {
  const { code, out } = await notice("tb7k3fq");
  expect(code).toBe(0);
  for (const part of [
    "LƯƠNG HƯU TĂNG",
    "<b>Lương hưu tăng</b>",
    "── Trang web",
    "Số người: 2 (Telegram 2)",
    "Không gửi được: Telegram: 2 người, kênh chưa được cài đặt.",
    "Telegram: 2 người; Bảo hiểm xã hội 2",
    "Telegram: 2 đã gửi",
    "duyệt: telegram:2",
  ]) {
    expect(out).toContain(part);
  }
});

test("its rows come as a spreadsheet, and watching one that is over ends at once", async () => {
  const [csv, watched] = await Promise.all([
    notice("TB7K3FQ", "--csv"),
    notice("TB7K3FQ", "--watch"),
  ]);
  const lines = csv.out.split("\r\n");
  expect(lines[0]).toBe("\uFEFFma_nguoi,kenh,trang_thai,ly_do,luc");
  expect(lines[1]).toMatch(/^[^,]+,telegram,đã gửi,,25\/11 08:00$/);
  expect(lines).toHaveLength(4);
  expect(watched.code).toBe(0);
  expect(watched.out).toContain("100% 2/2 xong");
});

test("an id that nobody knows ends with a sentence", async () => {
  const { code, error } = await notice("../../etc");
  expect(code).toBe(1);
  expect(error).toContain('Không có thông báo "../../etc"');
});

test("columns stand side by side where there is room", () => {
  const columns = [
    { title: "Một", text: "một hai ba bốn năm sáu bảy tám chín mười mười một" },
    { title: "Hai", text: "ngắn\n\nhai" },
  ];
  const wide = inColumns(columns, 79).split("\n");
  expect(wide[0]).toBe(`${"Một".padEnd(38)} │ Hai`);
  expect(wide[2]).toBe(`${"một hai ba bốn năm sáu bảy tám chín".padEnd(38)} │ ngắn`);
  expect(wide[3]).toBe(`${"mười mười một".padEnd(38)} │`);
  expect(Math.max(...wide.map((line) => line.length))).toBeLessThanOrEqual(79);
  expect(inColumns(columns, 78)).toContain("── Một\nmột hai");
});

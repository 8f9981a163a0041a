import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelCache } from "../src/model-cache.ts";
import { realFiles, realLearnt } from "./brain.ts";
import { run } from "./run.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-demo-zalo-test-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
});
afterEach(() => rm(folder, { recursive: true }));

/** What An Sinh says right after a person's line. */
function answersIn(out: string): Record<string, string> {
  const turns = out.split("\nNgười dân: ").slice(1);
  return Object.fromEntries(
    turns.map((turn) => {
      const [said = "", ...answers] = turn.split("\n\nAn Sinh: ");
      return [said, answers.join("\n")];
    }),
  );
}

test("without any account both Zalo conversations are played to their end, each line answered", async () => {
  const { code, out, error } = await run("test/demo-zalo.ts", [], { DATA_DIR: folder });
  expect(error).toBe("");
  expect(code).toBe(0);
  const [, bot = "", oa = ""] = out.split(/──── Zalo (?:Bot|OA): /);
  const onBot = answersIn(bot);
  expect(Object.values(onBot).filter((answer) => answer === "")).toEqual([]);
  expect(onBot["me toi 80 tuoi k co luong huu dc tro cap gi"]).toContain("HƯU TRÍ XÃ HỘI");
  expect(onBot["1"]).toContain("MỨC HƯỞNG");
  expect(onBot["nhà tôi ở xã Lình Huỳnh"]).toContain("XÃ HÒN ĐẤT");
  expect(onBot["(gửi một hình dán)"]).toContain("hình dán");
  expect(onBot["2"]).toContain("Đã đăng ký nhận thông báo");
  expect(bot).not.toContain("Nút bấm:");
  const onOa = answersIn(oa);
  expect(Object.values(onOa).filter((answer) => answer === "")).toEqual([]);
  expect(onOa["ba toi moi mat co duoc tien mai tang k"]).toContain("Nút bấm: [1. Mức hưởng]");
  expect(onOa["3"]).toContain("NƠI NỘP");
  expect(onOa["phường Vĩnh Thanh Vân"]).toContain("PHƯỜNG RẠCH GIÁ");
  expect(onOa["(gửi một hình dán)"]).toContain("hình dán");
  expect(onOa["(bấm nút 1)"]).toContain("Đã đăng ký nhận thông báo");
});

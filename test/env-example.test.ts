import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { SETTING_NAMES } from "../src/config.ts";

const SETTING = /^# ?([A-Z][A-Z0-9_]*)=/;
const VIETNAMESE = /[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵầấẩẫậềếểễệồốổỗộờớởỡợừứửữự]/iu;

let lines: string[];
beforeAll(async () => {
  lines = (await readFile(new URL("../.env.example", import.meta.url), "utf8")).split("\n");
});

test(".env.example lists every setting once, and nothing that is none", () => {
  const listed = lines.flatMap((line) => SETTING.exec(line)?.[1] ?? []);
  expect(listed.toSorted()).toEqual(SETTING_NAMES.toSorted());
});

test("above every setting stands what it does, in Vietnamese and then in English", () => {
  const unexplained = lines.flatMap((line, index) => {
    const name = SETTING.exec(line)?.[1];
    if (name === undefined) return [];
    const [before = "", vietnamese = "", english = ""] = lines.slice(index - 3, index);
    const isExplained =
      before === "" &&
      VIETNAMESE.test(vietnamese) &&
      english.startsWith("# ") &&
      !VIETNAMESE.test(english);
    return isExplained ? [] : name;
  });
  expect(unexplained).toEqual([]);
});

test("copied as it stands, .env.example sets nothing", () => {
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
});

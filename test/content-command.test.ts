import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeLastGood } from "../src/last-good-content.ts";
import { createModelCache } from "../src/model-cache.ts";
import { realContent, realLearnt } from "./brain.ts";
import { run } from "./run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-content-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

function check(...args: string[]) {
  return run("src/cli/content.ts", ["--quick", ...args], { DATA_DIR: folder });
}

test("a clerk sees how much there is and that it can be used", async () => {
  const { code, out } = await check();
  expect(code).toBe(0);
  expect(out).toMatch(/Đã đọc 75 chế độ với \d+ câu Hỏi đáp và \d+ câu hỏi mẫu/);
  expect(out).toContain("102 xã, phường, đặc khu");
  expect(out).toMatch(/Cơ quan chưa có địa chỉ: \d+; chưa có số điện thoại: \d+/);
  expect(out).toContain("Nội dung dùng được.");
});

test("the rehearsal of a day names the value that changes, before and after", async () => {
  const { out } = await check("--on", "2027-01-01");
  expect(out).toContain("mức chuan-ngheo-thanh-thi: 2.000.000 đồng → 2.800.000 đồng");
});

test("only the answers that changed since the last good content are printed", async () => {
  expect((await check("--changed")).out).toContain("Chưa có bản nội dung tốt nào");
  const content = await realContent();
  const wage = content.parameters["luong-co-so"];
  const row = wage?.values.at(-1);
  if (row === undefined) throw new Error("no base wage");
  const before = structuredClone(content);
  before.entitlements["luong-huu"]?.summary.push({
    type: "paragraph",
    content: [{ type: "text", text: "Câu này nay đã bỏ." }],
  });
  await writeLastGood(folder, before);
  const cache = createModelCache(folder);
  const { model } = await realLearnt();
  await cache.write(before, { content: before, model });
  await cache.write(content, { content, model });
  const { out } = await check("--changed");
  const changed = out.match(/^ {2}TRƯỚC: /gm)?.length ?? 0;
  expect(changed).toBeGreaterThan(0);
  expect(out.match(/Câu này nay đã bỏ\./g)).toHaveLength(changed);
});

test("broken content is told to a machine too, and ends with 1", async () => {
  const broken = join(folder, "content");
  await cp(new URL("../content", import.meta.url).pathname, broken, { recursive: true });
  await writeFile(join(broken, "linh-vuc.yaml"), "bao-hiem-xa-hoi: {ten: Bảo hiểm}\n");
  const { code, out } = await check("--json", "--dir", broken);
  expect(code).toBe(1);
  const { problems } = JSON.parse(out) as { problems: { file: string; severity: string }[] };
  expect(problems.some(({ file }) => file === "linh-vuc.yaml")).toBe(true);
});

import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelCache } from "../src/model-cache.ts";
import { realFiles, realLearnt } from "./brain.ts";
import { type MainProcess, startMain } from "./main-process.ts";
import { run } from "./run.ts";

const NOTICE = "2026-11-25-tang-luong-huu";
let folder: string;
let main: MainProcess | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "an-sinh-demo-"));
  await createModelCache(folder).write(await realFiles(), await realLearnt());
  main = null;
});

afterEach(async () => {
  await main?.kill();
  await rm(folder, { recursive: true });
});

async function startDemo(): Promise<MainProcess> {
  main = await startMain({ DATA_DIR: folder }, ["--demo"]);
  return main;
}

/** Types a line and resolves with what is said from then on, once it holds `text`. */
async function does(demo: MainProcess, line: string, text: string | RegExp): Promise<string> {
  const from = demo.said().length;
  demo.types(line);
  return demo.untilSaid(text, from);
}

/** Somebody who opened the page: asks there, and hears announcements. */
async function openPage(url: string) {
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const headers = { "content-type": "application/json", origin: url.slice(0, -1), cookie };
  let count = 0;
  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return {
    async presses(action: string): Promise<string> {
      count += 1;
      return (await post("api/message", { id: `abcdefgh-${count}`, action })).text();
    },
    async firstNotice(): Promise<{ id: string; text: string }> {
      const stream = await fetch(`${url}api/notices`, { headers: { cookie } });
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let heard = "";
      for (;;) {
        const chunk = await reader?.read();
        heard += chunk?.value ?? "";
        const data = /event: notice\n(?:.*\n)*?data: (.*)\n/.exec(heard)?.[1];
        if (data === undefined) continue;
        await reader?.cancel();
        const { id, blocks } = JSON.parse(data) as { id: string; blocks: unknown[] };
        return { id, text: JSON.stringify(blocks) };
      }
    },
    async confirms(id: string): Promise<number> {
      return (await post("api/received", { id })).status;
    },
  };
}

test("without any token an announcement goes from its file to an open page, through two people", async () => {
  const demo = await startDemo();
  const page = await openPage(demo.url);
  expect(await page.presses("u:all")).toContain("Đã đăng ký");

  await does(demo, "/vai soan", "soan>");
  expect(await does(demo, "/thongbao", "chưa trình")).toContain(NOTICE);
  const submitted = await does(demo, `/trinh ${NOTICE}`, "Đã trình");
  expect(submitted).toContain("1 người");
  const own = await does(demo, `/duyet ${NOTICE} 1`, /soan> $/);
  expect(own).not.toMatch(/\b\d{6}\b/);

  await does(demo, "/vai duyet", "duyet>");
  await does(demo, `/duyet ${NOTICE} 7`, /khác|không đúng|chốt/);
  const asked = await does(demo, `/duyet ${NOTICE} 1`, /\b\d{6}\b/);
  const code = /\b(\d{6})\b/.exec(asked)?.[1] ?? "";
  await does(demo, `/duyet ${NOTICE} 1 ${code}`, "Bắt đầu gửi");

  const notice = await page.firstNotice();
  expect(notice.id).toMatch(/^TB[2-9A-Z]{5}$/);
  expect(notice.text).toContain("Lương hưu");
  expect(await page.confirms(notice.id)).toBe(204);
  await does(demo, "", "đã xong");
  expect(await does(demo, `/baocao ${NOTICE}`, "Đã làm")).toContain("1 đã gửi");
  expect(await does(demo, `/duyet ${NOTICE} 1`, /đã/)).toMatch(/đã (được )?duyệt/);

  // Who is no staff gets the ordinary answer.
  await does(demo, "/vai dan", "\n> ");
  expect(await does(demo, "/thongbao", /\n> $/)).not.toContain("TB");
  const listed = await run("src/cli/notice.ts", ["--demo"], { DATA_DIR: folder });
  expect(listed.out).toContain("xong");
});

test("a demonstration never runs beside a platform's token", async () => {
  const { code, error } = await run("src/main.ts", ["--demo"], {
    DATA_DIR: folder,
    TELEGRAM_TOKEN: "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak",
  });
  expect(code).toBe(2);
  expect(error).toContain("TELEGRAM_TOKEN");
});

test("what is not understood on the command line is said in one sentence", async () => {
  const { code, error } = await run("src/main.ts", ["--thu"], { DATA_DIR: folder });
  expect(code).toBe(2);
  expect(error.trim().split("\n")).toHaveLength(1);
  expect(error).toContain("--demo");
});

test("a broken announcement file holds up neither the pages nor the others", async () => {
  const content = join(folder, "content");
  await cp(new URL("../content", import.meta.url), content, { recursive: true });
  main = await startMain({ DATA_DIR: folder, CONTENT_DIR: content }, ["--demo"]);
  const from = main.said().length;
  await writeFile(join(content, "thong-bao/2026-12-01-hong.md"), "---\ntieu_de: Hỏng\n---\n");
  expect(await main.untilSaid("Thông báo có lỗi", from)).toContain("2026-12-01-hong.md");
  await does(main, "/vai soan", "soan>");
  const list = await does(main, "/thongbao", "chưa trình");
  expect(list).toContain(NOTICE);
  expect(list).not.toContain("2026-12-01-hong");
});

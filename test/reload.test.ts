import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readContentFiles } from "../src/content/read-files.ts";
import { noonOf } from "../src/domain/day.ts";
import { openKnowledge } from "../src/knowledge.ts";
import { talkTo, textOf } from "./brain.ts";
import { goodText, lineOf, PAGE, TODAY, writeContent } from "./content-folder.ts";

const now = noonOf(TODAY);
const SUMMARY = "Người già được trợ cấp hằng tháng.";
const SWAPPED = { status: "swapped", brokenNotices: null };
const BUTTON = { do: "entitlement", id: "tien-gia", facet: null } as const;

let contentFolder: string;
let dataFolder: string;
beforeEach(async () => {
  const lexicon = new URL("../content/tu-ngu.yaml", import.meta.url);
  contentFolder = await writeContent({ file: "tu-ngu.yaml", text: await readFile(lexicon) });
  dataFolder = await mkdtemp(join(tmpdir(), "an-sinh-data-"));
});
afterEach(async () => {
  await rm(contentFolder, { recursive: true });
  await rm(dataFolder, { recursive: true });
});

async function start() {
  const knowledge = await openKnowledge({ contentFolder, dataFolder, writes: true, now });
  if (knowledge.status !== "ready") throw new Error(knowledge.report);
  return knowledge;
}

const writePage = (text: string) => writeFile(join(contentFolder, PAGE), text);

const editPage = (part: string, by: string) => writePage(goodText(PAGE).replace(part, by));

/** What somebody reads who opens the page now. */
async function pageOf({ brain }: Awaited<ReturnType<typeof start>>): Promise<string> {
  return textOf(await talkTo(brain()).press(BUTTON));
}

test("a question added under Hỏi đáp is answered from the next message on", async () => {
  const knowledge = await start();
  const added = "### Đang ở tù có được nhận tiền tuổi già không?\nKhông, cho tới khi về nhà.\n";
  await writePage(`${goodText(PAGE)}${added}`);
  expect(await knowledge.refresh(now)).toEqual(SWAPPED);
  const reply = await talkTo(knowledge.brain())("đang ở tù có được nhận tiền tuổi già không");
  expect(textOf(reply)).toContain("Không, cho tới khi về nhà.");
  expect(reply.about.faq).toBe("Đang ở tù có được nhận tiền tuổi già không?");
});

test("while new content is being learnt the old one answers", async () => {
  const knowledge = await start();
  await editPage(SUMMARY, "Đoạn mới.");
  const refreshing = knowledge.refresh(now);
  expect(await pageOf(knowledge)).toContain(SUMMARY);
  await refreshing;
  expect(await pageOf(knowledge)).toContain("Đoạn mới.");
});

test("a bad edit is named with file and line and the page before it stays, until it is mended", async () => {
  const knowledge = await start();
  await editPage("co_quan: ubnd-xa", "co_quan: ubnd-xaa");
  const kept = await knowledge.refresh(now);
  const place = `${PAGE}:${lineOf(PAGE, "co_quan: ubnd-xa")}: `;
  expect(kept.status === "kept" && kept.report).toMatch(new RegExp(`^${place}.+ — .+ubnd-xa`));
  expect(await pageOf(knowledge)).toContain(SUMMARY);
  await editPage(SUMMARY, "Đoạn đã sửa.");
  expect(await knowledge.refresh(now)).toEqual(SWAPPED);
  expect(await pageOf(knowledge)).toContain("Đoạn đã sửa.");
});

test("an edit that is taken back before it was learnt does not come back", async () => {
  const knowledge = await start();
  await editPage(SUMMARY, "Đoạn viết nhầm.");
  const first = knowledge.refresh(now);
  await readContentFiles(contentFolder);
  await writePage(goodText(PAGE));
  await Promise.all([first, knowledge.refresh(now)]);
  await knowledge.refresh(now);
  expect(await pageOf(knowledge)).toContain(SUMMARY);
});

test("after a restart with bad files the bot goes on from the last good ones, and takes the mended ones", async () => {
  await start();
  await writePage("---\n");
  const knowledge = await start();
  expect(knowledge.report).toContain(PAGE);
  expect(await pageOf(knowledge)).toContain(SUMMARY);
  await editPage(SUMMARY, "Đoạn đã sửa.");
  expect(await knowledge.refresh(now)).toEqual(SWAPPED);
  expect(await pageOf(knowledge)).toContain("Đoạn đã sửa.");
});

test("an edit that was taken back is not what a restart with bad files goes on from", async () => {
  const knowledge = await start();
  await editPage(SUMMARY, "Đoạn viết nhầm.");
  expect(await knowledge.refresh(now)).toEqual(SWAPPED);
  await writePage(goodText(PAGE));
  expect(await knowledge.refresh(now)).toEqual(SWAPPED);
  expect(await pageOf(knowledge)).toContain(SUMMARY);
  await writePage("---\n");
  expect(await pageOf(await start())).toContain(SUMMARY);
});

test("last good content that is damaged does not serve: every problem is told instead", async () => {
  await start();
  await writeFile(join(dataFolder, "last-good-content.json"), "{");
  await editPage("linh_vuc: tro-giup", "linh_vuc: tro-giupp");
  await writeFile(join(contentFolder, "linh-vuc.yaml"), "tro-giup: [\n");
  const knowledge = await openKnowledge({ contentFolder, dataFolder, writes: true, now });
  expect(knowledge.status).toBe("broken");
  expect(knowledge.report).toContain("linh-vuc.yaml:");
});

test("who only asks leaves no trace in the data folder", async () => {
  const folder = join(dataFolder, "never-made");
  await openKnowledge({ contentFolder, dataFolder: folder, writes: false, now });
  await expect(readFile(join(folder, "last-good-content.json"))).rejects.toThrow("ENOENT");
  await expect(readContentFiles(folder)).rejects.toThrow("ENOENT");
});

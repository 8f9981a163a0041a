import { MAX_ID_LENGTH } from "../domain/action.ts";
import { dayOf, isDay } from "../domain/day.ts";
import type { Notice } from "../domain/notice.ts";
import type { Problem } from "../domain/problem.ts";
import type { TextBlock } from "../domain/text.ts";
import {
  checkCorrected,
  checkCorrections,
  checkLength,
  checkNoticeMarks,
  checkSendTime,
  communeCodes,
  type Correction,
  type NoticeTables,
} from "./check-notice.ts";
import { splitFrontMatter } from "./front-matter.ts";
import { readText } from "./markdown.ts";
import { createMarks, type Marks } from "./marks.ts";
import { readAudience, readNoticeHead } from "./notice-head.ts";
import { reportBadEncoding, type ContentFile } from "./read-files.ts";
import { createReport, type Place, type Report } from "./report.ts";
import { parseYaml } from "./yaml-source.ts";

const FOLDER = "thong-bao/";

/** The file name is the id: a day and a few words. */
const NAME = /^thong-bao\/((\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*)\.md$/;

const NAME_EXAMPLE = "đặt tên như thong-bao/2026-12-01-luong-huu.md";

export function isNoticePath(path: string): boolean {
  return path.startsWith(FOLDER);
}

/**
 * The notices among the files, by id, and what is wrong with any of them. A broken one is left out and takes nothing else down: they are read
 * apart from the other files.
 */
export function readNotices(
  files: ContentFile[],
  tables: NoticeTables,
  now: Date,
): { notices: Notice[]; problems: Problem[] } {
  const report = createReport();
  const named = files
    .filter(({ path }) => isNoticePath(path))
    .flatMap((file) => {
      const id = idOf(file.path, report);
      return id === null ? [] : [{ id, file }];
    });
  const ids = named.map(({ id }) => id);
  const read = named.map(({ id, file }) => readNotice(id, file, { ids, tables, now }, report));
  checkCorrections(
    read.flatMap(({ correction }) => correction ?? []),
    report,
  );
  const broken = new Set(
    report.problems.filter(({ severity }) => severity === "blocks").map(({ file }) => file),
  );
  const notices = read.flatMap(({ file, notice }) =>
    notice === null || broken.has(file) ? [] : [notice],
  );
  return {
    notices: notices.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    problems: report.problems,
  };
}

function idOf(path: string, report: Report): string | null {
  const place = { file: path, line: 0 };
  const [, id, day = ""] = NAME.exec(path) ?? [];
  if (id === undefined) {
    const form = "ngày, rồi chữ thường không dấu, số và gạch ngang";
    report.blocks(place, "tên tệp thông báo không đúng dạng", `${NAME_EXAMPLE}: ${form}`);
  } else if (!isDay(day)) {
    report.blocks(place, `tên tệp có ngày ${day} không có thật`, NAME_EXAMPLE);
  } else if (id.length > MAX_ID_LENGTH) {
    const over = id.length - MAX_ID_LENGTH;
    report.blocks(place, `tên tệp dài quá ${MAX_ID_LENGTH} ký tự`, `bớt ít nhất ${over} ký tự`);
  } else return id;
  return null;
}

type Around = { ids: string[]; tables: NoticeTables; now: Date };

/** What was made of one file. A notice that is broken may still be part of a circle of corrections. */
type ReadNotice = { file: string; notice: Notice | null; correction: Correction | null };

function readNotice(id: string, file: ContentFile, around: Around, report: Report): ReadNotice {
  const { ids, tables, now } = around;
  const nothing = { file: file.path, notice: null, correction: null };
  reportBadEncoding(file, report);
  const split = splitFrontMatter(file, report);
  if (split === null) return nothing;
  const marks = createMarks();
  const start = { file: file.path, line: split.bodyLine };
  const body = readBody(split.body, start, marks, report);
  const yaml = { path: file.path, text: split.yaml, firstLine: split.yamlLine };
  const source = parseYaml(yaml, report);
  if (source === null) return nothing;
  const head = readNoticeHead(source, report);
  const audience = readAudience(source, marks, report);

  // An announcement that is over stays in the folder. What it cites may be gone since, and its time has passed: that is told to nobody.
  const over = head !== null && head.het_han <= now;
  const outward = over ? createReport() : report;
  checkNoticeMarks(marks, tables, dayOf(now), outward);
  const placeOf = (index: number) => source.placeOf("gui_toi", "xa", index);
  const communes = communeCodes(audience?.communes ?? [], tables.communes, placeOf, outward);
  if (head === null) return nothing;

  const { gui_luc: sendAt = null, kenh: channels = null, khan: urgent } = head;
  const corrects = head.dinh_chinh;
  const correction =
    corrects === null ? null : { id, corrects, place: source.placeOf("dinh_chinh") };
  if (correction !== null) checkCorrected(correction, ids, outward);
  if (sendAt !== null)
    checkSendTime({ sendAt, urgent, channels }, now, source.placeOf("gui_luc"), outward);
  if (audience === null) return { ...nothing, correction };
  const notice: Notice = {
    id,
    title: head.tieu_de,
    body,
    audience: { ...audience, communes, channels: channels && [...new Set(channels)] },
    sendAt: sendAt?.toISOString() ?? null,
    expiresAt: head.het_han.toISOString(),
    urgent,
    corrects,
  };
  if (tables.parameters !== null)
    checkLength(notice, tables.parameters, dayOf(now), start, outward);
  return { file: file.path, notice, correction };
}

function readBody(text: string, start: Place, marks: Marks, report: Report): TextBlock[] {
  const { blocks, plain } = readText(text, start, marks, report);
  marks.prose.push(...plain.map((piece) => ({ ...piece, entitlement: null, legal: false })));
  if (text.trim() === "")
    report.blocks(start, "chưa viết lời của tin", "viết nội dung tin dưới dòng --- thứ hai");
  return blocks;
}

import type { Commune } from "../domain/commune.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { type Day, formatDay } from "../domain/day.ts";
import type { Notice } from "../domain/notice.ts";
import {
  amountOn,
  evaluate,
  formatAmount,
  formatNumber,
  type Parameter,
} from "../domain/parameter.ts";
import { isQuiet } from "../domain/quiet-hours.ts";
import type { Inline, TextBlock } from "../domain/text.ts";
import { checkCitations } from "./check-citations.ts";
import { checkFreshness } from "./check-freshness.ts";
import { checkProse } from "./check-prose.ts";
import type { Marks } from "./marks.ts";
import { didYouMean } from "./near-miss.ts";
import type { Place, Report } from "./report.ts";

/** What a notice is checked against; null where a file is broken, so that this is not told once more at each notice. */
export type NoticeTables = {
  [Table in "fields" | "communes" | "parameters"]: ContentBase[Table] | null;
};

/** What a notice cites must exist, its values must be known today, and amounts and links are better taken from where they are kept. */
export function checkNoticeMarks(
  marks: Marks,
  { fields, parameters }: NoticeTables,
  today: Day,
  report: Report,
): void {
  checkCitations(
    marks.citations,
    {
      agency: null,
      clause: null,
      entitlement: null,
      field: fields && Object.keys(fields),
      parameter: parameters && Object.keys(parameters),
    },
    report,
  );
  if (parameters !== null) checkValues(marks, parameters, today, report);
  // A gift that is given once is in no table: an amount in the text may be right.
  checkProse(marks.prose, [], today, {
    ...report,
    blocks: (place, wrong, instead) => {
      report.warns(place, wrong, instead);
    },
  });
  checkFreshness(marks, [], today, report);
}

function checkValues(
  marks: Marks,
  parameters: Record<string, Parameter>,
  today: Day,
  report: Report,
): void {
  for (const { kind, id, place } of marks.citations) {
    if (kind !== "parameter" || parameters[id] === undefined) continue;
    if (amountOn(parameters, id, today) !== undefined) continue;
    report.blocks(
      place,
      `mức "${id}" không có giá trị cho hôm nay (${formatDay(today)})`,
      "thêm giá trị vào muc.yaml, hoặc viết câu này không cần mức đó",
    );
  }
}

/** The codes of communes, each typed as its code or its exact name. */
export function communeCodes(
  typed: string[],
  communes: Commune[] | null,
  placeOf: (index: number) => Place,
  report: Report,
): string[] {
  if (communes === null) return [];
  const codes = typed.map((one, index) => communeCode(one, communes, placeOf(index), report));
  return [...new Set(codes.filter((code) => code !== undefined))];
}

function communeCode(
  typed: string,
  communes: Commune[],
  place: Place,
  report: Report,
): string | undefined {
  const found = communes.filter(({ code, name }) => code === typed || name === typed);
  if (found.length === 1) return found[0]?.code;
  if (found.length > 1) {
    const codes = found.map(({ code }) => `'${code}'`).join(", ");
    report.blocks(place, `có ${found.length} nơi tên "${typed}"`, `ghi mã: ${codes}`);
    return undefined;
  }
  const names = communes.flatMap(({ code, name }) => [code, name]);
  report.blocks(
    place,
    `không có xã, phường, đặc khu "${typed}"`,
    didYouMean(
      typed,
      names,
      "ghi mã hoặc tên đúng như trong xa-phuong.yaml, ví dụ Phường Rạch Giá",
    ),
  );
  return undefined;
}

const MAX_LENGTH = 3_500;
/** With what stands around it, still one message on Zalo. */
const MAX_LENGTH_ZALO = 1_500;

export function checkLength(
  notice: Pick<Notice, "title" | "body" | "audience">,
  parameters: Record<string, Parameter>,
  today: Day,
  place: Place,
  report: Report,
): void {
  const { channels } = notice.audience;
  const zalo = channels?.some((channel) => channel.startsWith("zalo")) === true;
  const max = zalo ? MAX_LENGTH_ZALO : MAX_LENGTH;
  const body = notice.body.map((block) => plainBlock(block, parameters, today));
  const { length } = [notice.title, ...body].join("\n\n");
  if (channels === null && length > MAX_LENGTH_ZALO && length <= MAX_LENGTH) {
    report.warns(
      place,
      `tin dài ${formatNumber(length)} ký tự; người dùng Zalo sẽ nhận thành nhiều tin`,
      `bớt còn ${formatNumber(MAX_LENGTH_ZALO)} ký tự, hoặc ghi kenh không có Zalo`,
    );
  }
  if (length <= max) return;
  const over = formatNumber(length - max);
  report.blocks(
    place,
    `tin dài ${formatNumber(length)} ký tự, quá ${over} so với ${formatNumber(max)}${zalo ? " của Zalo" : ""}`,
    `bớt ít nhất ${over} ký tự${zalo ? ", hoặc bỏ Zalo khỏi kenh" : ""}; phần chi tiết để ở liên kết`,
  );
}

function plainBlock(block: TextBlock, parameters: Record<string, Parameter>, today: Day): string {
  const plain = (inlines: Inline[]) =>
    inlines.map((inline) => plainInline(inline, parameters, today)).join("");
  if (block.type === "paragraph") return plain(block.content);
  return block.items
    .map((item, index) => `${block.ordered ? `${index + 1})` : "-"} ${plain(item)}`)
    .join("\n");
}

function plainInline(inline: Inline, parameters: Record<string, Parameter>, today: Day): string {
  switch (inline.type) {
    case "text":
    case "strong":
      return inline.text;
    case "link":
      return inline.url === inline.text ? inline.text : `${inline.text} (${inline.url})`;
    case "value": {
      const amount = evaluate(parameters, inline.expression, today);
      return amount === undefined ? "" : formatAmount(amount);
    }
  }
}

export function checkSendTime(
  { sendAt, urgent, channels }: { sendAt: Date; urgent: string | null; channels: string[] | null },
  now: Date,
  place: Place,
  report: Report,
): void {
  if (sendAt < now) {
    report.warns(place, "giờ gửi đã qua", "sửa gui_luc, hoặc xóa dòng này để gửi ngay khi duyệt");
    return;
  }
  const rings = channels === null || channels.some((channel) => channel !== "web");
  if (urgent !== null || !rings || !isQuiet(sendAt)) return;
  report.warns(
    place,
    "giờ gửi nằm trong giờ nghỉ, từ 21:00 đến 07:00; tin sẽ đi lúc 07:00",
    "chọn giờ ban ngày; nếu gấp thì thêm khan: lý do",
  );
}

/** A notice and the one it puts right. */
export type Correction = { id: string; corrects: string; place: Place };

/** Of the files there are: one that is broken may be corrected all the same. */
export function checkCorrected(
  { id, corrects, place }: Correction,
  ids: string[],
  report: Report,
): void {
  if (ids.includes(corrects)) return;
  const others = ids.filter((other) => other !== id);
  const advice = didYouMean(corrects, others, "ghi tên tệp của tin cần sửa, không có .md");
  report.blocks(place, `không có thông báo "${corrects}"`, advice);
}

/** No notice corrects itself, be it by way of others. */
export function checkCorrections(corrections: Correction[], report: Report): void {
  const next = new Map(corrections.map(({ id, corrects }) => [id, corrects]));
  for (const { id, corrects, place } of corrections) {
    const way = [id, corrects];
    for (let at = next.get(corrects); at !== undefined && way.at(-1) !== id; at = next.get(at)) {
      if (way.includes(at) && at !== id) break;
      way.push(at);
    }
    if (way.at(-1) !== id) continue;
    if (corrects === id) {
      report.blocks(place, "tin đính chính chính nó", "ghi tên tệp của tin cần sửa, không có .md");
    } else {
      report.blocks(
        place,
        `đính chính đi vòng tròn: ${way.join(" → ")}`,
        "tin viết sau đính chính tin viết trước; xóa dinh_chinh ở tin viết trước",
      );
    }
  }
}

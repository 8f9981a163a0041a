import { addDays, daysBetween, formatDay, type Day } from "../domain/day.ts";
import type { Marks } from "./marks.ts";
import type { ParameterEntry } from "./parameters.ts";
import type { Report } from "./report.ts";

const STALE_AFTER_DAYS = 180;
const SOON_DAYS = 30;

/** What has grown old, or is about to change, and links that leave the state's own sites. */
export function checkFreshness(
  marks: Marks,
  parameters: ParameterEntry[],
  today: Day,
  report: Report,
): void {
  for (const { what, on, place } of marks.reviews) {
    const age = daysBetween(on, today);
    if (age < 0) {
      report.blocks(
        place,
        `soat_ngay ${on} nằm trong tương lai`,
        `viết ngày đã soát, không sau ${today}`,
      );
    } else if (age > STALE_AFTER_DAYS) {
      report.warns(
        place,
        `${what} soát lần cuối cách đây ${age} ngày`,
        "đối chiếu lại với văn bản rồi sửa soat_ngay",
      );
    }
  }
  for (const { url, place } of marks.links) {
    if (!isGovernmentSite(url))
      report.warns(
        place,
        `liên kết ngoài gov.vn: ${url}`,
        "dùng trang của cơ quan nhà nước nếu có",
      );
  }
  for (const parameter of parameters) warnOfChange(parameter, today, report);
}

function isGovernmentSite(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return host === "gov.vn" || host.endsWith(".gov.vn");
}

function warnOfChange({ id, row, placeOf }: ParameterEntry, today: Day, report: Report): void {
  const soon = addDays(today, SOON_DAYS);
  const isSoon = (day: Day): boolean => today <= day && day <= soon;
  for (const [index, { from, to }] of row.values.entries()) {
    const next = row.values[index + 1];
    const place = placeOf("gia_tri", index);
    if (to !== null && isSoon(to) && next === undefined) {
      report.warns(
        place,
        `mức ${id} hết áp dụng sau ngày ${formatDay(to)}`,
        "thêm giá trị mới khi có văn bản, hoặc sửa den",
      );
    }
    if (from !== today && isSoon(from)) {
      report.warns(
        place,
        `mức ${id} đổi từ ngày ${formatDay(from)}`,
        "soát lại các trang nêu mức này",
      );
    }
  }
}

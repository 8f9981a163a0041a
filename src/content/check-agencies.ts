import { isAlive, type Agency } from "../domain/agency.ts";
import type { Day } from "../domain/day.ts";
import type { AgencyEntry } from "./agencies.ts";
import type { Report } from "./report.ts";

/** Whoever names a body that is gone must be led to one that is there, for every field it had. */
export function checkAgencies(agencies: AgencyEntry[], today: Day, report: Report): void {
  const byId = new Map(agencies.map((entry) => [entry.id, entry.row]));
  for (const { row, placeOf } of agencies) {
    const { to } = row;
    if (to === null) {
      if (row.successors.length > 0) {
        report.blocks(
          placeOf("ke_thua"),
          "có ke_thua nhưng không có ngày den",
          "thêm den: ngày cuối, hoặc xóa ke_thua",
        );
      }
      continue;
    }
    if (to < row.from)
      report.blocks(placeOf("den"), `den ${to} trước tu ${row.from}`, "sửa một trong hai ngày");
    for (const field of row.fields.length > 0 ? row.fields : ["*"]) {
      const end = followHeirs(row, field, byId, today);
      switch (end.status) {
        case "alive":
        case "unknown":
          break;
        case "without heir": {
          const place = placeOf(end.last === row ? "den" : "ke_thua");
          const who =
            end.last === row
              ? `cơ quan ngừng từ ${to}`
              : `chuỗi kế thừa dừng ở "${end.last.id}" đã ngừng`;
          report.blocks(
            place,
            `${who} mà không ai nhận lĩnh vực ${field}`,
            `thêm vào ke_thua của ${end.last.id}: { linh_vuc: [${field}], sang: … }`,
          );
          break;
        }
        case "cycle":
          report.blocks(
            placeOf("ke_thua"),
            `kế thừa đi vòng tròn: ${end.ids.join(" → ")}`,
            "sửa sang: thành cơ quan còn hoạt động",
          );
      }
    }
  }
}

type End =
  | { status: "alive" }
  /** The id is unknown, which is told where it is cited. */
  | { status: "unknown" }
  | { status: "without heir"; last: Agency }
  | { status: "cycle"; ids: string[] };

function followHeirs(start: Agency, field: string, byId: Map<string, Agency>, today: Day): End {
  const ids = [start.id];
  let current = start;
  for (;;) {
    const heir =
      current.successors.find((row) => row.fields.includes(field)) ??
      current.successors.find((row) => row.fields.includes("*"));
    if (heir === undefined) {
      // One that ends later than today is told for itself.
      return current !== start && isAlive(current, today)
        ? { status: "alive" }
        : { status: "without heir", last: current };
    }
    if (ids.includes(heir.agency)) return { status: "cycle", ids: [...ids, heir.agency] };
    ids.push(heir.agency);
    const next = byId.get(heir.agency);
    if (next === undefined) return { status: "unknown" };
    if (next.to === null) return { status: "alive" };
    current = next;
  }
}

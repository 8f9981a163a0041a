import type { Parameter } from "../domain/parameter.ts";
import type { ParameterEntry } from "./parameters.ts";
import type { Report } from "./report.ts";

/**
 * On any day a parameter has one value at most, and none that is computed from itself.
 * Says whether the values can be computed at all: not while there is a circle.
 */
export function checkParameters(
  parameters: ParameterEntry[],
  report: Report,
): { computable: boolean } {
  let computable = true;
  const byId = new Map(parameters.map((entry) => [entry.id, entry.row]));
  for (const entry of parameters) {
    checkPeriods(entry, report);
    const cycle = cycleFrom(entry.id, byId);
    if (cycle !== null) {
      computable = false;
      report.blocks(
        entry.placeOf("gia_tri"),
        `công thức đi vòng tròn: ${cycle.join(" → ")}`,
        "để một mức trong vòng là con số",
      );
    }
  }
  return { computable };
}

function checkPeriods({ row, placeOf }: ParameterEntry, report: Report): void {
  for (const [index, value] of row.values.entries()) {
    const place = placeOf("gia_tri", index);
    if (value.to !== null && value.to < value.from) {
      report.blocks(place, `den ${value.to} trước tu ${value.from}`, "sửa một trong hai ngày");
    }
    const earlier = row.values[index - 1];
    if (earlier === undefined) continue;
    if (value.from <= earlier.from) {
      report.blocks(
        place,
        `tu ${value.from} không sau dòng trên (${earlier.from})`,
        "xếp giá trị cũ trước, mới sau",
      );
    } else if (earlier.to === null || value.from <= earlier.to) {
      const until = earlier.to ?? "nay";
      report.blocks(
        place,
        `từ ${value.from} trùng thời gian với dòng trên (${earlier.from} đến ${until})`,
        "ghi den của dòng trên là ngày liền trước tu của dòng này",
      );
    }
  }
}

/** The way from a parameter back to itself, or null. A cycle further down is told for those in it. */
function cycleFrom(start: string, byId: Map<string, Parameter>): string[] | null {
  const seen = new Set<string>();
  const walk = (id: string, way: string[]): string[] | null => {
    for (const next of operandsOf(byId.get(id))) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start]);
}

function operandsOf(parameter: Parameter | undefined): string[] {
  return (parameter?.values ?? []).flatMap(({ value }) =>
    value.operands.flatMap((operand) => (operand.type === "parameter" ? [operand.id] : [])),
  );
}

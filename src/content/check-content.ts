import type { Clause, Entitlement } from "../domain/content-base.ts";
import type { Day } from "../domain/day.ts";
import { checkAgencies } from "./check-agencies.ts";
import { checkCitations, type Known } from "./check-citations.ts";
import { checkClaims } from "./check-claims.ts";
import { checkFreshness } from "./check-freshness.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkProse } from "./check-prose.ts";
import type { AgencyEntry } from "./agencies.ts";
import type { Marks } from "./marks.ts";
import type { ParameterEntry } from "./parameters.ts";
import type { Report } from "./report.ts";
import type { Entry } from "./yaml-read.ts";

export type Checked = {
  marks: Marks;
  known: Known;
  agencies: AgencyEntry[];
  parameters: ParameterEntry[];
  clauses: Entry<Clause>[];
  entitlements: Entitlement[];
  today: Day;
};

/** What only shows when all files are laid side by side. */
export function checkContent(content: Checked, report: Report): void {
  const { marks, known, agencies, parameters, clauses, entitlements, today } = content;
  checkCitations(marks.citations, known, report);
  checkAgencies(agencies, today, report);
  const { computable } = checkParameters(parameters, report);
  checkClaims(marks, report);
  checkProse(marks.prose, computable ? parameters : [], today, report);
  checkFreshness(marks, parameters, today, report);
  warnUncitedClauses(clauses, entitlements, report);
}

function warnUncitedClauses(
  clauses: Entry<Clause>[],
  entitlements: Entitlement[],
  report: Report,
): void {
  const cited = new Set(entitlements.flatMap((page) => page.clauses));
  const uncited = clauses.filter(({ id, row }) => row.forCitizens && !cited.has(id));
  const [first] = uncited;
  if (first === undefined) return;
  report.warns(
    { file: first.placeOf().file, line: 0 },
    `${uncited.length} mục cho dân chưa trang nào dẫn: ${uncited.map(({ id }) => id).join(", ")}`,
    "thêm số mục vào ke_hoach của trang nói về việc đó",
  );
}

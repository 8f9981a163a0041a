import type { ContentBase } from "../domain/content-base.ts";
import { dayOf } from "../domain/day.ts";
import type { Problem } from "../domain/problem.ts";
import { readAgencies } from "./agencies.ts";
import { checkContent } from "./check-content.ts";
import { readCommunes } from "./communes.ts";
import { countContent, type ContentCounts } from "./counts.ts";
import { entitlementIdOf, isEntitlementPath, readEntitlement } from "./entitlements.ts";
import { readFields } from "./fields.ts";
import { readLexicon } from "./lexicon.ts";
import { createMarks, type Claim } from "./marks.ts";
import { readMisconceptions } from "./misconceptions.ts";
import { didYouMean } from "./near-miss.ts";
import { isNoticePath, readNotices } from "./notices.ts";
import { readOutOfScope } from "./out-of-scope.ts";
import { readParameters } from "./parameters.ts";
import { readPhrases } from "./phrases.ts";
import { readPlan } from "./plan.ts";
import { type ContentFile, reportBadEncoding } from "./read-files.ts";
import { createReport, sortProblems, type Report } from "./report.ts";
import { isSituationPath, readSituation } from "./situations.ts";
import { parseYaml, type YamlSource } from "./yaml-source.ts";

export type LoadOptions = {
  /** Reviews must not lie after its day; values in force or to come are judged from it. */
  now: Date;
};

export type Loaded = {
  /** Null when any problem blocks, but for those of notices: a broken notice is left out. */
  content: ContentBase | null;
  problems: Problem[];
  /** Of what could be read. */
  counts: ContentCounts;
  /** Every sample question and where it stands. */
  samples: Claim[];
};

const TABLES = [
  "cau-noi.yaml",
  "co-quan.yaml",
  "hieu-lam.yaml",
  "ke-hoach.yaml",
  "linh-vuc.yaml",
  "muc.yaml",
  "ngoai-pham-vi.yaml",
  "tu-ngu.yaml",
  "xa-phuong.yaml",
] as const;

/** Content files → everything the bot answers from, or all problems at once. Pure: the same files at the same instant give the same. */
export function loadContent(files: ContentFile[], { now }: LoadOptions): Loaded {
  const today = dayOf(now);
  const report = createReport();
  const marks = createMarks();
  reportStrangers(files, report);

  // Pages first: a name or sample that is claimed twice is then reported at the other place.
  const entitlements = files
    .filter(({ path }) => isEntitlementPath(path))
    .map((file) => readEntitlement(file, marks, report))
    .filter((page) => page !== null);
  const fields = readTable(files, "linh-vuc.yaml", report, (source) => readFields(source, report));
  const agencies = readTable(files, "co-quan.yaml", report, (source) =>
    readAgencies(source, marks, report),
  );
  const communes = readTable(files, "xa-phuong.yaml", report, (source) =>
    readCommunes(source, report),
  );
  const parameters = readTable(files, "muc.yaml", report, (source) =>
    readParameters(source, marks, report),
  );
  const plan = readTable(files, "ke-hoach.yaml", report, (source) =>
    readPlan(source, marks, report),
  );
  const misconceptions = readTable(files, "hieu-lam.yaml", report, (source) =>
    readMisconceptions(source, marks, report),
  );
  const outOfScope = readTable(files, "ngoai-pham-vi.yaml", report, (source) =>
    readOutOfScope(source, marks, report),
  );
  const phrases = readTable(files, "cau-noi.yaml", report, (source) => readPhrases(source, report));
  const lexicon = readTable(files, "tu-ngu.yaml", report, (source) => readLexicon(source, report));
  const situations = files
    .filter(({ path }) => isSituationPath(path))
    .map((file) => readSituation(file, marks, report))
    .filter((situation) => situation !== null);

  const known = {
    agency: agencies?.ids ?? null,
    clause: plan?.clauseIds ?? null,
    entitlement: files
      .filter(({ path }) => isEntitlementPath(path))
      .map(({ path }) => entitlementIdOf(path)),
    field: fields?.ids ?? null,
    parameter: parameters?.ids ?? null,
  };
  checkContent(
    {
      marks,
      known,
      agencies: agencies?.agencies ?? [],
      parameters: parameters?.parameters ?? [],
      clauses: plan?.clauses ?? [],
      entitlements,
      today,
    },
    report,
  );

  const pages = {
    entitlements: byId(entitlements),
    fields: fields?.fields ?? {},
    agencies: byId((agencies?.agencies ?? []).map(({ row }) => row)),
    communes: communes ?? [],
    parameters: byId((parameters?.parameters ?? []).map(({ row }) => row)),
    misconceptions: misconceptions ?? [],
    outOfScope: outOfScope ?? [],
    situations,
  };
  const broken = new Set(
    report.problems.filter(({ severity }) => severity === "blocks").map(({ file }) => file),
  );
  const { notices, problems } = readNotices(
    files,
    {
      fields: broken.has("linh-vuc.yaml") ? null : pages.fields,
      communes: broken.has("xa-phuong.yaml") ? null : pages.communes,
      parameters: broken.has("muc.yaml") ? null : pages.parameters,
    },
    now,
  );
  const parts = { ...pages, notices };
  const whole =
    plan?.plan && phrases && lexicon ? { ...parts, plan: plan.plan, phrases, lexicon } : null;
  return {
    content: broken.size > 0 ? null : whole,
    problems: sortProblems([...report.problems, ...problems]),
    counts: countContent({ ...parts, plan: plan?.plan ?? null }, today),
    samples: marks.samples,
  };
}

function readTable<T>(
  files: ContentFile[],
  path: (typeof TABLES)[number],
  report: Report,
  read: (source: YamlSource) => T,
): T | null {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) {
    report.blocks({ file: path, line: 0 }, "thiếu tệp này", "tạo tệp theo mẫu trong HUONG-DAN.md");
    return null;
  }
  const source = parseYaml({ ...file, firstLine: 1 }, report);
  return source === null ? null : read(source);
}

function reportStrangers(files: ContentFile[], report: Report): void {
  for (const file of files.filter(({ path }) => !isNoticePath(path))) {
    reportBadEncoding(file, report);
    const { path } = file;
    if (isKnownPath(path)) continue;
    report.warns(
      { file: path, line: 0 },
      "không phải tệp nội dung, bot không đọc",
      didYouMean(path, TABLES, "xóa hoặc chuyển ra khỏi thư mục content"),
    );
  }
}

function isKnownPath(path: string): boolean {
  return (
    (TABLES as readonly string[]).includes(path) ||
    path === "HUONG-DAN.md" ||
    isEntitlementPath(path) ||
    isSituationPath(path)
  );
}

function byId<T extends { id: string }>(rows: T[]): Record<string, T> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

import type { BenchQuestion } from "./bench-questions.ts";
import type { Contestant } from "./bench-contestants.ts";

type Counts = {
  pages: number;
  right: number;
  reached: number;
  wrong: number;
  silent: number;
  facets: number;
  facetRight: number;
  off: number;
  stated: number;
  asked: number;
};

export type Score = {
  name: string;
  add(question: BenchQuestion, contestant: Contestant): void;
  figures(): {
    name: string;
    all: Counts;
    byStyle: Record<string, Counts>;
    milliseconds: Milliseconds;
  };
  /** What went wrong, a line each. */
  misses(): string[];
};

type Milliseconds = { mean: number; p95: number; worst: number };

const NONE: Counts = {
  pages: 0,
  right: 0,
  reached: 0,
  wrong: 0,
  silent: 0,
  facets: 0,
  facetRight: 0,
  off: 0,
  stated: 0,
  asked: 0,
};

export function createScore(name: string): Score {
  const all = { ...NONE };
  const byStyle: Record<string, Counts> = {};
  const times: number[] = [];
  const missed: string[] = [];
  return {
    name,
    add(question, contestant) {
      if (question.style === "other") return;
      const start = performance.now();
      const said = contestant(question.text);
      times.push(performance.now() - start);
      const style = (byStyle[question.style] ??= { ...NONE });
      for (const counts of [all, style]) count(counts, question, said);
      const miss = missOf(question, said);
      if (miss !== null)
        missed.push(
          `${miss} ${[...said.entitlements, ...said.also].join(",")} | ${question.ids.join(",")} | ${question.text}`,
        );
    },
    figures: () => ({ name, all, byStyle, milliseconds: millisecondsOf(times) }),
    misses: () => missed.sort(),
  };
}

type Said = ReturnType<Contestant>;

function count(counts: Counts, question: BenchQuestion, said: Said): void {
  if (question.ids.length === 0) {
    counts.off += 1;
    if (said.outcome === "answer") counts.stated += 1;
    if (said.outcome === "choose") counts.asked += 1;
    return;
  }
  counts.pages += 1;
  const accepted = (id: string | undefined) => id !== undefined && question.ids.includes(id);
  const right = said.outcome === "answer" && accepted(said.entitlements[0]);
  if (right) counts.right += 1;
  if ([...said.entitlements, ...said.also].some(accepted)) counts.reached += 1;
  if (said.outcome === "answer" && !right) counts.wrong += 1;
  if (said.outcome === "none" || said.outcome === "other") counts.silent += 1;
  if (right && question.facets.length > 0) {
    counts.facets += 1;
    if (said.facet !== null && question.facets.includes(said.facet)) counts.facetRight += 1;
  }
}

function missOf(question: BenchQuestion, said: Said): string | null {
  if (question.ids.length === 0) {
    return said.outcome === "answer" ? "STATED" : said.outcome === "choose" ? "ASKED" : null;
  }
  const right = question.ids.includes(said.entitlements[0] ?? "");
  if (said.outcome === "answer") {
    if (!right) return "WRONG";
    const facet = question.facets.length === 0 || question.facets.includes(said.facet ?? "who");
    return facet ? null : `FACET(${said.facet ?? "-"} for ${question.facets.join("/")})`;
  }
  if (said.outcome === "choose")
    return question.ids.some((id) => said.entitlements.includes(id)) ? "CHOOSE" : "CHOOSE-WITHOUT";
  return `SILENT(${said.outcome})`;
}

function millisecondsOf(times: number[]): Milliseconds {
  const sorted = [...times].sort((one, other) => one - other);
  const sum = sorted.reduce((total, time) => total + time, 0);
  return {
    mean: sum / Math.max(1, sorted.length),
    p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    worst: sorted.at(-1) ?? 0,
  };
}

/** One line per contestant, then ours by style: counts beside percents. */
export function scoreTable(scores: Score[]): string {
  const rows: string[][] = [
    [
      "",
      "đúng",
      "tới được",
      "sai",
      "im lặng",
      "đề mục đúng",
      "ngoài: khẳng định",
      "ngoài: hỏi lại",
      "ms tb",
      "p95",
      "tệ nhất",
    ],
  ];
  for (const score of scores) {
    const { name, all, byStyle, milliseconds } = score.figures();
    const { mean, p95, worst } = milliseconds;
    rows.push([name, ...cells(all), mean.toFixed(2), p95.toFixed(2), worst.toFixed(1)]);
    for (const [style, counts] of Object.entries(byStyle)) {
      if (Object.keys(byStyle).length > 1) rows.push([`  ${style}`, ...cells(counts), "", "", ""]);
    }
  }
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells(counts: Counts): string[] {
  return [
    share(counts.right, counts.pages),
    share(counts.reached, counts.pages),
    share(counts.wrong, counts.pages),
    share(counts.silent, counts.pages),
    share(counts.facetRight, counts.facets),
    share(counts.stated, counts.off),
    share(counts.asked, counts.off),
  ];
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}% (${part}/${whole})`;
}

import type { Problem } from "../domain/problem.ts";

/** Where something stands: a file below the content folder and a line, 0 for the file as a whole. */
export type Place = { file: string; line: number };

/** Collects what an editor should mend, so that everything is told at once. */
export type Report = {
  problems: Problem[];
  blocks(place: Place, wrong: string, instead: string): void;
  warns(place: Place, wrong: string, instead: string): void;
};

export function createReport(): Report {
  const problems: Problem[] = [];
  return {
    problems,
    blocks: ({ file, line }, wrong, instead) => {
      problems.push({ severity: "blocks", file, line, wrong, instead });
    },
    warns: ({ file, line }, wrong, instead) => {
      problems.push({ severity: "warns", file, line, wrong, instead });
    },
  };
}

/** What blocks first, then by file and line. */
export function sortProblems(problems: Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) =>
      a.severity.localeCompare(b.severity) || a.file.localeCompare(b.file, "vi") || a.line - b.line,
  );
}

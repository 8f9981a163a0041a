/** Something an editor should mend, in Vietnamese: what is wrong, and what to write instead. */
export type Problem = {
  severity: "blocks" | "warns";
  /** Path below the content folder. */
  file: string;
  /** 1 for the first line; 0 when it is about the file as a whole. */
  line: number;
  wrong: string;
  instead: string;
};

/** `tệp:dòng: điều gì sai — nên viết gì` */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file;
  return `${place}: ${problem.wrong} — ${problem.instead}`;
}

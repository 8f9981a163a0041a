import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type CrossValidate, warnOfStrays } from "../content/check-strays.ts";
import { type ContentCounts, describeCounts } from "../content/counts.ts";
import { loadContent } from "../content/load.ts";
import { readContentFiles } from "../content/read-files.ts";
import { dayOf } from "../domain/day.ts";
import { formatProblem, type Problem } from "../domain/problem.ts";

type Options = {
  folder: string;
  now: Date;
  /** Looks for sample questions that would stray; only asked when nothing blocks. */
  crossValidate?: CrossValidate;
};

type Checked = { problems: Problem[]; counts: ContentCounts };

async function checkFolder({ folder, now, crossValidate }: Options): Promise<Checked> {
  const { content, problems, counts, samples } = loadContent(await readContentFiles(folder), {
    today: dayOf(now),
  });
  if (content === null || crossValidate === undefined) return { problems, counts };
  return {
    problems: [...problems, ...warnOfStrays(await crossValidate(content), samples)],
    counts,
  };
}

function printForPeople({ problems, counts }: Checked): void {
  const blocking = problems.filter(({ severity }) => severity === "blocks");
  const warnings = problems.filter(({ severity }) => severity === "warns");
  printList(`Phải sửa (${blocking.length}):`, blocking);
  printList(`Nên xem lại (${warnings.length}):`, warnings);
  console.log(describeCounts(counts));
  console.log(
    blocking.length > 0 ? "Chưa dùng được: hãy sửa các lỗi ở trên." : "Nội dung dùng được.",
  );
}

function printList(title: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  console.log(title);
  for (const problem of problems) console.log(`  ${formatProblem(problem)}`);
  console.log();
}

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, dir: { type: "string" } },
});
const checked = await checkFolder({
  folder: values.dir ?? fileURLToPath(new URL("../../content", import.meta.url)),
  now: new Date(),
});
if (values.json) console.log(JSON.stringify(checked));
else printForPeople(checked);
if (checked.problems.some(({ severity }) => severity === "blocks")) process.exitCode = 1;

import { type Brain, createBrain } from "./answer/brain.ts";
import { learnAside } from "./answer/learn-aside.ts";
import { loadContent } from "./content/load.ts";
import { type ContentFile, readContentFiles } from "./content/read-files.ts";
import type { ContentBase } from "./domain/content-base.ts";
import { dayOf } from "./domain/day.ts";
import { formatProblem, type Problem } from "./domain/problem.ts";
import { readLastGood, writeLastGood } from "./last-good-content.ts";
import { createModelCache } from "./model-cache.ts";

export type KnowledgeOptions = {
  contentFolder: string;
  dataFolder: string;
  /** False: nothing is written, neither the cache nor the last good content. */
  writes: boolean;
  now: Date;
};

export type Knowledge =
  | {
      status: "ready";
      brain: () => Brain;
      /** Why the content files are not in force, when the last good content serves instead. */
      report: string | null;
      /** Looks at the content files again: swaps changed content in, or keeps the old and says why. */
      refresh(now: Date): Promise<Refreshed>;
    }
  | { status: "broken"; report: string };

export type Refreshed =
  | { status: "unchanged" }
  | { status: "swapped" }
  | { status: "kept"; report: string };

/**
 * Content files → something to answer from. Broken files do not take the bot down: the last good content serves and `report` says what is wrong;
 * without any last good content the status is `broken`.
 */
export async function openKnowledge(options: KnowledgeOptions): Promise<Knowledge> {
  const { contentFolder, dataFolder, writes } = options;
  const cache = createModelCache(dataFolder);
  let files = await readContentFiles(contentFolder);
  const loaded = loadContent(files, { today: dayOf(options.now) });
  const report = loaded.content === null ? reportOf(loaded.problems) : null;
  const content = loaded.content ?? (await readLastGood(dataFolder));
  if (content === null) return { status: "broken", report: report ?? "" };
  const brainOf = async (from: ContentBase): Promise<Brain> => {
    const cached = await cache.read(from);
    const model = cached ?? (await learnAside(from));
    if (writes && cached === undefined) await cache.write(from, model);
    return createBrain(from, model);
  };
  let brain = await brainOf(content);
  if (writes && loaded.content !== null) await writeLastGood(dataFolder, content);
  return {
    status: "ready",
    brain: () => brain,
    report,
    async refresh(now) {
      const found = await readContentFiles(contentFolder);
      if (sameFiles(files, found)) return { status: "unchanged" };
      files = found;
      const next = loadContent(found, { today: dayOf(now) });
      if (next.content === null) return { status: "kept", report: reportOf(next.problems) };
      brain = await brainOf(next.content);
      if (writes) await writeLastGood(dataFolder, next.content);
      return { status: "swapped" };
    },
  };
}

function reportOf(problems: Problem[]): string {
  return problems
    .filter((problem) => problem.severity === "blocks")
    .map(formatProblem)
    .join("\n");
}

function sameFiles(one: ContentFile[], other: ContentFile[]): boolean {
  return (
    one.length === other.length &&
    one.every((file, index) => file.path === other[index]?.path && file.text === other[index]?.text)
  );
}

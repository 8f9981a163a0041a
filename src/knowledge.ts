import { type Brain, createBrain } from "./answer/brain.ts";
import { learnAside } from "./answer/learn-aside.ts";
import { loadContent } from "./content/load.ts";
import { type ContentFile, readContentFiles } from "./content/read-files.ts";
import { type Day, dayOf } from "./domain/day.ts";
import { formatProblem, type Problem } from "./domain/problem.ts";
import { readLastGood, writeLastGood } from "./last-good-content.ts";
import { createModelCache, type Learnt } from "./model-cache.ts";

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

  async function learnFrom(found: ContentFile[], today: Day): Promise<Learnt | { report: string }> {
    const cached = await cache.read(found);
    if (cached !== undefined) return cached;
    const { content, problems } = loadContent(found, { today });
    if (content === null) return { report: reportOf(problems) };
    const learnt = { content, model: await learnAside(content) };
    if (writes) await cache.write(found, learnt);
    return learnt;
  }

  async function learnLastGood(): Promise<Learnt | null> {
    const content = await readLastGood(dataFolder);
    if (content === null) return null;
    return (await cache.read(content)) ?? { content, model: await learnAside(content) };
  }

  let files = await readContentFiles(contentFolder);
  const learnt = await learnFrom(files, dayOf(options.now));
  const report = "report" in learnt ? learnt.report : null;
  const served = "report" in learnt ? await learnLastGood() : learnt;
  if (served === null) return { status: "broken", report: report ?? "" };
  if (writes && report === null) await writeLastGood(dataFolder, served.content);
  let brain = createBrain(served.content, served.model);
  return {
    status: "ready",
    brain: () => brain,
    report,
    async refresh(now) {
      const found = await readContentFiles(contentFolder);
      if (sameFiles(files, found)) return { status: "unchanged" };
      const before = files;
      files = found;
      const next = await learnFrom(found, dayOf(now)).catch((error: unknown) => {
        // Not learnt is not seen: the next look tries again.
        if (files === found) files = before;
        throw error;
      });
      // While this was learnt the files may have changed again: the later look counts.
      if (files !== found) return { status: "unchanged" };
      if ("report" in next) return { status: "kept", report: next.report };
      if (writes) await writeLastGood(dataFolder, next.content);
      brain = createBrain(next.content, next.model);
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

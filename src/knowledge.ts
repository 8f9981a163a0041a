import { type Brain, createBrain } from "./answer/brain.ts";
import { learnAside } from "./answer/learn-aside.ts";
import { loadContent } from "./content/load.ts";
import { isNoticePath, readNotices } from "./content/notices.ts";
import { type ContentFile, readContentFiles } from "./content/read-files.ts";
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
      /** What is wrong with notices, which cannot be sent then; all else is in force. */
      brokenNotices: string | null;
      /** Looks at the content files again: swaps changed content in, or keeps the old and says why. */
      refresh(now: Date): Promise<Refreshed>;
    }
  | { status: "broken"; report: string };

export type Refreshed =
  | { status: "unchanged" }
  | { status: "swapped"; brokenNotices: string | null }
  | { status: "kept"; report: string };

type Outcome = Learnt | { problems: Problem[] };

/**
 * Content files → something to answer from. Broken files do not take the bot down: the last good content serves and `report` says what is wrong;
 * without any last good content the status is `broken`. Notices are read apart from the pages: neither holds up the other.
 */
export async function openKnowledge(options: KnowledgeOptions): Promise<Knowledge> {
  const { contentFolder, dataFolder, writes } = options;
  const cache = createModelCache(dataFolder);

  /** What the pages were made into, or are being made into: while they stay as they are, nothing is learnt again. */
  let last: { pages: ContentFile[]; outcome: Promise<Outcome> } | null = null;

  async function outcomeOf(pages: ContentFile[], now: Date): Promise<Outcome> {
    if (last !== null && sameFiles(last.pages, pages)) return last.outcome;
    const mine = { pages, outcome: learnFrom(pages, now) };
    last = mine;
    let good = false;
    try {
      const outcome = await mine.outcome;
      good = !("problems" in outcome);
      return outcome;
    } finally {
      if (!good && last === mine) last = null;
    }
  }

  async function learnFrom(pages: ContentFile[], now: Date): Promise<Outcome> {
    const cached = await cache.read(pages);
    if (cached !== undefined) return cached;
    const { content, problems } = loadContent(pages, { now });
    if (content === null) return { problems };
    const learnt = { content, model: await learnAside(content) };
    if (writes) await cache.write(pages, learnt);
    return learnt;
  }

  async function learnLastGood(): Promise<Learnt | null> {
    const content = await readLastGood(dataFolder);
    if (content === null) return null;
    return (await cache.read(content)) ?? { content, model: await learnAside(content) };
  }

  let files = await readContentFiles(contentFolder);
  const outcome = await outcomeOf(pagesOf(files), options.now);
  const report = "problems" in outcome ? reportOf(outcome.problems) : null;
  const served = "problems" in outcome ? await learnLastGood() : outcome;
  if (served === null) return { status: "broken", report: report ?? "" };
  let learnt = served;
  const read = readNotices(files, learnt.content, options.now);
  let brain = createBrain({ ...learnt.content, notices: read.notices }, learnt.model);
  if (writes && report === null) await writeLastGood(dataFolder, brain.content);
  return {
    status: "ready",
    brain: () => brain,
    report,
    brokenNotices: brokenIn(read.problems),
    async refresh(now) {
      const found = await readContentFiles(contentFolder);
      if (sameFiles(files, found)) return { status: "unchanged" };
      const before = files;
      files = found;
      const next = await outcomeOf(pagesOf(found), now).catch((error: unknown) => {
        // Not learnt is not seen: the next look tries again.
        if (files === found) files = before;
        throw error;
      });
      // While this was learnt the files may have changed again: the later look counts.
      if (files !== found) return { status: "unchanged" };
      const current = "problems" in next ? learnt : next;
      const { notices, problems } = readNotices(found, current.content, now);
      const content = { ...current.content, notices };
      if (writes && !("problems" in next)) await writeLastGood(dataFolder, content);
      brain = current === learnt ? { ...brain, content } : createBrain(content, current.model);
      learnt = current;
      return "problems" in next
        ? { status: "kept", report: reportOf([...next.problems, ...problems]) }
        : { status: "swapped", brokenNotices: brokenIn(problems) };
    },
  };
}

function pagesOf(files: ContentFile[]): ContentFile[] {
  return files.filter(({ path }) => !isNoticePath(path));
}

function brokenIn(problems: Problem[]): string | null {
  const report = reportOf(problems);
  return report === "" ? null : report;
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

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Model } from "./answer/model.ts";
import { isNoticePath } from "./content/notices.ts";
import type { ContentFile } from "./content/read-files.ts";
import type { ContentBase, PageContent } from "./domain/content-base.ts";

/** Content that passed its checks, and what was learnt from it. Nothing is learnt from notices: they are read afresh each time. */
export type Learnt = { content: PageContent; model: Model };

/** What is learnt from: the content files as they stand, or content that was read before. */
export type LearntFrom = ContentFile[] | ContentBase;

/**
 * What was read and learnt, kept on disk under a key made of the content and of the code that reads and learns, so that neither can be out of step.
 * A damaged file is as good as none: it is all done again.
 */
export type ModelCache = {
  read(from: LearntFrom): Promise<Learnt | undefined>;
  write(from: LearntFrom, learnt: Learnt): Promise<void>;
};

const PREFIX = "model-";
const CODE_FOLDERS = ["answer", "content", "domain"];

export function createModelCache(folder: string): ModelCache {
  const code = hashOfCode();
  const fileOf = async (from: LearntFrom) => {
    const hash = createHash("sha256")
      .update(await code)
      .update(JSON.stringify(withoutNotices(from)));
    return `${PREFIX}${hash.digest("hex").slice(0, 32)}.bin`;
  };
  return {
    async read(from) {
      try {
        return deserialize(await readFile(join(folder, await fileOf(from)))) as Learnt;
      } catch {
        return undefined;
      }
    },
    async write(from, learnt) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = await fileOf(from);
      const temporary = join(folder, `.${name}.${process.pid}`);
      await writeFile(temporary, serialize(learnt), { mode: 0o600 });
      await rename(temporary, join(folder, name));
      await keepNewest(folder);
    },
  };
}

/** An announcement that is written or mended does not make anybody wait for learning. */
function withoutNotices(from: LearntFrom): ContentFile[] | PageContent {
  if (Array.isArray(from)) return from.filter(({ path }) => !isNoticePath(path));
  const { notices: _notices, ...pages } = from;
  return pages;
}

/** Two serve to compare content with the last good one; each takes some ten megabytes. */
const KEPT = 2;

async function keepNewest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.startsWith(PREFIX));
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), at: await changedAt(folder, name) })),
  );
  const old = files.sort((one, other) => other.at - one.at).slice(KEPT);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}

/** When a file was written; another process may have removed it meanwhile. */
async function changedAt(folder: string, name: string): Promise<number> {
  const found = await stat(join(folder, name)).catch(() => null);
  return found?.mtimeMs ?? 0;
}

async function hashOfCode(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const folder of CODE_FOLDERS) {
    const url = new URL(`${folder}/`, import.meta.url);
    for (const file of (await readdir(url)).sort()) hash.update(await readFile(new URL(file, url)));
  }
  return hash.digest("hex");
}

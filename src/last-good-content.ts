import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContentBase, PageContent } from "./domain/content-base.ts";

const FILE = "last-good-content.json";

/** Content written before there were notices has none. */
type Written = PageContent & Partial<ContentBase>;

/** The last content that passed its checks, or null when there is none yet or its file is damaged. */
export async function readLastGood(dataFolder: string): Promise<ContentBase | null> {
  try {
    const content = JSON.parse(await readFile(join(dataFolder, FILE), "utf8")) as Written;
    return { notices: [], ...content };
  } catch {
    return null;
  }
}

export async function writeLastGood(dataFolder: string, content: ContentBase): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const temporary = join(dataFolder, `.${FILE}.${process.pid}`);
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, join(dataFolder, FILE));
}

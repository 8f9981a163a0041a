import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { openKnowledge } from "../src/knowledge.ts";
import { writeContent } from "./content-folder.ts";

/** A question that the small content answers. */
export const QUESTION = "câu hỏi tuổi già thứ 3";

export type SmallContent = {
  contentFolder: () => string;
  /** A new data folder in which that content is learnt; the caller removes it. */
  newDataFolder: () => Promise<string>;
};

/** A content folder of one page with the real words, learnt once for all the processes of a test file. */
export function useSmallContent(): SmallContent {
  let contentFolder = "";
  let learntFolder = "";
  beforeAll(async () => {
    const lexicon = new URL("../content/tu-ngu.yaml", import.meta.url);
    contentFolder = await writeContent({ file: "tu-ngu.yaml", text: await readFile(lexicon) });
    learntFolder = await mkdtemp(join(tmpdir(), "an-sinh-main-learnt-"));
    const places = { contentFolder, dataFolder: learntFolder };
    await openKnowledge({ ...places, writes: true, now: new Date() });
  });
  afterAll(async () => {
    await rm(contentFolder, { recursive: true });
    await rm(learntFolder, { recursive: true });
  });
  return {
    contentFolder: () => contentFolder,
    async newDataFolder() {
      const folder = await mkdtemp(join(tmpdir(), "an-sinh-main-"));
      await cp(learntFolder, folder, { recursive: true });
      return folder;
    },
  };
}

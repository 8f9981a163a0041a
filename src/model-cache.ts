import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Model } from "./answer/model.ts";
import type { ContentBase } from "./domain/content-base.ts";

/**
 * What was learnt, kept on disk under a key made of the content and of the code that learns, so that neither can be out of step.
 * A damaged file is as good as none: the model is learnt again.
 */
export type ModelCache = {
  read(content: ContentBase): Promise<Model | undefined>;
  write(content: ContentBase, model: Model): Promise<void>;
};

const PREFIX = "model-";

export function createModelCache(folder: string): ModelCache {
  const code = hashOfCode();
  const fileOf = async (content: ContentBase) => {
    const key = createHash("sha256")
      .update(await code)
      .update(JSON.stringify(content))
      .digest("hex");
    return `${PREFIX}${key.slice(0, 32)}.bin`;
  };
  return {
    async read(content) {
      try {
        return deserialize(await readFile(join(folder, await fileOf(content)))) as Model;
      } catch {
        return undefined;
      }
    },
    async write(content, model) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = await fileOf(content);
      const temporary = join(folder, `.${name}.${process.pid}`);
      await writeFile(temporary, serialize(model), { mode: 0o600 });
      await rename(temporary, join(folder, name));
      const old = (await readdir(folder)).filter(
        (file) => file.startsWith(PREFIX) && file !== name,
      );
      await Promise.all(old.map((file) => rm(join(folder, file), { force: true })));
    },
  };
}

async function hashOfCode(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const folder of ["answer", "domain"]) {
    const url = new URL(`${folder}/`, import.meta.url);
    for (const file of (await readdir(url)).sort()) hash.update(await readFile(new URL(file, url)));
  }
  return hash.digest("hex");
}

import { Worker } from "node:worker_threads";
import type { ContentBase } from "../domain/content-base.ts";
import type { Model, TrainingText } from "./model.ts";

/** On Node 20 a thread cannot start in a TypeScript file: this line of JavaScript starts it, and tsx reads the rest. */
const ENTRY = `import(${JSON.stringify(
  import.meta.resolve("tsx/esm/api"),
)}).then(({ tsImport }) => tsImport("./learn-worker.ts", ${JSON.stringify(import.meta.url)}));`;

/** What the learning thread is given. */
export type LearningOrder = { content: ContentBase; texts: TrainingText[] | undefined };

/** Learns in a thread of its own, so that nobody waits for it; from all texts of the content unless some are given. */
export function learnAside(content: ContentBase, texts?: TrainingText[]): Promise<Model> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(ENTRY, {
      eval: true,
      workerData: { content, texts } satisfies LearningOrder,
    });
    worker.once("message", (model: Model) => {
      resolve(model);
    });
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`the learning thread ended with code ${code}`));
    });
  });
}

import { Worker } from "node:worker_threads";
import type { ContentBase } from "../domain/content-base.ts";
import type { Model, TrainingText } from "./model.ts";

/** What the learning thread is given. */
export type LearningOrder = { content: ContentBase; texts: TrainingText[] | undefined };

/** Learns in a thread of its own, so that nobody waits for it; from all texts of the content unless some are given. */
export function learnAside(content: ContentBase, texts?: TrainingText[]): Promise<Model> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./learn-worker.ts", import.meta.url), {
      workerData: { content, texts } satisfies LearningOrder,
      execArgv: ["--import", "tsx"],
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

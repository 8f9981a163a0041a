import { parentPort, workerData } from "node:worker_threads";
import type { LearningOrder } from "./learn-aside.ts";
import { learn } from "./model.ts";

// Learning takes seconds; in a thread of its own it delays no answer.
const { content, texts } = workerData as LearningOrder;
parentPort?.postMessage(learn(content, texts));

import { realLearnt } from "./brain.ts";

/** Learning takes seconds: once for all test files. */
export async function setup(): Promise<void> {
  await realLearnt();
}

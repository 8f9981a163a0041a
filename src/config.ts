import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Settings of a run. Paths are absolute. */
export type Config = { contentFolder: string; dataFolder: string };

const root = fileURLToPath(new URL("..", import.meta.url));

const schema = z.object({
  CONTENT_DIR: z.string().min(1).max(1000).optional(),
  DATA_DIR: z.string().min(1).max(1000).optional(),
});

/** Adds the lines of `.env`, where there is one, to the environment; what the environment says already stays. */
export function loadEnvironmentFile(file = `${root}.env`): void {
  if (existsSync(file)) process.loadEnvFile(file);
}

/** Reads the settings from the environment. Throws with one sentence for each setting that is wrong. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const settings = schema.safeParse(emptyIsAbsent(environment));
  if (!settings.success) {
    throw new Error(
      settings.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"),
    );
  }
  return {
    contentFolder: settings.data.CONTENT_DIR ?? `${root}content`,
    dataFolder: settings.data.DATA_DIR ?? `${root}data`,
  };
}

function emptyIsAbsent(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

/** The environment a child process of ours gets. */
export function environmentWith(changes: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes };
}

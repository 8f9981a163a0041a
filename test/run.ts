import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../src/config.ts";

export type Run = { code: number | null; out: string; error: string };

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Runs one of our commands as a process of its own, with `input` on its standard input. */
export function run(
  file: string,
  args: string[],
  environment: Record<string, string>,
  input = "",
): Promise<Run> {
  return runScript(`${ROOT}${file}`, args, environment, input);
}

/** The same for a file anywhere. */
export function runScript(
  path: string,
  args: string[] = [],
  environment: Record<string, string> = {},
  input = "",
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", path, ...args], {
      cwd: ROOT,
      env: environmentWith(environment),
      stdio: "pipe",
    });
    let out = "";
    let error = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (error += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, out, error });
    });
    child.stdin.end(input);
  });
}

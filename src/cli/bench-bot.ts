import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../config.ts";
import { type BenchPlatform, PUBLIC_URL } from "./bench-platform.ts";

/** The real bot, as `npm start` runs it, in a process of its own. */
export type BenchBot = {
  pid: number;
  /** Where it serves, without a slash at the end. */
  origin: string;
  /** From the start of the process to the moment at which it may be written to. */
  startSeconds: number;
  /** Resident memory in megabytes; null where the system does not tell. */
  memory(): number | null;
  /** What it wrote last, for when it ended too soon. */
  lastWords(): string;
  /** How the process ended; pending while it runs. */
  ended: Promise<Ending>;
  /** SIGTERM, and the orderly end that follows. */
  stop(): Promise<Ending>;
  /** SIGKILL: no chance to put anything in order. */
  kill(): Promise<Ending>;
};

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const WORDS_KEPT = 2_000;
/** Learning without a cache included. */
const START_MS = 120_000;

/** `more` goes over the settings a bench needs. */
export async function startBot(
  platform: BenchPlatform,
  dataFolder: string,
  more: Record<string, string> = {},
): Promise<BenchBot> {
  const port = await freePort();
  const introduced = platform.nextStart();
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: environmentWith({
      DATA_DIR: dataFolder,
      HOST: "127.0.0.1",
      PORT: String(port),
      METRICS_PORT: "off",
      TRUST_PROXY: "0",
      PUBLIC_URL,
      ...platform.environment,
      ...more,
    }),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    words = (words + chunk).slice(-WORDS_KEPT);
  });
  const ended = endingOf(child);
  const impatience = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const tooSoon = ended.then(({ code, signal }) => {
    throw new Error(`the bot ended with ${code ?? signal} before it was ready: ${words}`);
  });
  tooSoon.catch(() => undefined);
  try {
    await Promise.race([introduced, tooSoon]);
  } finally {
    clearTimeout(impatience);
  }
  const { pid } = child;
  if (pid === undefined) throw new Error("the bot's process has no number");
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid,
    origin: `http://127.0.0.1:${port}`,
    startSeconds: (performance.now() - startedAt) / 1000,
    memory: () => residentMegabytes(pid),
    lastWords: () => words,
    ended,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Data folders in a temporary place, each with the model cache in it, so that a start does not learn again. */
export async function createDataFolders(): Promise<{
  next(): Promise<string>;
  /** Keeps what a bot that ran in this folder has learnt, for the next ones. */
  learnFrom(folder: string): Promise<void>;
  remove(): Promise<void>;
}> {
  const root = await mkdtemp(join(tmpdir(), "an-sinh-load-"));
  const learnt = join(root, "learnt");
  let count = 0;
  return {
    async next() {
      const folder = join(root, `data-${++count}`);
      await cp(learnt, folder, { recursive: true }).catch(() => undefined);
      return folder;
    },
    learnFrom: (folder) =>
      cp(folder, learnt, {
        recursive: true,
        filter: (file) => !file.startsWith(`${folder}/store`),
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A bench that breaks off leaves no bot behind. */
function endingOf(child: ChildProcess): Promise<Ending> {
  const takeAlong = () => child.kill("SIGKILL");
  process.once("exit", takeAlong);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("exit", takeAlong);
      resolve({ code, signal });
    });
  });
}

/** From below where systems take the ports of outgoing connections, of which a bench opens thousands. */
const PORTS = { from: 20_000, to: 30_000 };

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => {
        resolve(false);
      });
      server.listen(port, "127.0.0.1", () => {
        resolve(true);
      });
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { environmentWith, SETTING_NAMES } from "../src/config.ts";

/** `npm start` without a terminal. */
export type MainProcess = {
  url: string;
  /** All it wrote so far. */
  said: () => string;
  /** SIGTERM; resolves with the exit code. */
  stop: () => Promise<number | null>;
  /** Types a line into its terminal. */
  types: (line: string) => void;
  /** Resolves when it has written this since `from` characters. */
  untilSaid: (text: string | RegExp, from?: number) => Promise<string>;
  kill: () => Promise<number | null>;
};

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** An empty setting counts as none, and `.env` does not fill it in: nothing here may reach anybody's real account. */
const NO_SETTINGS = Object.fromEntries(SETTING_NAMES.map((name) => [name, ""]));

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Resolves once it says where the page is. */
export async function startMain(
  environment: Record<string, string>,
  args: string[] = [],
): Promise<MainProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", `${ROOT}src/main.ts`, ...args], {
    cwd: ROOT,
    env: environmentWith({
      ...NO_SETTINGS,
      PORT: String(port),
      METRICS_PORT: "off",
      ...environment,
    }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  // It does not outlive whoever started it, and is gone before its folder is removed.
  const killLast = () => child.kill("SIGKILL");
  process.prependOnceListener("exit", killLast);
  void ended.then(() => process.off("exit", killLast));
  let said = "";
  const looks = new Set<() => void>();
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
        for (const look of looks) look();
        if (said.includes("Trang trò chuyện")) resolve();
      });
    }
    void ended.then((code) => {
      reject(new Error(`ended with ${code}: ${said}`));
    });
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    said: () => said,
    stop: () => end("SIGTERM"),
    types(line) {
      child.stdin.write(`${line}\n`);
    },
    untilSaid: (text, from = 0) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const rest = said.slice(from);
          if (typeof text === "string" ? !rest.includes(text) : !text.test(rest)) return;
          looks.delete(look);
          resolve(rest);
        };
        looks.add(look);
        void ended.then((code) => {
          reject(new Error(`ended with ${code}: ${said}`));
        });
        look();
      }),
    kill: () => end("SIGKILL"),
  };
}

/** Opens the page as a browser does, and asks there as one person. */
export async function visitPage(
  url: string,
): Promise<(text: string, id: string) => Promise<string>> {
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return async (text, id) => {
    const answer = await fetch(`${url}api/message`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url.slice(0, -1), cookie },
      body: JSON.stringify({ id, text }),
    });
    return answer.text();
  };
}

/** Asks one question as somebody who has just opened the page. */
export async function askPage(url: string, text: string, id = "abcdefgh-1"): Promise<string> {
  const ask = await visitPage(url);
  return ask(text, id);
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runScript } from "./run.ts";

const SECRET = "AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0";
const TOKEN = `123456789:${SECRET}`;

/** What a process writes to its standard error when it logs so. */
async function logged(statement: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "an-sinh-log-"));
  const file = join(folder, "logs.mts");
  const log = new URL("../src/log.ts", import.meta.url).href;
  await writeFile(
    file,
    `import { createLog } from ${JSON.stringify(log)};\nconst log = createLog();\nconst token = ${JSON.stringify(TOKEN)};\n${statement}\n`,
  );
  const { error } = await runScript(file);
  await rm(folder, { recursive: true });
  return error;
}

test("a bot token never reaches the log, however deep in an error and however it is written", async () => {
  const lines = await logged(`
    const cause = new Error("call to https://api.telegram.org/bot" + token + "/getMe failed");
    const error = new Error("no answer from bot" + token, { cause });
    log("one", { error, err: error, reason: String(error), stack: error.stack });
    log("two", { cause: { cause: { message: error.message, list: [token, cause.message] } } });
    log("three", { url: encodeURIComponent("https://a.vn/bot" + token + "/x"), [token]: 1 });
  `);
  expect(
    lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event),
  ).toEqual(["one", "two", "three"]);
  expect(lines).not.toContain(SECRET);
  expect(lines).toContain("[token]");
});

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openStore } from "../src/store/open-store.ts";
import { createLedger, type Deed } from "./store-ledger.ts";
import { openOrFail, temporaryFolder } from "./store-open.ts";
import { MORNING } from "./store-people.ts";

const HOUSES = 4;
const KILLS_PER_HOUSE = 6;
/** More than one person can cause: the numbers of two runs never meet. */
const PEOPLE_PER_RUN = 100_000;

const script = fileURLToPath(new URL("store-crash-child.ts", import.meta.url));

function startChild(
  folder: string,
  first: number,
): { child: ChildProcessByStdio<null, Readable, null>; lines: Interface } {
  const child = spawn(process.execPath, ["--import", "tsx", script, folder, `${first}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, lines: createInterface(child.stdout) };
}

test("loses nothing it promised when it is killed at any moment, again and again", async () => {
  await Promise.all(
    Array.from({ length: HOUSES }, async () => {
      const folder = await temporaryFolder();
      const ledger = createLedger();
      for (let run = 0; run < KILLS_PER_HOUSE; run++) {
        // After fewer lines nobody may have been promised anything yet.
        const killAt = 50 + Math.floor(Math.random() * 1500);
        const promisedBefore = ledger.promises();
        const { child, lines } = startChild(folder, run * PEOPLE_PER_RUN);
        const others: string[] = [];
        let count = 0;
        for await (const line of lines) {
          const [stage, deed, who] = line.split(" ");
          if (stage === "begun" || stage === "done")
            await ledger.note(stage, deed as Deed, Number(who));
          else others.push(line);
          if (++count === killAt) child.kill("SIGKILL");
        }
        if (child.signalCode === null) await once(child, "exit");
        expect(child.signalCode).toBe("SIGKILL");
        expect(others).toEqual(["open"]);
        expect(ledger.promises()).toBeGreaterThan(promisedBefore);
        // Every other time the next run finds what the crash left.
        if (run % 2 === 0) continue;
        const store = await openOrFail({ folder, now: () => new Date() });
        expect(ledger.broken(store), `killed at line ${killAt} of run ${run}`).toEqual([]);
        await store.close();
      }
    }),
  );
});

test("refuses a second process while the first lives, and takes over from a killed one", async () => {
  const folder = await temporaryFolder();
  const { child, lines } = startChild(folder, 0);
  await once(lines, "line");
  const refused = await openStore({ folder, now: () => MORNING, onProblem: () => undefined });
  expect(refused).toEqual({
    refused: `Thư mục dữ liệu ${folder} đang được tiến trình số ${child.pid} dùng: hãy dừng tiến trình đó rồi chạy lại, hoặc chọn thư mục khác.`,
  });
  lines.resume();
  child.kill("SIGKILL");
  await once(child, "exit");
  const store = await openOrFail({ folder });
  expect(store.health().writable).toBe(true);
});

import { openStore } from "../src/store/open-store.ts";
import { comeBy } from "./store-ledger.ts";

/** Writes into a store until it is killed, and tells its parent line by line what was promised. */
const [folder = "", first = "0"] = process.argv.slice(2);
const AT_ONCE = 16;

const store = await openStore({
  folder,
  now: () => new Date(),
  onProblem: (sentence) => {
    void say(`problem ${sentence}`);
  },
  // So small that most of the time a snapshot is being written.
  journalBytes: 20_000,
});
if ("refused" in store) {
  await say(`refused ${store.refused}`);
  process.exit();
}
await say("open");

let who = Number(first);
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (;;) {
      await comeBy(store, who++, (stage, deed, id) => say(`${stage} ${deed} ${id}`));
    }
  }),
);

/** Resolves when the line is out of this process, so that a kill cannot take it back. */
function say(line: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${line}\n`, () => {
      resolve();
    });
  });
}

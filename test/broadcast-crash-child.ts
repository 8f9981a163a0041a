import { setTimeout as sleep } from "node:timers/promises";
import { createDelivery } from "../src/broadcast/delivery.ts";
import { type Disk, nodeDisk, type OpenFile } from "../src/store/disk.ts";
import { openStore } from "../src/store/open-store.ts";
import { type Line, pushChannelOf } from "./broadcast-crash-channels.ts";

/**
 * Sends what is released in a store until it is finished, or until it dies at the step it was told: `<step> <count>` means at the count-th time
 * this step is reached. Tells its parent when it opened and when it finished.
 */
const [folder = "", lineText = "", step = "none", count = "0", inFlight = "4"] =
  process.argv.slice(2);
const line: Line = JSON.parse(lineText);

let reached = 0;

function pass(here: string): void {
  if (here !== step) return;
  reached += 1;
  if (reached >= Number(count)) process.kill(process.pid, "SIGKILL");
}

/** Dies before a change is written down, after it, or after it was synced. */
function mortal(path: string, file: OpenFile): OpenFile {
  if (!path.includes("journal-")) return file;
  return {
    ...file,
    async write(bytes, position) {
      pass("before-write");
      await file.write(bytes, position);
      pass("written");
    },
    async sync() {
      await file.sync();
      pass("synced");
    },
  };
}

const disk: Disk = {
  ...nodeDisk,
  create: async (path) => mortal(path, await nodeDisk.create(path)),
  reopen: async (path) => mortal(path, await nodeDisk.reopen(path)),
};

const store = await openStore({
  folder,
  now: () => new Date(),
  onProblem: (sentence) => {
    console.log(`problem ${sentence}`);
  },
  disk,
});
if ("refused" in store) throw new Error(store.refused);

const channel = pushChannelOf(line, store);

let finish: () => void = () => undefined;
const finished = new Promise<void>((resolve) => {
  finish = resolve;
});
const delivery = createDelivery({
  store,
  channels: [
    {
      name: line.name,
      ready: () => channel.ready(),
      maxInFlight: Number(inFlight),
      perSecond: 5_000,
      async send(to, reply) {
        pass("before-send");
        const result = await channel.send(to, reply);
        pass("sent");
        return result;
      },
    },
  ],
  now: () => new Date(),
  clockMs: () => performance.now(),
  wait: (ms) => sleep(ms),
  tell: () => {
    if (store.released().length === 0) finish();
  },
  onStarted: () => undefined,
  onProgress: () => undefined,
  log: () => undefined,
});
delivery.start();
console.log("open");
await finished;
await delivery.stop();
await store.close();
process.stdout.write("finished\n", () => {
  process.exit();
});

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { release, start } from "../src/broadcast/transitions.ts";
import type { Delivery } from "../src/domain/broadcast.ts";
import type { Address } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { personKeyOf } from "../src/store/rows.ts";
import { nodeDisk } from "../src/store/disk.ts";
import { restore } from "../src/store/restore.ts";
import { type CrashFake, startCrashFake } from "./broadcast-crash-fakes.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { openOrFail, temporaryFolder } from "./store-open.ts";
import { subscription } from "./store-people.ts";

const CHILD = fileURLToPath(new URL("./broadcast-crash-child.ts", import.meta.url));
const IN_FLIGHT = 4;

type Death = readonly [step: string, count: number];

/** Every step of the loop: a row is claimed and written down, sent, answered, settled and written down. */
const DEATHS: Death[] = [
  ["before-write", 3],
  ["written", 4],
  ["synced", 3],
  ["before-send", 1],
  ["before-send", 12],
  ["sent", 1],
  ["sent", 9],
  ["before-write", 25],
  ["written", 20],
  ["synced", 17],
  ["left", 10],
];

/** The loop is the same: what differs is how a message leaves. */
const DEATHS_OF_A_CHANNEL: Death[] = [
  ["sent", 3],
  ["left", 5],
  ["written", 9],
  ["before-send", 5],
];

let fake: CrashFake | null = null;
const children = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await fake?.close();
  fake = null;
});

test.each([
  { channel: "telegram" as const, people: 400, deaths: DEATHS },
  { channel: "zalo-bot" as const, people: 60, deaths: DEATHS_OF_A_CHANNEL },
  { channel: "zalo-oa" as const, people: 60, deaths: DEATHS_OF_A_CHANNEL },
])(
  "killed at every step, an announcement by $channel reaches everybody once, and lists whoever is in doubt",
  async ({ channel, people, deaths }) => {
    const folder = await temporaryFolder();
    fake = await startCrashFake[channel](folder);
    await prepare(folder, fake, people);
    let doubtfulBefore = 0;
    for (const [step, count] of deaths) {
      const { died } = await runChild(folder, fake, step, count);
      expect(died, `${step} ${count}`).toBe(true);
      const { doubtful } = await afterRecovery(folder, channel);
      expect(doubtful - doubtfulBefore).toBeLessThanOrEqual(IN_FLIGHT);
      doubtfulBefore = doubtful;
    }
    const last = await runChild(folder, fake, "none", 0);
    expect(last.out).toContain("finished");

    const chats = await chatsByKey(folder);
    const store = await openOrFail({ folder, now: () => new Date() });
    expect(store.broadcast("TB1")?.status).toBe("finished");
    const received = new Map<string, number>();
    for (const person of fake.received()) received.set(person, (received.get(person) ?? 0) + 1);
    const rows = store.deliveries("TB1");
    const timesOf = (row: Delivery) => received.get(chats.get(row.person) ?? "") ?? 0;
    expect(rows).toHaveLength(people);
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["sent", "doubtful"]));
    // Lost: ours says sent, and the platform never had it.
    expect(rows.filter((row) => row.status === "sent" && timesOf(row) === 0)).toEqual([]);
    // Repeated: the platform had it twice.
    expect(rows.filter((row) => timesOf(row) > 1)).toEqual([]);
    expect(rows.filter(({ status }) => status === "doubtful")).toHaveLength(doubtfulBefore);
    expect(doubtfulBefore).toBeGreaterThan(0);
  },
  180_000,
);

test("killed while a list is being frozen, nothing of it is left", async () => {
  const folder = await temporaryFolder();
  const store = await openOrFail({ folder, now: () => new Date() });
  await subscribeAll(store, "telegram", 400);
  await submitted(store, draftOf("TB1"));
  // As the disk looks when the process dies between the list and its last word.
  await store.change("TB1", (current) => ({ ...current, status: "freezing" }));
  await store.close();
  const again = await openOrFail({ folder, now: () => new Date() });
  await again.recoverBroadcasts();
  expect(again.broadcast("TB1")).toBeNull();
  expect(again.deliveries("TB1")).toEqual([]);
  expect(
    await again.submit(draftOf("TB2"), { did: "submitted", by: "telegram:1", at: new Date() }),
  ).toMatchObject({ version: 1, people: { telegram: 400 } });
});

async function prepare(folder: string, platform: CrashFake, people: number): Promise<void> {
  const store = await openOrFail({ folder, now: () => new Date() });
  const everybody = await subscribeAll(store, platform.line.name, people);
  for (const from of everybody) {
    platform.joins(from.person);
    store.noteContact(from, new Date());
  }
  // Urgent: the test must not wait for the morning.
  await submitted(store, {
    ...draftOf("TB1"),
    urgent: "kiểm thử",
    expiresAt: new Date(Date.now() + 24 * 60 * 60 * 1000),
  });
  await store.change("TB1", release({ by: APPROVER, at: new Date() }));
  await store.change("TB1", start(new Date()));
  await store.close();
}

async function subscribeAll(store: Store, channel: string, people: number): Promise<Address[]> {
  const everybody = Array.from({ length: people }, (_, index) => ({
    channel,
    person: String(index + 1),
  }));
  await Promise.all(everybody.map((from) => store.subscribe(from, subscription())));
  return everybody;
}

/** What a restart makes of what the kill left: it is looked at in a run of its own that sends nothing. */
async function afterRecovery(folder: string, channel: string): Promise<{ doubtful: number }> {
  const store = await openOrFail({ folder, now: () => new Date() });
  await store.recoverBroadcasts();
  const doubtful = store.tallies("TB1")[channel]?.doubtful ?? 0;
  const listed = store.deliveries("TB1").filter(({ status }) => status === "doubtful");
  expect(listed).toHaveLength(doubtful);
  await store.close();
  return { doubtful };
}

async function chatsByKey(folder: string): Promise<Map<string, string>> {
  const { shards } = await restore(nodeDisk, folder, () => Promise.resolve());
  const rows = shards.flatMap((low) => [...low.data.rows.values()]);
  return new Map(
    rows.flatMap((row): [string, string][] =>
      row.type === "subscription" ? [[personKeyOf(row), row.from.person]] : [],
    ),
  );
}

/** `left`: it dies while the platform holds back the answer to a message it has. */
function runChild(
  folder: string,
  platform: CrashFake,
  step: string,
  count: number,
): Promise<{ died: boolean; out: string }> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      CHILD,
      folder,
      JSON.stringify(platform.line),
      step,
      String(count),
      String(IN_FLIGHT),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.add(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  if (step === "left") void killWhenHeld(platform, count, child);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) => {
      children.delete(child);
      resolve({ died: signal === "SIGKILL", out });
    });
  });
}

async function killWhenHeld(
  platform: CrashFake,
  count: number,
  child: ChildProcess,
): Promise<void> {
  const before = platform.calls();
  await platform.until(() => platform.calls() >= before + count);
  const died = new Promise((resolve) => child.once("exit", resolve));
  const heldFrom = platform.calls();
  for (let held = 0; held < IN_FLIGHT; held++) platform.hold(died);
  await platform.until(() => platform.calls() >= heldFrom + 2);
  child.kill("SIGKILL");
}

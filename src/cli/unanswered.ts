import { cp, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireConfig } from "../config.ts";
import { formatDay } from "../domain/day.ts";
import { fold, toPlainText } from "../domain/fold.ts";
import type { Unanswered } from "../domain/store.ts";
import { openStore } from "../store/open-store.ts";

/** Questions that say nearly the same. */
type Group = { words: Set<string>; entries: Unanswered[] };

/** Two questions are near-identical when they share this much of their words. */
const NEARLY_THE_SAME = 0.8;
const SHOWN = 200;

async function main(): Promise<number> {
  const config = requireConfig();
  const folder = join(config.dataFolder, "store");
  if (!existsSync(folder)) {
    console.log("Chưa có dữ liệu: chạy npm start và có người hỏi trước đã.");
    return 0;
  }
  const entries = await readUnanswered(folder);
  const groups = groupsOf(entries).sort((one, other) => other.entries.length - one.entries.length);
  console.log(`${entries.length} câu chưa trả lời được, ${groups.length} nhóm.\n`);
  for (const group of groups.slice(0, SHOWN)) printGroup(group);
  if (groups.length > SHOWN) console.log(`… và ${groups.length - SHOWN} nhóm nữa.`);
  return 0;
}

/** Reads a copy, so that the bot may go on writing meanwhile and nothing of its own is touched. */
async function readUnanswered(folder: string): Promise<Unanswered[]> {
  const copy = await mkdtemp(join(tmpdir(), "an-sinh-doc-"));
  try {
    await cp(folder, copy, { recursive: true, filter: (file) => !file.endsWith("lock") });
    const store = await openStore({
      folder: copy,
      now: () => new Date(),
      onProblem: console.error,
    });
    if ("refused" in store) throw new Error(store.refused);
    const entries = store.unanswered();
    await store.close();
    return entries;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function groupsOf(entries: Unanswered[]): Group[] {
  const groups: Group[] = [];
  const same = new Map<string, Group>();
  for (const entry of entries) {
    const key = fold(entry.text);
    const words = new Set(key.split(" "));
    const group = same.get(key) ?? groups.find((other) => overlap(other.words, words));
    if (group === undefined) {
      const fresh = { words, entries: [entry] };
      groups.push(fresh);
      same.set(key, fresh);
    } else {
      group.entries.push(entry);
      same.set(key, group);
    }
  }
  return groups;
}

function overlap(one: Set<string>, other: Set<string>): boolean {
  let shared = 0;
  for (const word of other) if (one.has(word)) shared += 1;
  return shared / (one.size + other.size - shared) >= NEARLY_THE_SAME;
}

/** As a page's samples want it: ready to paste. */
function printGroup({ entries }: Group): void {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return;
  const near =
    first.nearest === null
      ? "không trang nào gần"
      : `gần nhất ${first.nearest.entitlement} (${first.nearest.score.toFixed(2).replace(".", ",")})`;
  console.log(`# ${entries.length} lần, gần đây ${formatDay(last.day)}, ${near}`);
  const texts = new Set(entries.map((entry) => toPlainText(entry.text)));
  for (const text of texts) console.log(`  - ${JSON.stringify(text)}`);
}

process.exitCode = await main();

import { requireConfig, storeFolderOf } from "../config.ts";
import { formatDay } from "../domain/day.ts";
import { toPlainText } from "../domain/fold.ts";
import { type UnansweredGroup, unansweredGroups } from "../domain/unanswered-groups.ts";
import { requireOptions } from "./options.ts";
import { readStore } from "./store-copy.ts";

const USAGE = "Cách dùng: npm run unanswered";

const SHOWN = 200;

async function main(): Promise<number> {
  requireOptions(USAGE, {});
  const config = requireConfig();
  const entries = await readStore(storeFolderOf(config, false), (store) => store.unanswered());
  if (entries === null) {
    console.log("Chưa có dữ liệu: chạy npm start và có người hỏi trước đã.");
    return 0;
  }
  const groups = unansweredGroups(entries);
  console.log(`${entries.length} câu chưa trả lời được, ${groups.length} nhóm.\n`);
  for (const group of groups.slice(0, SHOWN)) printGroup(group);
  if (groups.length > SHOWN) console.log(`… và ${groups.length - SHOWN} nhóm nữa.`);
  return 0;
}

/** As a page's samples want it: ready to paste. */
function printGroup({ entries }: UnansweredGroup): void {
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

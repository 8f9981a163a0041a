import { requireConfig } from "../config.ts";
import { rehearse } from "../answer/rehearse.ts";
import { findStrays, type Stray } from "../answer/strays.ts";
import { describeStrays, warnOfStrays } from "../content/check-strays.ts";
import { describeCounts } from "../content/counts.ts";
import { loadContent } from "../content/load.ts";
import { readContentFiles } from "../content/read-files.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { type Day, dayOf, formatDay, isDay } from "../domain/day.ts";
import { formatProblem, type Problem } from "../domain/problem.ts";
import { printChangedAnswers } from "./content-changed.ts";
import { requireOptions } from "./options.ts";

const USAGE = `Cách dùng:
  npm run content                       kiểm tra mọi tệp nội dung
  npm run content -- --strays           kể từng câu hỏi mẫu dễ bị hiểu sang trang khác
  npm run content -- --on 2027-01-01    câu trả lời nào khác hôm nay vào ngày đó, vì sao
  npm run content -- --changed          câu trả lời nào khác bản nội dung tốt gần nhất
  npm run content -- --json             kết quả kiểm tra cho máy đọc
  Thêm --dir <thư mục> để đọc thư mục nội dung khác.`;

const STRAYS_SHOWN = 10;
const PAIRS_SHOWN = 12;

async function main(): Promise<number> {
  const { values } = requireOptions(USAGE, {
    options: {
      json: { type: "boolean", default: false },
      dir: { type: "string" },
      on: { type: "string" },
      changed: { type: "boolean", default: false },
      strays: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.on !== undefined && !isDay(values.on)) {
    console.error(`--on cần một ngày có thật như 2027-01-01, không phải "${values.on}".`);
    return 2;
  }
  const config = requireConfig();
  const now = new Date();
  const today = dayOf(now);
  const files = await readContentFiles(values.dir ?? config.contentFolder);
  const { content, problems, counts, samples } = loadContent(files, { now });
  const strays = content === null || values.quick ? [] : await findStrays(content);
  const found = [...problems, ...warnOfStrays(strays, samples)];
  const blocking = problems.filter(({ severity }) => severity === "blocks");
  const code = blocking.length > 0 ? 1 : 0;
  if (values.json) {
    console.log(JSON.stringify({ problems: found, counts }));
    return code;
  }
  printList(`Phải sửa (${blocking.length}):`, blocking.map(formatProblem));
  if (content !== null && values.on !== undefined && isDay(values.on)) {
    printRehearsal(content, today, values.on);
    return code;
  }
  if (content !== null && values.changed) {
    await printChangedAnswers(content, config.dataFolder, now);
    return code;
  }
  const warnings = values.strays ? found : problems;
  printWarnings(warnings, values.strays ? [] : strays, warnOfStrays(strays, samples));
  console.log(describeCounts(counts));
  console.log(verdictOf(content !== null, blocking.length));
  return code;
}

function verdictOf(usable: boolean, blocking: number): string {
  if (!usable) return "Chưa dùng được: hãy sửa các lỗi ở trên.";
  return blocking === 0
    ? "Nội dung dùng được."
    : "Các trang dùng được. Thông báo có lỗi ở trên thì chưa gửi được.";
}

/** The warnings; of the strays, where not all are asked for, the farthest ones and what pages take from one another. */
function printWarnings(problems: Problem[], strays: Stray[], strayWarnings: Problem[]): void {
  const warnings = problems.filter(({ severity }) => severity === "warns").map(formatProblem);
  printList(`Nên xem lại (${warnings.length}):`, warnings);
  if (strays.length === 0) return;
  const lost = strays.filter(({ margin }) => margin >= 0);
  console.log(
    `Câu hỏi mẫu mà một mô hình chưa thấy nó sẽ đưa sang nơi khác: ${lost.length}; suýt đưa: ${strays.length - lost.length}. ` +
      "Xem từng câu: npm run content -- --strays\n",
  );
  printList("Lệch xa nhất:", strayWarnings.slice(0, STRAYS_SHOWN).map(formatProblem));
  printList("Trang mất câu cho nhau nhiều nhất:", describeStrays(strays).slice(0, PAIRS_SHOWN));
}

function printRehearsal(content: ContentBase, today: Day, later: Day): void {
  const changes = rehearse(content, today, later);
  const lost = changes.filter((change) => change.lost);
  console.log(
    `Khác nhau giữa ${formatDay(today)} và ${formatDay(later)}: ${changes.length} chỗ.\n`,
  );
  const line = ({ where, why }: (typeof changes)[number]) => `${where} — ${why.join("; ")}`;
  printList("Đổi:", changes.filter((change) => !change.lost).map(line));
  printList(`Sẽ không có số liệu hoặc chưa có hiệu lực (${lost.length}):`, lost.map(line));
}

function printList(title: string, lines: string[]): void {
  if (lines.length === 0) return;
  console.log(title);
  for (const line of lines) console.log(`  ${line}`);
  console.log();
}

process.exitCode = await main();

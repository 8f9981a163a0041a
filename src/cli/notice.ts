import { setTimeout as sleep } from "node:timers/promises";
import { composeNotice } from "../answer/compose-notice.ts";
import {
  describedBy,
  factsOf,
  type Outlook,
  outlookOf,
  reachLines,
  SAMPLE_CODE,
} from "../broadcast/describe.ts";
import {
  type Found,
  findNotice,
  foundById,
  knownIds,
  releasedOf,
} from "../broadcast/find-notice.ts";
import { channelName } from "../broadcast/reach.ts";
import {
  deliveriesCsv,
  foundInWords,
  progressBar,
  progressOf,
  reportLines,
  stateInWords,
  type Tallies,
  talliesOf,
} from "../broadcast/report.ts";
import { plainReply } from "../broadcast/plain-reply.ts";
import { reachNow, reachOf } from "../channel-reach.ts";
import { renderTelegram } from "../channels/telegram-render.ts";
import { renderText } from "../channels/text-render.ts";
import { renderWeb } from "../channels/web-render.ts";
import { renderZalo } from "../channels/zalo-text.ts";
import { type Config, requireConfig, storeFolderOf } from "../config.ts";
import { loadContent } from "../content/load.ts";
import { readContentFiles } from "../content/read-files.ts";
import {
  type Broadcast,
  type Delivery,
  type SubscriberCounts,
  wasReleased,
} from "../domain/broadcast.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { dayOf } from "../domain/day.ts";
import type { Notice } from "../domain/notice.ts";
import type { Block } from "../domain/reply.ts";
import type { Store } from "../domain/store.ts";
import { withoutControls } from "../domain/terminal.ts";
import { inColumns } from "./columns.ts";
import { readStore } from "./store-copy.ts";
import { requireOptions } from "./options.ts";

const USAGE = `Cách dùng:
  npm run notice                      các thông báo và trạng thái
  npm run notice -- <mã>              tin trên từng kênh, gửi cho ai, mất bao lâu, báo cáo
  npm run notice -- <mã> --watch      theo dõi cho đến khi gửi xong
  npm run -s notice -- <mã> --csv     từng người nhận, để mở bằng bảng tính
Thêm --demo để xem của bản chạy thử.`;

type Settings = Config & { storeFolder: string };

const REDRAWS_EVERY_MS = 2_000;

/** Spreadsheets take a file without it for another encoding. */
const BYTE_ORDER_MARK = "\uFEFF";

async function main(): Promise<number> {
  const { values, positionals } = requireOptions(USAGE, {
    allowPositionals: true,
    options: {
      csv: { type: "boolean", default: false },
      watch: { type: "boolean", default: false },
      demo: { type: "boolean", default: false },
    },
  });
  const [typed] = positionals;
  if (positionals.length > 1 || (typed === undefined && (values.csv || values.watch))) {
    console.error(USAGE);
    return 2;
  }
  const found = requireConfig();
  const config: Settings = { ...found, storeFolder: storeFolderOf(found, values.demo) };
  const content = await contentIn(config);
  const notices = content?.notices ?? [];
  const broadcasts =
    (await readStore(config.storeFolder, (store) =>
      store.broadcasts().map((broadcast) => withSums(store, broadcast)),
    )) ?? [];
  if (typed === undefined) {
    printList(notices, broadcasts);
    return 0;
  }
  const search = findNotice(typed, notices, broadcasts);
  if ("ambiguous" in search) {
    return refuse(`"${typed}" có thể là: ${search.ambiguous.join(", ")}. Hãy gõ rõ hơn.`);
  }
  if ("unknown" in search) {
    return refuse(
      `Không có thông báo "${typed}", hoặc tệp của thông báo có lỗi (npm run content để xem).`,
    );
  }
  if (values.csv) return printCsv(config, search.found);
  if (values.watch) return watch(config, search.found);
  return printNotice(config, content, search.found);
}

/** Null when the pages are broken: stored broadcasts can be looked at all the same. */
async function contentIn({ contentFolder }: Config): Promise<ContentBase | null> {
  const { content } = loadContent(await readContentFiles(contentFolder), { now: new Date() });
  if (content === null) console.error("Nội dung có lỗi; chạy npm run content để xem.");
  return content;
}

type WithSums = Broadcast & { sums: Tallies };

function withSums(store: Store, broadcast: Broadcast): WithSums {
  return { ...broadcast, sums: talliesOf(store, broadcast) };
}

function refuse(sentence: string): number {
  console.error(withoutControls(sentence));
  return 1;
}

function print(text: string): void {
  console.log(withoutControls(text));
}

function printList(notices: Notice[], broadcasts: WithSums[]): void {
  const ids = knownIds(notices, broadcasts);
  if (ids.length === 0) print("Chưa có thông báo nào.");
  for (const id of ids) {
    const { notice, broadcast } = foundById(id, notices, broadcasts);
    const sums = broadcasts.find((one) => one.id === broadcast?.id)?.sums ?? {};
    const title = broadcast?.title ?? notice?.title ?? "";
    const code = broadcast === null ? "" : ` (${broadcast.id})`;
    print(`${id}${code}: ${foundInWords({ id, notice, broadcast }, sums, new Date())}. ${title}`);
  }
}

/** What the store knows of one notice. */
type Kept = {
  corrected: Broadcast | null;
  people: Record<string, number>;
  subscribers: SubscriberCounts;
  sums: Tallies;
  deliveries: Delivery[];
  outlook: Outlook;
};

function nothingKept(config: Config, now: Date): Kept {
  return {
    corrected: null,
    people: {},
    subscribers: {},
    sums: {},
    deliveries: [],
    outlook: { reach: reachOf(config), planned: [], toSend: null, now },
  };
}

function keptIn(store: Store, { notice, broadcast }: Found, config: Config, now: Date): Kept {
  const corrects = notice?.corrects ?? null;
  const corrected = releasedOf(corrects, store.broadcasts());
  const isMeantForNobody = notice === null || (corrects !== null && corrected === null);
  const meant = isMeantForNobody
    ? {}
    : store.countMeant({ audience: notice.audience, corrects: corrected?.id ?? null });
  return {
    corrected,
    people: broadcast?.people ?? meant,
    subscribers: store.subscriberCounts(),
    sums: broadcast === null ? {} : talliesOf(store, broadcast),
    deliveries: broadcast === null ? [] : store.deliveries(broadcast.id),
    outlook: outlookOf(store, broadcast, reachNow(config, store, now), now),
  };
}

async function printNotice(
  config: Settings,
  content: ContentBase | null,
  found: Found,
): Promise<number> {
  const { notice, broadcast } = found;
  const now = new Date();
  const kept =
    (await readStore(config.storeFolder, (store) => keptIn(store, found, config, now))) ??
    nothingKept(config, now);
  const described = broadcast ?? (notice === null ? null : describedBy(notice));
  const blocks = broadcast?.blocks ?? composed(content, notice, kept.corrected);
  if (described === null || blocks === null) return refuse("Không đọc được thông báo này.");

  print(`${found.id}: ${foundInWords(found, kept.sums, new Date())}\n`);
  print(inColumns(renderings(blocks), process.stdout.isTTY ? process.stdout.columns : 0));
  const facts = factsOf(described, kept.people, content ?? { fields: {}, communes: [] });
  print(`\n${facts.map(({ label, value }) => `${label}: ${value}`).join("\n")}`);
  print(reachLines({ ...described, people: kept.people }, kept.outlook).join("\n"));
  print(`\nNgười đăng ký:\n${subscriberLines(kept.subscribers, content).join("\n")}`);
  if (broadcast !== null && wasReleased(broadcast)) {
    print(`\n${reportLines(broadcast, kept.sums, kept.deliveries, new Date()).join("\n")}`);
  }
  return 0;
}

function composed(
  content: ContentBase | null,
  notice: Notice | null,
  corrected: Broadcast | null,
): Block[] | null {
  if (content === null || notice === null) return null;
  return composeNotice(content, notice, dayOf(new Date()), SAMPLE_CODE, corrected);
}

const NEXT_MESSAGE = "\n\n── tin tiếp theo ──\n\n";

/** The same text as each channel shows or sends it. */
function renderings(blocks: Block[]): { title: string; text: string }[] {
  const reply = plainReply(...blocks);
  return [
    { title: "Dòng lệnh", text: renderText(reply) },
    {
      title: "Telegram (HTML)",
      text: renderTelegram(reply)
        .map(({ text }) => text)
        .join(NEXT_MESSAGE),
    },
    { title: "Zalo Bot", text: renderZalo(reply).join(NEXT_MESSAGE) },
    { title: "Trang web", text: renderText({ ...reply, blocks: renderWeb(reply).blocks }) },
  ];
}

function subscriberLines(counts: SubscriberCounts, content: ContentBase | null): string[] {
  const lines = Object.entries(counts).map(([channel, { people, topics }]) => {
    const named = Object.entries(topics)
      .toSorted(([, one], [, other]) => other - one)
      .map(([topic, count]) => `${topicName(topic, content)} ${count}`);
    return `${channelName(channel)}: ${people} người; ${named.join(", ")}`;
  });
  return lines.length === 0 ? ["chưa có ai"] : lines;
}

function topicName(topic: string, content: ContentBase | null): string {
  if (topic === "all") return "mọi tin";
  const commune = content?.communes.find(({ code }) => code === topic);
  return content?.fields[topic]?.name ?? commune?.name ?? topic;
}

async function printCsv(config: Settings, { broadcast }: Found): Promise<number> {
  if (broadcast === null) return refuse("Thông báo chưa trình nên chưa có danh sách.");
  const rows =
    (await readStore(config.storeFolder, (store) => store.deliveries(broadcast.id))) ?? [];
  if (rows.length === 0) return refuse("Danh sách không còn: chỉ giữ 30 ngày sau khi gửi xong.");
  process.stdout.write(BYTE_ORDER_MARK + deliveriesCsv(rows));
  return 0;
}

/** Draws a bar until the broadcast is finished, or is none that is sent. */
async function watch(config: Settings, found: Found): Promise<number> {
  const { broadcast } = found;
  if (broadcast === null) return refuse("Thông báo chưa trình nên không có gì để theo dõi.");
  for (;;) {
    const current = await readStore(config.storeFolder, (store) => {
      const stored = store.broadcast(broadcast.id);
      return stored && withSums(store, stored);
    });
    if (current === null) return refuse("Thông báo này không còn trong kho dữ liệu.");
    const { done, total } = progressOf(current.sums);
    draw(`${progressBar(done, total)} ${stateInWords(current, current.sums, new Date())}`);
    if (!wasReleased(current) || current.status === "finished") break;
    await sleep(REDRAWS_EVERY_MS);
  }
  if (process.stdout.isTTY) process.stdout.write("\n");
  return 0;
}

/** In a terminal over the line before. */
function draw(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[2K${withoutControls(line)}`);
  else print(line);
}

process.exitCode = await main();

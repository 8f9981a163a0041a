import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Delivery } from "../domain/broadcast.ts";
import { nodeDisk } from "../store/disk.ts";
import { openStore } from "../store/open-store.ts";
import { restore } from "../store/restore.ts";
import { personKeyOf } from "../store/rows.ts";
import { type BenchBot, startBot } from "./bench-bot.ts";
import {
  createPoster,
  createUpdates,
  type Poster,
  WEBHOOK_PATH,
  webhookHeaders,
} from "./bench-post.ts";
import type { BenchReply, BenchTelegram } from "./bench-telegram.ts";

/** What a message of the announcement says and no other does. */
const MARK = "Tin thử sức chịu tải";
const NOTICE = "2026-11-25-thu-tai";
const AUTHOR = 1;
const APPROVER = 2;
const FIRST_PERSON = 1_000_000_001;
/** So that the memory that is measured is needed, and not only not given back yet. */
export const HEAP_MEGABYTES = 400;
const NODE_OPTIONS = `--max-old-space-size=${HEAP_MEGABYTES}`;
const STAFF = `telegram:${AUTHOR}=soan,telegram:${APPROVER}=duyet`;

export type Sent = { chat: number; at: number };

/** The real bot sending one announcement to a store full of subscribers, released by two staff through its chat. */
export type Sending = {
  bot: () => BenchBot;
  /** Messages of the announcement, as the platform had them. */
  sent: Sent[];
  /** From the moment the code was typed. */
  release(): Promise<number>;
  /** Stops it through the staff's chat; the moment at which that was posted. */
  stop(): Promise<number>;
  /** Resolves when the staff were told that it is over, or when `enough` holds. */
  over(enough?: () => boolean): Promise<void>;
  /** A citizen's question; milliseconds until its reply was there. */
  ask(question: string): Promise<number>;
  /** Ends the process at once, and starts it again in the same folder. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
};

/** The repository's own content with an office and the announcement in it. */
export async function prepareContent(contentFolder: string, folder: string): Promise<string> {
  const content = join(folder, "content");
  await cp(contentFolder, content, { recursive: true });
  const phrases = join(content, "cau-noi.yaml");
  const text = await readFile(phrases, "utf8");
  await writeFile(phrases, text.replace(/^don_vi:.*$/m, "don_vi: Văn phòng chạy thử"));
  await mkdir(join(content, "thong-bao"), { recursive: true });
  const lines = [
    "---",
    `tieu_de: ${MARK}`,
    "gui_toi: tất cả",
    "het_han: 2099-12-31",
    "khan: Đo tốc độ gửi nên không chờ hết giờ nghỉ.",
    "---",
    "Đây là tin để đo tốc độ gửi.",
    "",
  ];
  await writeFile(join(content, `thong-bao/${NOTICE}.md`), lines.join("\n"));
  return content;
}

export async function subscribeMany(dataFolder: string, people: number): Promise<void> {
  const store = await openStore({
    folder: join(dataFolder, "store"),
    now: () => new Date(),
    onProblem: console.error,
  });
  if ("refused" in store) throw new Error(store.refused);
  const since = new Date();
  await Promise.all(
    Array.from({ length: people }, (_, index) =>
      store.subscribe(
        { channel: "telegram", person: String(FIRST_PERSON + index) },
        { topics: [{ type: "all" }], since, consent: "2026-11" },
      ),
    ),
  );
  await store.close();
}

export async function startSending(
  telegram: BenchTelegram,
  dataFolder: string,
  environment: Record<string, string>,
): Promise<Sending> {
  const updates = createUpdates();
  const sent: Sent[] = [];
  const heard = new Map<number, BenchReply[]>();
  const listeners = new Set<() => void>();
  telegram.onReply((reply) => {
    if (reply.text.includes(MARK) && reply.chat >= FIRST_PERSON) {
      sent.push({ chat: reply.chat, at: reply.at });
    } else heard.set(reply.chat, [...(heard.get(reply.chat) ?? []), reply]);
    for (const listen of listeners) listen();
  });
  let bot = await startBot(telegram, dataFolder, { STAFF, NODE_OPTIONS, ...environment });
  let poster: Poster = createPoster(bot.origin);

  async function post(update: string): Promise<void> {
    const status = await poster.post(WEBHOOK_PATH, update, webhookHeaders(telegram.secret()));
    if (status !== 200) throw new Error(`the bot answered ${status}: ${bot.lastWords()}`);
  }

  function until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const listen = () => {
        const found = look();
        if (found === undefined) return;
        listeners.delete(listen);
        resolve(found);
      };
      listeners.add(listen);
      listen();
    });
  }

  /** Types a line in a chat; resolves with the first reply after it that fits. */
  async function types(person: number, line: string, fits: RegExp): Promise<RegExpExecArray> {
    const before = heard.get(person)?.length ?? 0;
    const said = until(() =>
      (heard.get(person) ?? [])
        .slice(before)
        .map(({ text }) => fits.exec(text))
        .find((match) => match !== null),
    );
    await post(updates.says(person, line));
    return said;
  }

  return {
    bot: () => bot,
    sent,
    async release() {
      const submitted = await types(AUTHOR, `/trinh ${NOTICE}`, /: (\d+) người/);
      const people = submitted[1] ?? "0";
      const asked = await types(APPROVER, `/duyet ${NOTICE} ${people}`, /\b(\d{6})\b/);
      const at = performance.now();
      await post(updates.says(APPROVER, `/duyet ${NOTICE} ${people} ${asked[1] ?? ""}`));
      return at;
    },
    async stop() {
      const at = performance.now();
      await types(AUTHOR, "/dung", /[Dd]ừng/);
      return at;
    },
    over: (enough = () => false) =>
      until(() => {
        const isOver = (heard.get(AUTHOR) ?? []).some(({ text }) => text.includes("đã xong"));
        return isOver || enough() ? true : undefined;
      }).then(() => undefined),
    async ask(question) {
      const person = updates.newPerson();
      const at = performance.now();
      const replied = until(() => heard.get(person)?.[0]);
      await post(updates.says(person, question));
      return (await replied).at - at;
    },
    async killAndRestart() {
      poster.close();
      await bot.kill();
      bot = await startBot(telegram, dataFolder, { STAFF, NODE_OPTIONS, ...environment });
      poster = createPoster(bot.origin);
    },
    async close() {
      poster.close();
      await bot.stop();
    },
  };
}

/** Our record beside the platform's. */
export type Compared = {
  people: number;
  /** Ours says sent, or nothing at all, and the platform never had it. */
  lost: number;
  /** The platform had it twice. */
  repeated: number;
  /** Listed for staff to decide. */
  doubtful: number;
};

export async function compareRecords(dataFolder: string, sent: Sent[]): Promise<Compared> {
  const folder = join(dataFolder, "store");
  const { shards } = await restore(nodeDisk, folder, () => Promise.resolve());
  const rows = shards.flatMap((low) => [...low.data.rows.values()]);
  const chats = new Map(
    rows.flatMap((row): [string, number][] =>
      row.type === "subscription" ? [[personKeyOf(row), Number(row.from.person)]] : [],
    ),
  );
  const deliveries = rows.flatMap((row): Delivery[] =>
    row.type === "delivery" ? [row.delivery] : [],
  );
  const times = timesOf(sent);
  const got = (row: Delivery) => times.get(chats.get(row.person) ?? 0) ?? 0;
  return {
    people: deliveries.length,
    lost: deliveries.filter((row) => row.status !== "doubtful" && got(row) === 0).length,
    repeated: [...times.values()].filter((count) => count > 1).length,
    doubtful: deliveries.filter(({ status }) => status === "doubtful").length,
  };
}

export function timesOf(sent: Sent[]): Map<number, number> {
  const times = new Map<number, number>();
  for (const { chat } of sent) times.set(chat, (times.get(chat) ?? 0) + 1);
  return times;
}

export const NAIVE = {
  file: fileURLToPath(new URL("bench-naive.ts", import.meta.url)),
  first: FIRST_PERSON,
  text: MARK,
};

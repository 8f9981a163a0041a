import { createHash } from "node:crypto";
import { renderText } from "../src/channels/text-render.ts";
import { createStaffDesk } from "../src/broadcast/desk.ts";
import type { StaffDeskOptions } from "../src/broadcast/desk-options.ts";
import { plainReply } from "../src/broadcast/plain-reply.ts";
import type { Notice } from "../src/domain/notice.ts";
import type { Answer, Reply } from "../src/domain/reply.ts";
import type { Staff } from "../src/domain/staff.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { MORNING, person, subscription } from "./store-people.ts";

export const MINUTE_MS = 60_000;
export const PENSION = "2026-12-01-luong-huu";

export const AUTHOR = person("1");
export const APPROVER = person("2");
/** Both roles. */
export const BOTH = person("3");
export const CITIZEN = person("an");

const STAFF: Staff[] = [
  { address: AUTHOR, roles: ["author"] },
  { address: APPROVER, roles: ["approver"] },
  { address: BOTH, roles: ["author", "approver"] },
];

/** A notice for everybody, good for a month. */
export function noticeOf(id: string, changes: Partial<Notice> = {}): Notice {
  return {
    id,
    title: `Tin ${id}`,
    body: [
      { type: "paragraph", content: [{ type: "text", text: "Từ tháng sau lương hưu tăng." }] },
    ],
    audience: { everyone: true, fields: [], communes: [], channels: null },
    sendAt: null,
    expiresAt: new Date(MORNING.getTime() + 30 * 24 * 60 * MINUTE_MS).toISOString(),
    urgent: null,
    corrects: null,
    ...changes,
  };
}

export type Desk = {
  /** What a message is answered, as a terminal shows it. */
  type(from: typeof AUTHOR, text: string): Promise<string>;
  reply(from: typeof AUTHOR, text: string): Promise<Reply>;
  store: Store;
  notices: Map<string, Notice>;
  /** Minutes later, or earlier. */
  pass(minutes: number): void;
  wakes(): number;
  /** Submits and returns the code. */
  submit(id?: string): Promise<string>;
  /** Asks for the six digits. */
  askCode(id: string, count: number): Promise<string>;
  /** Submitted, approved, and so released. */
  release(id?: string): Promise<string>;
};

/** What a citizen gets to any message here. */
export const ORDINARY = "câu trả lời bình thường";

/** A desk on an empty store with the pension notice loaded, and `people` on Telegram who subscribed. */
export async function openDesk(
  people: number,
  changes: Partial<StaffDeskOptions> = {},
  wrapStore: (store: Store) => Store = (store) => store,
): Promise<Desk> {
  let at = MORNING;
  let wakes = 0;
  let counter = 0;
  const store = createMemoryStore(() => at);
  for (let index = 0; index < people; index += 1) {
    await store.subscribe(person(`p${index}`), subscription());
  }
  const notices = new Map([[PENSION, noticeOf(PENSION)]]);
  const desk = createStaffDesk({
    staff: STAFF,
    store: wrapStore(store),
    notices: () => [...notices.values()],
    places: () => ({ fields: {}, communes: [] }),
    compose: (notice, _day, code, corrected) => [
      { type: "heading", text: notice.title },
      {
        type: "text",
        spans: [{ text: `Mã tin ${code}${corrected === null ? "" : `, sửa ${corrected.id}`}` }],
      },
    ],
    digestOf: (notice) => createHash("sha256").update(JSON.stringify(notice)).digest("hex"),
    office: () => "Sở Nội vụ",
    isDemo: false,
    staffChannels: () => ["telegram"],
    reach: () => ({
      telegram: { perSecond: 20, closed: null },
      web: { perSecond: null, closed: null },
    }),
    randomInt: (below) => (counter += 7_919) % below,
    now: () => at,
    wake: () => (wakes += 1),
    ...changes,
  });
  const answer: Answer = () => Promise.resolve(plainReply(ORDINARY));
  const wrapped = desk.wrap(answer);

  const reply: Desk["reply"] = (from, text) =>
    wrapped({ id: "1", from, at, content: { type: "text", text } });
  const type: Desk["type"] = async (from, text) => renderText(await reply(from, text));

  async function submit(id = PENSION): Promise<string> {
    const said = await type(AUTHOR, `/trinh ${id}`);
    const code = /mã (TB[0-9A-Z]{5})/.exec(said)?.[1];
    if (code === undefined) throw new Error(`expected a code, got: ${said}`);
    return code;
  }

  async function askCode(id: string, count: number): Promise<string> {
    const said = await type(APPROVER, `/duyet ${id} ${count}`);
    const code = /Mã duyệt: (\d{6})/.exec(said)?.[1];
    if (code === undefined) throw new Error(`expected six digits, got: ${said}`);
    return code;
  }

  return {
    type,
    reply,
    store,
    notices,
    pass: (minutes) => {
      at = new Date(at.getTime() + minutes * MINUTE_MS);
    },
    wakes: () => wakes,
    submit,
    askCode,
    async release(id = PENSION) {
      const broadcast = await submit(id);
      const code = await askCode(broadcast, people);
      await type(APPROVER, `/duyet ${broadcast} ${people} ${code}`);
      return broadcast;
    },
  };
}

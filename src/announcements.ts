import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { composeNotice, digestOf } from "./answer/compose-notice.ts";
import { createDelivery } from "./broadcast/delivery.ts";
import { createStaffDesk } from "./broadcast/desk.ts";
import { createHeartbeat } from "./broadcast/heartbeat.ts";
import { createPageNotices } from "./broadcast/page.ts";
import { progressBar, progressOf } from "./broadcast/report.ts";
import type { PushChannel } from "./broadcast/send-loop.ts";
import { createStaffTeller, type StaffSend } from "./broadcast/tell-staff.ts";
import { reachNow } from "./channel-reach.ts";
import { CONSOLE } from "./channels/console.ts";
import type { Config } from "./config.ts";
import type { Broadcast } from "./domain/broadcast.ts";
import type { ContentBase } from "./domain/content-base.ts";
import type { PageNotices } from "./domain/page-notices.ts";
import type { Answer } from "./domain/reply.ts";
import type { Staff } from "./domain/staff.ts";
import type { Store } from "./domain/store.ts";

export type AnnouncementsOptions = {
  config: Config;
  content: () => ContentBase;
  store: Store;
  /** Asked for when something is to be sent, not before: the channels themselves need `wrap`. */
  push: () => PushChannel[];
  isDemo: boolean;
  now: () => Date;
  /** A sentence for whoever looks at the terminal or the log. */
  tellHere: (sentence: string) => void;
  log: (event: string, details: Record<string, string | number>) => void;
};

export type Announcements = {
  /** Staff commands first, then the answer. */
  wrap: (answer: Answer) => Answer;
  pages: PageNotices;
  /** A sentence for staff wherever they are, and for the terminal. */
  tell: (sentence: string) => void;
  start(): void;
  stop(): Promise<void>;
};

/** Two staff of the demonstration, who speak in the terminal. */
const DEMO_STAFF: Staff[] = [
  { address: { channel: CONSOLE, person: "soan" }, roles: ["author"] },
  { address: { channel: CONSOLE, person: "duyet" }, roles: ["approver"] },
];

/** As whom one may speak in the terminal of a demonstration. */
export const DEMO_SPEAKERS = DEMO_STAFF.map(({ address }) => address.person);

/** Announcements from the staff's chat to people: desk, delivery, page and what staff are told, over one store. */
export function createAnnouncements(options: AnnouncementsOptions): Announcements {
  const { config, content, store, isDemo, now, tellHere, log } = options;
  const staff = isDemo ? DEMO_STAFF : config.staff;
  const send: StaffSend = async (to, reply) => {
    const channel = options.push().find(({ name }) => name === to.channel);
    return channel === undefined
      ? { status: "unreachable", why: "network" }
      : channel.send(to, reply);
  };
  // In a demonstration the staff sit at the terminal, which is told everything anyway.
  const teller = createStaffTeller({ staff: config.staff, send, log });
  const tell = (sentence: string): void => {
    tellHere(sentence);
    void teller.tell(sentence);
  };
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

  const pages = createPageNotices({
    store,
    isSubscribed: (from) => store.subscriptionOf(from) !== null,
    now,
  });
  let delivery: ReturnType<typeof createDelivery> | null = null;
  const desk = createStaffDesk({
    staff,
    store,
    notices: () => content().notices,
    places: content,
    compose: (notice, day, code, corrected) =>
      composeNotice(content(), notice, day, code, corrected),
    digestOf,
    office: () => content().phrases.office,
    isDemo,
    staffChannels: () => options.push().map(({ name }) => name),
    reach: () => reachNow(config, store, now()),
    randomInt: (below) => randomInt(below),
    now,
    wake() {
      delivery?.wake();
      pages.announce();
    },
  });
  const heartbeat = createHeartbeat({
    staff: config.staff,
    send,
    log,
    store,
    summary(day) {
      const unanswered = store.unanswered().filter((entry) => entry.day === day).length;
      const people = Object.values(store.subscriberCounts()).reduce(
        (sum, channel) => sum + channel.people,
        0,
      );
      return `${unanswered} câu chưa trả lời được; đang có ${people} người đăng ký nhận thông báo`;
    },
    onAlarm: tellHere,
    now,
    wait: pause,
  });

  return {
    wrap: (answer) => desk.wrap(answer),
    pages,
    tell,
    start() {
      delivery = createDelivery({
        store,
        channels: options.push(),
        now,
        clockMs: () => performance.now(),
        wait: pause,
        tell,
        onStarted: () => {
          pages.announce();
        },
        onProgress: createProgress(store, tellHere),
        log,
      });
      delivery.start();
      heartbeat.start();
    },
    async stop() {
      await Promise.all([delivery?.stop(), heartbeat.stop()]);
    },
  };
}

const SHOWN_EVERY_PERCENT = 10;

/** A bar for the terminal at every tenth part. */
function createProgress(
  store: Store,
  show: (sentence: string) => void,
): (broadcast: Broadcast) => void {
  const shown = new Map<string, number>();
  return ({ id, title }) => {
    const { done, total } = progressOf(store.tallies(id));
    const step = total === 0 ? 0 : Math.floor((done * 100) / total / SHOWN_EVERY_PERCENT);
    if (step === (shown.get(id) ?? 0)) return;
    shown.set(id, step);
    show(`${title}: ${progressBar(done, total)}`);
  };
}

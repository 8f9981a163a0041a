import type { Broadcast, Broadcasts, Claimed, Turn } from "../domain/broadcast.ts";
import type { Address, Reply } from "../domain/reply.ts";
import type { SendResult, UnreachableReason } from "../domain/send-result.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { createPace } from "./pace.ts";
import { channelName } from "./reach.ts";
import { plainReply } from "./plain-reply.ts";
import { mayRing } from "./schedule.ts";
import { halt } from "./transitions.ts";

/** Where announcements are sent to people's phones: one for each platform. */
export type PushChannel = {
  name: string;
  /** Resolves when no reply to a person is being sent: those go first. */
  ready: () => Promise<unknown>;
  /** Tries nothing again by itself. */
  send: (to: Address, reply: Reply) => Promise<SendResult>;
  /** How many may be under way at once: as many can be doubtful after a crash. */
  maxInFlight: number;
  /** The most that leave in a second. */
  perSecond: number;
};

export type SendLoopOptions = {
  channel: PushChannel;
  store: Broadcasts;
  now: () => Date;
  clockMs: () => number;
  wait: (ms: number) => Promise<void>;
  /** A sentence for staff. */
  tell: (sentence: string) => void;
  onHalted: (broadcast: Broadcast) => void;
  log: (event: string, details: Record<string, string | number>) => void;
};

export type SendLoop = {
  /** Sends everything that may go now; resolves when nothing may any more, to how many it tried. While it is already sending, that goes on. */
  run(): Promise<number>;
  isSending(): boolean;
  /** Begins nothing new; resolves when what is under way has been settled. */
  stop(): Promise<void>;
};

/** Rule 6: it halts itself at so many failures, when they are that share of what was tried. People who blocked the bot do not count. */
const HALTS_AT_FAILURES = 10;
const HALTS_AT_SHARE = 0.1;
/** So many blocked or gone, and nobody who got it. */
const HALTS_AT_ABSENT = 10;

type Tried = { done: number; failed: number; absent: number };

const UNWRITABLE_PAUSE_MS = 5_000;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;
/** The first few may be a hiccup. */
const TELLS_AT_FAILURE = 3;

const UNREACHED: Record<UnreachableReason, (channel: string) => string> = {
  network: (channel) =>
    `Chưa kết nối được kênh ${channel} để gửi thông báo; hệ thống tự thử lại cho đến khi thông báo hết hạn.`,
  token: (channel) =>
    `Kênh ${channel} không nhận mã truy cập nữa nên chưa gửi được thông báo: hãy kiểm tra mã trong tệp .env rồi khởi động lại.`,
  quota: (channel) =>
    `Kênh ${channel} đã hết lượt gửi của tháng này nên chưa gửi được thông báo; sang tháng hệ thống gửi tiếp nếu thông báo còn hạn.`,
};

export function createSendLoop(options: SendLoopOptions): SendLoop {
  const { channel, store, now, wait, tell, log } = options;
  const pace = createPace({ perSecond: channel.perSecond, clockMs: options.clockMs, wait });
  const inFlight = new Set<Promise<void>>();
  /** By broadcast and resumption: staff who resume one that halted know of the failures before. */
  const tried = new Map<string, Tried>();
  const exhausted = new Set<string>();
  let failures = 0;
  let running: Promise<number> | null = null;
  let isStopping = false;
  /** Not a promise raced against each pause: one that lives as long as the loop would remember them all. */
  const atStop = new Set<() => void>();

  function unlessStopped(pause: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        atStop.delete(end);
        resolve();
      };
      atStop.add(end);
      pause.then(end, end);
    });
  }

  /** Urgent ones first, then in the order in which they were submitted. */
  function next(): Broadcast | null {
    const ready = store
      .released()
      .filter((broadcast) => !exhausted.has(broadcast.id) && mayRing(broadcast, now()))
      .filter(({ id }) => (store.tallies(id)[channel.name]?.waiting ?? 0) > 0);
    return ready.find(({ urgent }) => urgent !== null) ?? ready[0] ?? null;
  }

  /** Read before every send: a stop counts at once. */
  function mayGo(id: string): boolean {
    const current = store.broadcast(id);
    return !isStopping && current?.status === "released" && mayRing(current, now());
  }

  async function sendAll(): Promise<number> {
    let tries = 0;
    let current: Broadcast | null = null;
    let lookedAt = 0;
    for (;;) {
      if (isStopping) break;
      // The list is looked through once a second, not once a person; a stop is seen at each person.
      const at = options.clockMs();
      if (
        current === null ||
        exhausted.has(current.id) ||
        at - lookedAt > 1_000 ||
        !mayGo(current.id)
      ) {
        current = next();
        lookedAt = at;
      }
      if (current === null) {
        if (inFlight.size === 0) break;
        await Promise.race(inFlight);
        continue;
      }
      if (inFlight.size >= channel.maxInFlight) {
        await Promise.race(inFlight);
        continue;
      }
      await unlessStopped(pace.turn());
      // Rule 7. Before a row is claimed: nothing may stand between the last look and the send.
      await unlessStopped(channel.ready());
      if (!mayGo(current.id)) continue;
      const work = claimAndSend(current)
        .then((wasSomebody) => {
          if (wasSomebody) tries += 1;
        }, logFailure)
        .finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
    await Promise.all(inFlight);
    return tries;
  }

  /** False: there was nobody to send to. */
  async function claimAndSend(broadcast: Broadcast): Promise<boolean> {
    const claimed = await claim(broadcast.id);
    if (claimed === "unwritable") return false;
    if (claimed === null) {
      exhausted.add(broadcast.id);
      return false;
    }
    await (mayGo(broadcast.id) ? deliver(broadcast, claimed) : putBack(claimed));
    return true;
  }

  /** The row stays claimed, and is doubtful after the next start. */
  function logFailure(error: unknown): void {
    log("broadcast.failed", { error: error instanceof Error ? (error.stack ?? "") : "" });
  }

  async function claim(id: string): Promise<Claimed | "unwritable" | null> {
    try {
      return await store.claim(id, channel.name);
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      // What cannot be written down before it is sent must not be sent.
      await unlessStopped(wait(UNWRITABLE_PAUSE_MS));
      return "unwritable";
    }
  }

  async function deliver(broadcast: Broadcast, claimed: Claimed): Promise<void> {
    const result = await sendOne(broadcast, claimed);
    if (result.status !== "unreachable") reached();
    switch (result.status) {
      case "sent":
        pace.taken();
        await settle(claimed, { from: ["claimed"], to: "sent" });
        count(broadcast, "done");
        return;
      case "refused": {
        const { reason } = result;
        await settle(claimed, { from: ["claimed"], to: "refused", reason });
        if (reason === "rejected") await countFailure(broadcast);
        if (reason === "blocked" || reason === "gone") await countAbsent(broadcast);
        return;
      }
      case "doubtful":
        await settle(claimed, { from: ["claimed"], to: "doubtful" });
        await countFailure(broadcast);
        return;
      case "retry-after":
        pace.hold(result.seconds);
        await putBack(claimed);
        return;
      case "unreachable":
        unreached(result.why);
        await putBack(claimed);
        return;
    }
  }

  async function sendOne({ id, blocks }: Broadcast, { to }: Claimed): Promise<SendResult> {
    try {
      return await channel.send(to, plainReply(...blocks));
    } catch (error) {
      // It may have left before it went wrong.
      log("broadcast.broken", { broadcast: id, error: error instanceof Error ? error.name : "" });
      await haltBecause(id, "broken");
      return { status: "doubtful" };
    }
  }

  async function putBack(claimed: Claimed): Promise<void> {
    await settle(claimed, { from: ["claimed"], to: "waiting" });
    exhausted.delete(claimed.delivery.broadcast);
  }

  /** Until it is written: the row must not stay claimed while we know better. A stop leaves it claimed, and so doubtful. */
  async function settle({ delivery }: Claimed, turn: Turn): Promise<void> {
    for (;;) {
      try {
        await store.turn(delivery, turn);
        return;
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        if (isStopping) return;
        await unlessStopped(wait(UNWRITABLE_PAUSE_MS));
      }
    }
  }

  function count(broadcast: Broadcast, what: keyof Tried): Tried {
    const resumptions = store.broadcast(broadcast.id)?.acts.filter(({ did }) => did === "resumed");
    const key = `${broadcast.id}\n${resumptions?.length ?? 0}`;
    const sums = tried.get(key) ?? { done: 0, failed: 0, absent: 0 };
    tried.set(key, sums);
    sums[what] += 1;
    return sums;
  }

  async function countFailure(broadcast: Broadcast): Promise<void> {
    const { done, failed } = count(broadcast, "failed");
    if (failed < HALTS_AT_FAILURES || failed < (done + failed) * HALTS_AT_SHARE) return;
    await haltBecause(broadcast.id, "refusals");
  }

  /** People leave one by one. Where nobody at all is found, this is another bot than the one they wrote to. */
  async function countAbsent(broadcast: Broadcast): Promise<void> {
    const { done, absent } = count(broadcast, "absent");
    if (done > 0 || absent < HALTS_AT_ABSENT) return;
    await haltBecause(broadcast.id, "nobody-found");
  }

  async function haltBecause(
    id: string,
    why: "refusals" | "broken" | "nobody-found",
  ): Promise<void> {
    try {
      const halted = await store.change(id, halt(why, now()));
      if (halted !== null) options.onHalted(halted);
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
    }
  }

  function unreached(why: UnreachableReason): void {
    // Those that were under way together fail together: that is one failure.
    if (pace.isHeld()) return;
    failures += 1;
    pace.rest(Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS));
    if (failures !== TELLS_AT_FAILURE) return;
    tell(`${UNREACHED[why](channelName(channel.name))} Những người còn lại vẫn chờ.`);
  }

  function reached(): void {
    if (failures >= TELLS_AT_FAILURE) {
      tell(`Kênh ${channelName(channel.name)} đã kết nối lại, đang gửi tiếp.`);
    }
    failures = 0;
  }

  return {
    run() {
      // What had nobody left a moment ago may have somebody again: staff decided about the doubtful.
      exhausted.clear();
      if (running === null && next() === null) return Promise.resolve(0);
      running ??= sendAll().finally(() => {
        running = null;
      });
      return running;
    },
    isSending: () => running !== null,
    async stop() {
      isStopping = true;
      for (const end of atStop) end();
      await running;
    },
  };
}

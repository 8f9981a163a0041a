import type { Broadcasts } from "../domain/broadcast.ts";
import { addDays, clockOf, type Day, dayOf } from "../domain/day.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { channelName } from "./reach.ts";
import { createStaffTeller, type StaffTellerOptions } from "./tell-staff.ts";

export type HeartbeatOptions = StaffTellerOptions & {
  store: Pick<Broadcasts, "heartbeatOf" | "setHeartbeat">;
  /** What happened on a day, in a few words: "12 câu hỏi, 1 câu chưa trả lời được". */
  summary: (day: Day) => string;
  /** A sentence for whoever looks after the machine. */
  onAlarm: (sentence: string) => void;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
};

export type Heartbeat = {
  /** Proves every channel that has not been proved today; never rejects. */
  look(): Promise<void>;
  /** Looks every minute until `stop`. */
  start(): void;
  /** Looks no more; resolves when the look that is under way has ended. */
  stop(): Promise<void>;
};

/** Viet Nam time. */
const NOT_BEFORE = "07:30";
const LOOKS_EVERY_MS = 60_000;
/** The first failures may be a hiccup. */
const ALARMS_AT_FAILURE = 3;
const THEN_TRIES_EVERY_MS = 30 * 60 * 1000;

/** What is known of a channel's proof on a day. */
export type Proof = { day: Day; isProved: boolean; failures: number; lastAt: Date };

/** Whether a channel is to be proved now: once a day, soon again after the first failures, then seldom. */
export function isDue(proof: Proof | null, provedOn: string | null, now: Date): boolean {
  const today = dayOf(now);
  if (clockOf(now) < NOT_BEFORE || provedOn === today) return false;
  if (proof === null || proof.day !== today) return true;
  if (proof.isProved) return false;
  const sinceMs = Math.abs(now.getTime() - proof.lastAt.getTime());
  return proof.failures < ALARMS_AT_FAILURE || sinceMs >= THEN_TRIES_EVERY_MS;
}

/**
 * Once a day a real message to the staff of every channel: that a channel is broken is not noticed when nobody needs it. Where it fails, staff
 * on the other channels are told.
 */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { staff, store, summary, onAlarm, now, wait, log } = options;
  const teller = createStaffTeller(options);
  const channels = [...new Set(staff.map(({ address }) => address.channel))];
  /** What could not be written down must not be sent again every minute. */
  const proofs = new Map<string, Proof>();
  let isStopping = false;
  let looking: Promise<void> = Promise.resolve();

  async function prove(channel: string): Promise<void> {
    const at = now();
    const day = dayOf(at);
    const failed = await teller.tell(
      `An Sinh vẫn chạy. Hôm qua: ${summary(addDays(day, -1))}.`,
      (other) => other === channel,
    );
    const before = proofs.get(channel);
    const failures = before?.day === day ? before.failures : 0;
    if (failed.length === 0) {
      proofs.set(channel, { day, isProved: true, failures, lastAt: at });
      await store.setHeartbeat(channel, day);
      if (failures >= ALARMS_AT_FAILURE)
        await alarm(channel, `Kênh ${channelName(channel)} đã gửi lại được.`);
      return;
    }
    proofs.set(channel, { day, isProved: false, failures: failures + 1, lastAt: at });
    if (failures + 1 !== ALARMS_AT_FAILURE) return;
    await alarm(
      channel,
      `Kênh ${channelName(channel)} không gửi được tin cho cán bộ sáng nay: người dân có thể cũng không nhận được. Hãy kiểm tra kênh này.`,
    );
  }

  async function alarm(broken: string, sentence: string): Promise<void> {
    onAlarm(sentence);
    await teller.tell(sentence, (channel) => channel !== broken);
  }

  async function look(): Promise<void> {
    for (const channel of channels) {
      if (!isDue(proofs.get(channel) ?? null, store.heartbeatOf(channel), now())) continue;
      try {
        await prove(channel);
      } catch (error) {
        const kind = isStoreUnavailable(error) ? "unwritable" : "failed";
        log("heartbeat.failed", { channel, kind });
      }
    }
  }

  async function lookUntilStopped(): Promise<void> {
    for (;;) {
      if (isStopping) return;
      looking = look();
      await looking;
      await wait(LOOKS_EVERY_MS);
    }
  }

  return {
    look,
    start() {
      lookUntilStopped().catch(() => {
        onAlarm("Việc báo mỗi sáng rằng các kênh vẫn chạy đã ngừng. Hãy khởi động lại An Sinh.");
      });
    },
    async stop() {
      isStopping = true;
      await looking;
    },
  };
}

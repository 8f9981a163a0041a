import type { Broadcast, Broadcasts } from "../domain/broadcast.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { sentenceOf } from "./happenings.ts";
import { createOverseer } from "./oversee.ts";
import { createSendLoop, type PushChannel, type SendLoopOptions } from "./send-loop.ts";

export type DeliveryOptions = {
  store: Broadcasts;
  channels: PushChannel[];
  now: () => Date;
  /** Never runs backwards. */
  clockMs: () => number;
  wait: (ms: number) => Promise<void>;
  /** A sentence for staff. */
  tell: (sentence: string) => void;
  /** A broadcast began: pages that are open look for what is new. */
  onStarted: () => void;
  /** Called once a second for each that is being sent. */
  onProgress: (broadcast: Broadcast) => void;
  log: SendLoopOptions["log"];
};

export type BroadcastDelivery = {
  /** First settles what a crash left: then sends whatever is due, until `stop`. */
  start(): void;
  /** Something was released or resumed: look now. */
  wake(): void;
  /** Begins nothing new and waits for what is under way. */
  stop(): Promise<void>;
};

const LOOKS_EVERY_MS = 1_000;
/** While nothing is being sent: a start is at most so late. */
const IDLE_LOOKS_EVERY_MS = 10_000;

/** Sends released broadcasts: one loop a channel, so that a slow platform holds up no other, and one overseer for all. */
export function createDelivery(options: DeliveryOptions): BroadcastDelivery {
  const { store, now, wait, tell, log } = options;
  const overseer = createOverseer({
    store,
    now,
    onHappened(what, broadcast) {
      if (what === "started" || what === "started-quiet") options.onStarted();
      tell(sentenceOf(what, broadcast, store.tallies(broadcast.id)));
    },
  });
  const loops = options.channels.map((channel) =>
    createSendLoop({
      ...options,
      channel,
      onHalted(broadcast) {
        tell(sentenceOf("halted", broadcast, store.tallies(broadcast.id)));
      },
    }),
  );
  let isStopping = false;
  let wakeUp: () => void = () => undefined;
  let finished: Promise<void> | null = null;

  async function work(): Promise<void> {
    await recover();
    for (;;) {
      if (isStopping) return;
      const woken = new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
      await overseer.look().catch(logFailure);
      for (const loop of loops) {
        loop.run().then((tries) => {
          if (tries > 0) wakeUp();
        }, logFailure);
      }
      const isSending = loops.some((loop) => loop.isSending());
      for (const broadcast of store.released()) {
        if (broadcast.startedAt !== null) options.onProgress(broadcast);
      }
      await Promise.race([wait(isSending ? LOOKS_EVERY_MS : IDLE_LOOKS_EVERY_MS), woken]);
    }
  }

  /** What was claimed when the last run ended may or may not have left: only staff can decide about it. */
  async function recover(): Promise<void> {
    for (;;) {
      try {
        for (const id of await store.recoverBroadcasts()) {
          const title = store.broadcast(id)?.title ?? id;
          tell(
            `Lần chạy trước bị ngắt khi đang gửi "${title}" (${id}): có người không rõ đã nhận chưa. Xem và quyết định: /baocao ${id}`,
          );
        }
        return;
      } catch (error) {
        if (isStopping || !isStoreUnavailable(error)) throw error;
        await wait(LOOKS_EVERY_MS);
      }
    }
  }

  function logFailure(error: unknown): void {
    log("broadcast.failed", { error: error instanceof Error ? (error.stack ?? "") : "" });
  }

  return {
    start() {
      finished ??= work().catch(logFailure);
    },
    wake() {
      wakeUp();
    },
    async stop() {
      isStopping = true;
      wakeUp();
      await Promise.all([finished, ...loops.map((loop) => loop.stop())]);
    },
  };
}

import { createDelivery } from "../src/broadcast/delivery.ts";
import type { PushChannel } from "../src/broadcast/send-loop.ts";
import { release } from "../src/broadcast/transitions.ts";
import type { Broadcast, Draft, Tally } from "../src/domain/broadcast.ts";
import type { SendResult } from "../src/domain/send-result.ts";
import type { Store } from "../src/domain/store.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { APPROVER, draftOf, submitted } from "./broadcast-drafts.ts";
import { MORNING, subscription } from "./store-people.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

export type Sending = { to: string; text: string; at: number };

/** A platform that answers as told, and remembers who got what. */
export type Platform = {
  name: string;
  got: Sending[];
  /** Judges each send before it counts as received; undefined: received. */
  answer: (sending: Sending, count: number) => SendResult | Promise<SendResult> | undefined;
};

export function platform(name: string): Platform {
  return { name, got: [], answer: () => undefined };
}

/** The delivery of announcements over a store, platforms and a time of the test's own. */
export function createRun(
  options: {
    store?: Store;
    time?: VirtualTime;
    start?: Date;
    platforms?: Platform[];
    channel?: Partial<PushChannel>;
  } = {},
) {
  const time = options.time ?? createVirtualTime(options.start ?? MORNING);
  const store = options.store ?? createMemoryStore(time.now);
  const platforms = options.platforms ?? [platform("telegram")];
  const told: string[] = [];
  const results: string[] = [];
  let opened = 0;
  const delivery = createDelivery({
    store,
    channels: platforms.map((one): PushChannel => ({
      name: one.name,
      ready: () => Promise.resolve(),
      maxInFlight: 4,
      perSecond: 30,
      ...options.channel,
      async send(to, { blocks }) {
        const [first] = blocks;
        const text = first?.type === "heading" ? first.text : "";
        const sending = { to: to.person, text, at: time.clockMs() };
        const judged = await one.answer(sending, one.got.length);
        results.push(judged?.status ?? "sent");
        if (judged !== undefined && judged.status !== "sent") return judged;
        one.got.push(sending);
        return { status: "sent" };
      },
    })),
    now: time.now,
    clockMs: time.clockMs,
    wait: time.wait,
    tell: (sentence) => told.push(sentence),
    onStarted: () => {
      opened += 1;
    },
    onProgress: () => undefined,
    log: (event, details) => told.push(JSON.stringify({ event, ...details })),
  });

  return {
    time,
    store,
    delivery,
    told,
    results,
    pagesTold: () => opened,
    async subscribe(people: number, channel = "telegram") {
      for (let index = 1; index <= people; index++) {
        await store.subscribe({ channel, person: String(index) }, subscription());
      }
    },
    async releaseOf(draft: Partial<Draft> = {}): Promise<Broadcast> {
      const broadcast = await submitted(store, { ...draftOf("TB1"), ...draft });
      const released = await store.change(broadcast.id, release({ by: APPROVER, at: time.now() }));
      if (released === null) throw new Error("expected it to be released");
      delivery.wake();
      return released;
    },
    status: (id = "TB1") => store.broadcast(id)?.status,
    tally: (channel = "telegram", id = "TB1"): Tally | undefined => store.tallies(id)[channel],
    async untilStatus(status: Broadcast["status"], id = "TB1") {
      await time.until(() => store.broadcast(id)?.status === status);
    },
  };
}

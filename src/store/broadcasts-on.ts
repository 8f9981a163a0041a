import {
  type Act,
  type Broadcast,
  type Broadcasts,
  type Claimed,
  type Delivery,
  type Draft,
  type SubscriberCounts,
  type Turn,
  wasReleased,
} from "../domain/broadcast.ts";
import { isMeantFor } from "../domain/notice.ts";
import type { Kept } from "./kept.ts";
import { rerouted } from "./rerouted.ts";
import {
  broadcastKey,
  deliveryKey,
  heartbeatKey,
  personKeyOf,
  type Put,
  type Row,
  type RowOf,
  subscriptionKey,
} from "./rows.ts";
import type { ChangeLog, View } from "./changes.ts";

/** Rows in one change: so many that a list is soon frozen, so few that others need not wait for it. */
const CHUNK = 1_000;

/** Announcements in terms of rows. */
export function createBroadcastsOn(kept: Kept, log: ChangeLog, now: () => Date): Broadcasts {
  let lastSubmission: Promise<unknown> = Promise.resolve();
  /** Being frozen by this process: no crash left these. */
  const freezing = new Set<string>();
  let interrupted: string[] = [];

  return {
    submit(draft, act) {
      // One after another: which version it is, and what it replaces, depends on those before.
      const submission = lastSubmission.then(
        () => freeze(draft, act),
        () => freeze(draft, act),
      );
      lastSubmission = submission;
      freezing.add(draft.id);
      return submission.finally(() => freezing.delete(draft.id));
    },
    broadcast: (id) => broadcastIn(kept.row(broadcastKey(id))),
    broadcasts: () => [...all()].toReversed(),
    released: () => all().filter(({ status }) => status === "released"),
    change: (id, decide) =>
      log.commit((view) => {
        const row = view.row(broadcastKey(id));
        const next = row?.type === "broadcast" ? decide(row.broadcast) : null;
        if (row?.type !== "broadcast" || next === null) return { puts: [], result: null };
        return { puts: [[broadcastKey(id), { ...row, broadcast: next }]], result: next };
      }),

    claim: (broadcast, channel) => log.commit((view) => claim(view, broadcast, channel)),
    turn: (id, turn) =>
      log.commit((view) => {
        const put = turned(view, deliveryKey(id), turn);
        return { puts: put === null ? [] : [put], result: put !== null };
      }),
    turnAll: (broadcast, channel, turn) => turnAll(broadcast, channel, turn),
    tallies: (broadcast) => kept.deliveries.tallies(broadcast),
    deliveries: (broadcast) => [...kept.deliveries.all(broadcast)],
    waitingFor(from) {
      const subscription = kept.rows.subscription.get(subscriptionKey(from));
      if (subscription === undefined) return [];
      const person = personKeyOf(subscription);
      return all().flatMap((broadcast) => {
        const delivery = { broadcast: broadcast.id, channel: from.channel, person };
        const row = kept.row(deliveryKey(delivery));
        const waits = row?.type === "delivery" && row.delivery.status === "waiting";
        return waits ? [{ delivery, broadcast }] : [];
      });
    },
    async recoverBroadcasts() {
      for (const { id, status } of all()) {
        if (status === "freezing") {
          if (!freezing.has(id)) await discard(id);
          continue;
        }
        const turn: Turn = { from: ["claimed"], to: "doubtful" };
        if ((await turnAll(id, null, turn)) > 0) interrupted.push(id);
      }
      // A disk that was full on the way does not make those forgotten that were found before.
      const found = interrupted;
      interrupted = [];
      return found;
    },

    subscriberCounts() {
      const counts: SubscriberCounts = {};
      for (const { from, subscription } of kept.rows.subscription.values()) {
        const ofChannel = (counts[from.channel] ??= { people: 0, topics: {} });
        ofChannel.people += 1;
        for (const topic of subscription.topics) {
          const name =
            topic.type === "all" ? "all" : topic.type === "field" ? topic.id : topic.code;
          ofChannel.topics[name] = (ofChannel.topics[name] ?? 0) + 1;
        }
      }
      return counts;
    },
    countMeant(draft) {
      const people: Record<string, number> = {};
      for (const { from } of meant(draft)) people[from.channel] = (people[from.channel] ?? 0) + 1;
      return people;
    },
    heartbeatOf(channel) {
      const row = kept.row(heartbeatKey(channel));
      return row?.type === "heartbeat" ? row.day : null;
    },
    setHeartbeat: (channel, day) =>
      log.commit(() => ({
        puts: [[heartbeatKey(channel), { type: "heartbeat", channel, day }]],
        result: undefined,
      })),
  };

  /** Oldest first. */
  function all(): Broadcast[] {
    return [...kept.rows.broadcast.values()].map((row) => row.broadcast);
  }

  async function freeze(draft: Draft, act: Act): Promise<Broadcast | null> {
    const begun = await log.commit((view) => begin(view, draft, act));
    if (begun === null) return null;
    const { broadcast, list } = begun;
    try {
      for (let at = 0; at < list.length; at += CHUNK) {
        const puts = list.slice(at, at + CHUNK).map((delivery): Put => {
          return [deliveryKey(delivery), { type: "delivery", delivery }];
        });
        await log.commit(() => ({ puts, result: undefined }));
      }
      const submitted = await log.commit((view) => submit(view, broadcast));
      const replaced = submitted === null ? [broadcast.id] : submitted.replaced;
      for (const id of replaced) await discardRows(id);
      if (submitted === null) await discard(broadcast.id);
      return submitted?.broadcast ?? null;
    } catch (error) {
      // What cannot be removed now either is removed at the next start.
      await discard(broadcast.id).catch(() => undefined);
      throw error;
    }
  }

  type Begun = { broadcast: Broadcast; list: Delivery[] };

  function begin(view: View, draft: Draft, act: Act): { puts: Put[]; result: Begun | null } {
    const earlier = versionsIn(view, draft.notice);
    if (earlier.some(wasReleased)) return { puts: [], result: null };
    const list = meant(draft).map((subscription): Delivery => ({
      broadcast: draft.id,
      channel: subscription.from.channel,
      person: personKeyOf(subscription),
      status: "waiting",
      reason: null,
      at: act.at,
    }));
    const people: Record<string, number> = {};
    for (const { channel } of list) people[channel] = (people[channel] ?? 0) + 1;
    const broadcast: Broadcast = {
      ...structuredClone(draft),
      version: Math.max(0, ...earlier.map(({ version }) => version)) + 1,
      status: "freezing",
      halted: null,
      people,
      startedAt: null,
      endedAt: null,
      acts: [act],
      totals: null,
    };
    const row: Row = { type: "broadcast", order: kept.nextOrder(), broadcast };
    return { puts: [[broadcastKey(draft.id), row]], result: { broadcast, list } };
  }

  type Submitted = { broadcast: Broadcast; replaced: string[] };

  /** The list is whole: the broadcast takes the place of the version before, unless that was released meanwhile. */
  function submit(view: View, frozen: Broadcast): { puts: Put[]; result: Submitted | null } {
    const row = view.row(broadcastKey(frozen.id));
    const earlier = versionsIn(view, frozen.notice).filter(({ id }) => id !== frozen.id);
    if (row?.type !== "broadcast" || earlier.some(wasReleased)) return { puts: [], result: null };
    // As it stands now: somebody on its list may have gone to another channel since.
    const broadcast: Broadcast = { ...row.broadcast, status: "submitted" };
    const replaced = earlier.filter(({ status }) => status === "submitted");
    const puts: Put[] = [[broadcastKey(frozen.id), { ...row, broadcast }]];
    for (const version of replaced) {
      const old = view.row(broadcastKey(version.id));
      if (old?.type !== "broadcast") continue;
      puts.push([
        broadcastKey(version.id),
        { ...old, broadcast: { ...version, status: "replaced" } },
      ]);
    }
    return { puts, result: { broadcast, replaced: replaced.map(({ id }) => id) } };
  }

  function versionsIn(view: View, notice: string): Broadcast[] {
    return [...kept.rows.broadcast.keys()].flatMap((key) => {
      const broadcast = broadcastIn(view.row(key));
      return broadcast?.notice === notice ? [broadcast] : [];
    });
  }

  function meant(draft: Pick<Draft, "audience" | "corrects">): RowOf<"subscription">[] {
    const { audience, corrects } = draft;
    if (corrects === null) {
      return [...kept.rows.subscription.values()].filter(({ from, subscription }) =>
        isMeantFor(audience, from.channel, subscription.topics),
      );
    }
    return [...kept.deliveries.all(corrects)].flatMap(({ channel, person, status }) => {
      // Who may have it needs the correction too.
      const has = status === "sent" || status === "doubtful" || status === "dismissed";
      const onChannel = audience.channels === null || audience.channels.includes(channel);
      const subscription = has && onChannel ? kept.subscriptionOf(person) : undefined;
      return subscription === undefined ? [] : [subscription];
    });
  }

  function claim(
    view: View,
    broadcast: string,
    channel: string,
  ): { puts: Put[]; result: Claimed | null } {
    const puts: Put[] = [];
    for (const key of kept.deliveries.waiting(broadcast, channel)) {
      const row = view.row(key);
      if (row?.type !== "delivery" || row.delivery.status !== "waiting") continue;
      const known = kept.subscriptionOf(row.delivery.person);
      const subscription = known && view.row(subscriptionKey(known.from));
      // Just moving to another address, or leaving, in this very batch: the next look finds them there, or gone.
      if (known !== undefined && subscription === undefined) continue;
      const stays =
        subscription?.type === "subscription" && personKeyOf(subscription) === row.delivery.person;
      if (stays && subscription.from.channel !== channel) {
        // They went on in another channel while this row was being written, or was claimed and put back.
        const to = { channel: subscription.from.channel, person: row.delivery.person };
        puts.push(...rerouted(seeing(view, puts), row, to, now()));
        continue;
      }
      const to = stays ? subscription.from : null;
      const delivery: Delivery = {
        ...row.delivery,
        status: to === null ? "left" : "claimed",
        at: now(),
      };
      puts.push([key, { type: "delivery", delivery }]);
      if (to !== null) return { puts, result: { delivery, to } };
    }
    return { puts, result: null };
  }

  function turned(view: View, key: string, { from, to, reason }: Turn): Put | null {
    const row = view.row(key);
    if (row?.type !== "delivery" || !from.includes(row.delivery.status)) return null;
    const delivery: Delivery = {
      ...row.delivery,
      status: to,
      reason: reason ?? null,
      at: now(),
    };
    return [key, { type: "delivery", delivery }];
  }

  async function turnAll(broadcast: string, channel: string | null, turn: Turn): Promise<number> {
    const keys = [...kept.deliveries.all(broadcast)]
      .filter((row) => turn.from.includes(row.status))
      .filter((row) => channel === null || row.channel === channel)
      .map(deliveryKey);
    let count = 0;
    for (let at = 0; at < keys.length; at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK);
      count += await log.commit((view) => {
        const puts = chunk.map((key) => turned(view, key, turn)).filter((put) => put !== null);
        return { puts, result: puts.length };
      });
    }
    return count;
  }

  async function discard(id: string): Promise<void> {
    await discardRows(id);
    await log.commit(() => ({ puts: [[broadcastKey(id), null]], result: undefined }));
  }

  async function discardRows(id: string): Promise<void> {
    const keys = [...kept.deliveries.keys(id)];
    for (let at = 0; at < keys.length; at += CHUNK) {
      const puts = keys.slice(at, at + CHUNK).map((key): Put => [key, null]);
      await log.commit(() => ({ puts, result: undefined }));
    }
  }
}

/** The view together with what is to be changed beside it. */
function seeing(view: View, puts: Put[]): View {
  const coming = new Map(puts);
  return {
    ...view,
    row: (key) => (coming.has(key) ? (coming.get(key) ?? undefined) : view.row(key)),
  };
}

function broadcastIn(row: Row | undefined): Broadcast | null {
  return row?.type === "broadcast" ? row.broadcast : null;
}

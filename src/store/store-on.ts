import { NO_MEMORY } from "../domain/conversation.ts";
import type { Address } from "../domain/reply.ts";
import type { PersonalData, Store } from "../domain/store.ts";
import { createBroadcastsOn } from "./broadcasts-on.ts";
import { carried } from "./carried.ts";
import type { ChangeLog, View } from "./changes.ts";
import { hasFaded, isFresh, isRecent, type Kept } from "./kept.ts";
import { moved } from "./moved.ts";
import {
  carryKey,
  contactKey,
  conversationKey,
  messageKey,
  newPersonKey,
  personKeyOf,
  processedKey,
  type Put,
  type Row,
  type RowOf,
  sendsKey,
  subscriptionKey,
  unansweredKey,
} from "./rows.ts";

/** The store's words in terms of rows. */
export function createStoreOn(kept: Kept, log: ChangeLog, now: () => Date): Store {
  return {
    ...createBroadcastsOn(kept, log, now),

    accept: (incoming) =>
      log.commit((view) => {
        const id = processedKey(incoming);
        const processed = view.row(id);
        const known = processed?.type === "processed" && isRecent(processed, now());
        if (known || view.row(messageKey(incoming)) !== undefined) {
          return { puts: [], result: false };
        }
        const message: Row = {
          type: "message",
          order: kept.nextOrder(),
          incoming: structuredClone(incoming),
          done: false,
        };
        const puts: Put[] = [
          [messageKey(incoming), message],
          [id, { type: "processed", at: now() }],
        ];
        return { puts, result: true };
      }),
    settle: (incoming) =>
      log.commit((view) => ({ puts: removal(view, messageKey(incoming)), result: undefined })),
    markDone: (incoming) =>
      log.commit((view) => {
        const row = view.row(messageKey(incoming));
        const puts: Put[] =
          row?.type === "message" ? [[messageKey(incoming), { ...row, done: true }]] : [];
        return { puts, result: undefined };
      }),
    wasDone(incoming) {
      const row = kept.row(messageKey(incoming));
      return row?.type === "message" && row.done;
    },
    pending: () => [...kept.rows.message.values()].map((row) => row.incoming),

    async subscribe(from, subscription) {
      const copy = structuredClone({ from, subscription });
      await log.commit((view) => {
        const known = view.row(subscriptionKey(from));
        const key = known?.type === "subscription" ? personKeyOf(known) : newPersonKey();
        const row: Row = { type: "subscription", key, ...copy };
        return { puts: [[subscriptionKey(from), row]], result: undefined };
      });
    },
    unsubscribe: (from) =>
      log.commit((view) => {
        const puts = removal(view, subscriptionKey(from));
        return { puts, result: puts.length > 0 };
      }),
    subscriptionOf: (from) =>
      kept.rows.subscription.get(subscriptionKey(from))?.subscription ?? null,
    countSends: (channel, month, sends) =>
      log.commit((view) => {
        const known = view.row(sendsKey(channel, month));
        const count = (known?.type === "sends" ? known.count : 0) + sends;
        const row: Row = { type: "sends", channel, month, count };
        return { puts: [[sendsKey(channel, month), row]], result: count };
      }),
    sendsIn(channel, month) {
      const row = kept.row(sendsKey(channel, month));
      return row?.type === "sends" ? row.count : 0;
    },
    noteContact(from, at) {
      const row: Row = { type: "contact", from, at };
      log
        .commit(() => ({ puts: [[contactKey(from), row]], result: undefined }))
        .catch(() => undefined);
    },
    lastContactOf(from) {
      const row = kept.row(contactKey(from));
      return row?.type === "contact" ? row.at : null;
    },
    countOutOfWindow(channel, since) {
      let count = 0;
      for (const { from } of kept.rows.subscription.values()) {
        if (from.channel !== channel) continue;
        const contact = kept.rows.contact.get(contactKey(from));
        if (contact === undefined || contact.at < since) count += 1;
      }
      return count;
    },

    async recordUnanswered(entry) {
      const copy = structuredClone(entry);
      await log.commit(() => {
        const order = kept.nextOrder();
        const row: Row = { type: "unanswered", order, entry: copy };
        return { puts: [[unansweredKey(order), row]], result: undefined };
      });
    },
    unanswered: () =>
      [...kept.rows.unanswered.values()]
        .filter((row) => isFresh(row, now()))
        .map((row) => row.entry),

    recall(from, at) {
      const row = kept.rows.conversation.get(conversationKey(from));
      return row === undefined || hasFaded(row, at) ? NO_MEMORY : row.memory;
    },
    remember(from, at, memory) {
      const row: RowOf<"conversation"> = structuredClone({
        type: "conversation",
        from,
        at,
        memory,
      });
      kept.recallFrom(conversationKey(from), row);
      // Nobody waits for it: a conversation that a crash forgets is only a question asked again.
      log
        .commit(() => ({ puts: [[conversationKey(from), row]], result: undefined }))
        .catch(() => undefined);
    },

    dataOf: (from, at) =>
      dataIn(
        kept.rows.subscription.get(subscriptionKey(from)),
        kept.rows.conversation.get(conversationKey(from)),
        kept.row(carryKey(from)),
        at,
      ),
    erase: (from) =>
      log.commit((view) => {
        const conversation = conversationKey(from);
        const waiting = [...view.messages()].filter(([, row]) => isSame(row.incoming.from, from));
        const keys = [
          subscriptionKey(from),
          conversation,
          contactKey(from),
          carryKey(from),
          ...waiting.map(([key]) => key),
        ];
        const result = dataIn(
          view.row(subscriptionKey(from)),
          kept.rows.conversation.get(conversation),
          view.row(carryKey(from)),
          now(),
        );
        return { puts: keys.map((key) => [key, null] as const), result };
      }),

    move: (from, to) =>
      log.commit((view) => ({ puts: moved(kept, view, from, to, now()), result: undefined })),

    offerCarry: (from, code, expiresAt) =>
      log.commit((view) => {
        const key = carryKey(from);
        const others = [...kept.rows.carry.keys()].flatMap((other) => {
          const row = view.row(other);
          return other !== key && row?.type === "carry" ? [row] : [];
        });
        if (others.some((row) => row.code === code)) return { puts: [], result: false };
        const over = others.filter((row) => row.expiresAt <= now());
        const row: Row = { type: "carry", from, code, expiresAt };
        const puts: Put[] = [[key, row], ...over.map((old): Put => [carryKey(old.from), null])];
        return { puts, result: true };
      }),
    carry: (code, to, at) => log.commit((view) => carried(kept, view, { code, to, at })),

    health: () => log.health(),
    close: () => log.close(),
  };
}

function removal(view: View, key: string): Put[] {
  return view.row(key) === undefined ? [] : [[key, null]];
}

function isSame(one: Address, other: Address): boolean {
  return one.channel === other.channel && one.person === other.person;
}

function dataIn(
  subscription: Row | undefined,
  conversation: RowOf<"conversation"> | undefined,
  carry: Row | undefined,
  at: Date,
): PersonalData {
  const talking = conversation !== undefined && !hasFaded(conversation, at);
  return {
    subscription: subscription?.type === "subscription" ? subscription.subscription : null,
    hasConversation: talking,
    commune: talking ? conversation.memory.commune : null,
    hasCarryCode: carry?.type === "carry" && carry.expiresAt > at,
  };
}

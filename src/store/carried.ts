import { NO_MEMORY } from "../domain/conversation.ts";
import type { Address } from "../domain/reply.ts";
import type { Carried } from "../domain/store.ts";
import { hasFaded, type Kept } from "./kept.ts";
import { movedSubscription } from "./moved.ts";
import { carryKey, conversationKey, type Put, type RowOf, subscriptionKey } from "./rows.ts";
import type { View } from "./changes.ts";

/**
 * What to change when somebody types a code to go on in another channel. The person key goes with the subscription, unless they have one there
 * already; announcements that wait for them wait in the new channel from now on (see `rerouted`). One that is under way at this moment is
 * settled where it was sent. Messages not yet answered stay: their answer belongs to the chat they were written in.
 */
export function carried(
  kept: Kept,
  view: View,
  { code, to, at }: { code: string; to: Address; at: Date },
): { puts: Put[]; result: Carried } {
  const offer = offerOf(kept, view, code, at);
  if (offer === null) return { puts: [], result: { status: "unknown" } };
  const { from } = offer;
  if (from.channel === to.channel && from.person === to.person) {
    return { puts: [], result: { status: "same-chat" } };
  }
  const old = view.row(subscriptionKey(from));
  const subscription = old?.type === "subscription" ? old : null;
  const talk = kept.rows.conversation.get(conversationKey(from));
  const commune = talk === undefined || hasFaded(talk, at) ? null : talk.memory.commune;
  if (subscription === null && commune === null) {
    return { puts: [], result: { status: "unknown" } };
  }
  const puts: Put[] = [
    [carryKey(from), null],
    ...movedSubscription(kept, view, from, to, at),
    ...(talk === undefined || commune === null ? [] : carriedCommune(kept, talk, to, at)),
  ];
  const moved = { subscription: subscription?.subscription ?? null, commune };
  return { puts, result: { status: "carried", ...moved } };
}

function offerOf(kept: Kept, view: View, code: string, at: Date): RowOf<"carry"> | null {
  for (const key of kept.rows.carry.keys()) {
    const row = view.row(key);
    if (row?.type === "carry" && row.code === code && row.expiresAt > at) return row;
  }
  return null;
}

/** What was said of where they live goes along; what else was spoken about stays. A place named in the new chat counts more. */
function carriedCommune(kept: Kept, talk: RowOf<"conversation">, to: Address, at: Date): Put[] {
  const known = kept.rows.conversation.get(conversationKey(to));
  const memory = known === undefined || hasFaded(known, at) ? NO_MEMORY : known.memory;
  const commune = memory.commune ?? talk.memory.commune;
  return [
    [conversationKey(talk.from), { ...talk, memory: { ...talk.memory, commune: null } }],
    [conversationKey(to), { type: "conversation", from: to, at, memory: { ...memory, commune } }],
  ];
}

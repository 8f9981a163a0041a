import { type Broadcast, wasReleased } from "../domain/broadcast.ts";
import type { Reply } from "../domain/reply.ts";
import { staffName } from "../domain/staff.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { found, roleRefusal, stateOf } from "./desk-find.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import {
  cannotResume,
  cannotStop,
  EXPIRED_RELEASED,
  NOTHING_SENDING,
  notStopped,
  resumed,
  stopped,
  USAGE,
  wasCorrected,
} from "./desk-sentences.ts";
import { correctionOf, type Found } from "./find-notice.ts";
import { sumOfTallies, talliesOf } from "./report.ts";
import { plainReply } from "./plain-reply.ts";
import { resume, stop } from "./transitions.ts";

/** `/dung`: one, or everything that is sent or waits for its time. Any of the staff may. */
export async function stopNotices(options: StaffDeskOptions, asked: Asked): Promise<Reply> {
  if (asked.words.length === 0) {
    const released = options.store.released();
    if (released.length === 0) return plainReply(NOTHING_SENDING);
    const lines = await Promise.all(released.map((one) => stopOne(options, asked, one)));
    return plainReply(lines.join("\n"));
  }
  const one = found(options, asked, USAGE.stop);
  if ("refused" in one) return one.refused;
  const { broadcast } = one;
  return plainReply(
    broadcast === null
      ? cannotStop(one.id, stateOf(options, one))
      : await stopOne(options, asked, broadcast),
  );
}

async function stopOne(
  options: StaffDeskOptions,
  { by }: Asked,
  { id, notice }: Broadcast,
): Promise<string> {
  const { store, now } = options;
  try {
    const changed = await store.change(id, stop({ by: staffName(by.address), at: now() }));
    if (changed !== null) return stopped(id, waitingIn(options, changed));
    return cannotStop(id, stateOf(options, asFound(notice, store.broadcast(id))));
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return notStopped(id);
  }
}

/** `/tiep`: from a stop or a halt back to sending. */
export async function resumeNotice(options: StaffDeskOptions, asked: Asked): Promise<Reply> {
  const { store, now } = options;
  const one = found(options, asked, USAGE.resume);
  if ("refused" in one) return one.refused;
  const refusal = roleRefusal(asked, "approver");
  if (refusal !== null) return refusal;
  const { broadcast } = one;
  if (broadcast === null || !wasReleased(broadcast)) {
    return plainReply(cannotResume(one.id, stateOf(options, one)));
  }
  if (broadcast.expiresAt <= now()) return plainReply(EXPIRED_RELEASED);
  const correction = correctionOf(broadcast.id, store.broadcasts());
  if (correction !== null) return plainReply(wasCorrected(broadcast.id, correction.id));
  const by = staffName(asked.by.address);
  const changed = await store.change(broadcast.id, resume({ by, at: now() }));
  if (changed === null) {
    const current = asFound(one.id, store.broadcast(broadcast.id));
    return plainReply(cannotResume(broadcast.id, stateOf(options, current)));
  }
  options.wake();
  return plainReply(resumed(changed.id, waitingIn(options, changed)));
}

function asFound(id: string, broadcast: Broadcast | null): Found {
  return { id, notice: null, broadcast };
}

/** Those under way at this moment may still get it. */
function waitingIn({ store }: StaffDeskOptions, broadcast: Broadcast): number {
  return sumOfTallies(talliesOf(store, broadcast)).waiting;
}

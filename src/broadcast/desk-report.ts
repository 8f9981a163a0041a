import { type Broadcast, wasReleased } from "../domain/broadcast.ts";
import { fold } from "../domain/fold.ts";
import type { Reply } from "../domain/reply.ts";
import { staffName } from "../domain/staff.ts";
import { isStoreUnavailable } from "../domain/store.ts";
import { found, roleRefusal, stateOf } from "./desk-find.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import {
  dismissed,
  EXPIRED_RELEASED,
  MAYBE_HALF_DONE,
  NO_DOUBTFUL,
  notReleased,
  resent,
  resentWhenResumed,
  USAGE,
  wasCorrected,
} from "./desk-sentences.ts";
import { correctionOf } from "./find-notice.ts";
import { reportLines, sumOfTallies, talliesOf } from "./report.ts";
import { plainReply } from "./plain-reply.ts";
import { decideDoubtful } from "./transitions.ts";

/** `/baocao`: what became of everybody; with "bỏ qua" or "gửi lại": what becomes of those of whom nobody knows. */
export async function report(options: StaffDeskOptions, asked: Asked): Promise<Reply> {
  const { store, now } = options;
  const one = found(options, asked, USAGE.report);
  if ("refused" in one) return one.refused;
  const { broadcast } = one;
  if (broadcast === null || !wasReleased(broadcast)) {
    return plainReply(notReleased(stateOf(options, one)));
  }
  switch (fold(asked.words.slice(1).join(" "))) {
    case "": {
      const tallies = talliesOf(store, broadcast);
      const lines = reportLines(broadcast, tallies, store.deliveries(broadcast.id), now());
      return plainReply(lines.join("\n"));
    }
    case "bo qua":
      return decide(asked, () => dismissDoubtful(options, asked, broadcast));
    case "gui lai":
      return decide(asked, () => resendDoubtful(options, asked, broadcast));
    default:
      return plainReply(USAGE.report);
  }
}

/** Rows and record are changed one after another: when the second cannot be written, the first stays, and the command may be given again. */
async function decide(asked: Asked, act: () => Promise<string>): Promise<Reply> {
  const refusal = roleRefusal(asked, "approver");
  if (refusal !== null) return refusal;
  try {
    return plainReply(await act());
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    return plainReply(MAYBE_HALF_DONE);
  }
}

async function dismissDoubtful(
  { store, now }: StaffDeskOptions,
  { by }: Asked,
  { id }: Broadcast,
): Promise<string> {
  if (sumOfTallies(store.tallies(id)).doubtful === 0) return NO_DOUBTFUL;
  const doer = { by: staffName(by.address), at: now() };
  await store.change(id, decideDoubtful("dismissed-doubtful", doer));
  return dismissed(await store.turnAll(id, null, { from: ["doubtful"], to: "dismissed" }));
}

async function resendDoubtful(
  { store, now, wake }: StaffDeskOptions,
  { by }: Asked,
  { id, status, expiresAt }: Broadcast,
): Promise<string> {
  if (expiresAt <= now()) return EXPIRED_RELEASED;
  const correction = correctionOf(id, store.broadcasts());
  if (correction !== null) return wasCorrected(id, correction.id);
  // First the rows: opened with nobody waiting, it would be finished again at once.
  const turned = await store.turnAll(id, null, { from: ["doubtful"], to: "waiting" });
  // People wait in a finished one when it could not be opened the last time.
  const count = status === "finished" ? sumOfTallies(store.tallies(id)).waiting : turned;
  if (count === 0) return NO_DOUBTFUL;
  const doer = { by: staffName(by.address), at: now() };
  const changed = await store.change(id, decideDoubtful("resent-doubtful", doer));
  if (changed?.status !== "released") return resentWhenResumed(count, id);
  wake();
  return resent(count);
}

import type { Broadcast } from "../domain/broadcast.ts";
import { dayOf } from "../domain/day.ts";
import type { Reply } from "../domain/reply.ts";
import { spokenCode } from "../domain/spoken-code.ts";
import { staffName } from "../domain/staff.ts";
import { approveCommand, describedBy, outlookOf, reachLines } from "./describe.ts";
import { found, roleRefusal, stateOf } from "./desk-find.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import {
  alreadyReleased,
  CORRECTS_FORGOTTEN,
  CORRECTS_UNSENT,
  correctsUnderWay,
  EXPIRED,
  FILE_GONE,
  NO_RECIPIENTS,
  USAGE,
} from "./desk-sentences.ts";
import { releasedOf } from "./find-notice.ts";
import { peopleInWords, sumOf } from "./reach.ts";
import { plainReply } from "./plain-reply.ts";
import { sumOfTallies } from "./report.ts";

const CODE_LENGTH = 5;

/** `/trinh`: freezes text and list under a new code; before the release, again as the next version. */
export async function submitNotice(options: StaffDeskOptions, asked: Asked): Promise<Reply> {
  const { store, now } = options;
  const one = found(options, asked, USAGE.submit);
  if ("refused" in one) return one.refused;
  const refusal = roleRefusal(asked, "author");
  if (refusal !== null) return refusal;
  const { notice, id: noticeId } = one;
  const released = refuseReleased(options, noticeId);
  if (released !== null) return released;
  if (notice === null) return plainReply(FILE_GONE);
  const described = describedBy(notice);
  if (described.expiresAt <= now()) return plainReply(EXPIRED);
  const corrected = releasedOf(notice.corrects, store.broadcasts());
  if (notice.corrects !== null && corrected === null) return plainReply(CORRECTS_UNSENT);
  const unready = corrected === null ? null : refuseCorrection(options, corrected);
  if (unready !== null) return unready;
  const corrects = corrected?.id ?? null;
  const meant = store.countMeant({ audience: notice.audience, corrects });
  if (sumOf(meant) === 0) return plainReply(NO_RECIPIENTS);

  const id = freshCode(options);
  const at = now();
  const draft = {
    ...described,
    id,
    notice: noticeId,
    digest: options.digestOf(notice),
    title: notice.title,
    blocks: options.compose(notice, dayOf(at), id, corrected),
    corrects,
  };
  const by = staffName(asked.by.address);
  const submitted = await store.submit(draft, { did: "submitted", by, at });
  if (submitted === null) return refuseReleased(options, noticeId) ?? plainReply(FILE_GONE);
  return plainReply(
    `Đã trình bản ${submitted.version}, mã ${id}: ${sumOf(submitted.people)} người (${peopleInWords(submitted.people)}).`,
    reachLines(submitted, outlookOf(store, submitted, options.reach(), at)).join("\n"),
    `Người duyệt xem trước bằng /xem ${id} rồi gõ: ${approveCommand(submitted)}`,
  );
}

/** Whoever gets the wrong one after the list was frozen would not get the correction. */
function refuseCorrection({ store }: StaffDeskOptions, corrected: Broadcast): Reply | null {
  const { waiting, claimed } = sumOfTallies(store.tallies(corrected.id));
  const goesOn = corrected.status === "released" && waiting > 0;
  if (goesOn || claimed > 0) return plainReply(correctsUnderWay(corrected.id));
  const isForgotten = corrected.totals !== null && store.deliveries(corrected.id).length === 0;
  return isForgotten ? plainReply(CORRECTS_FORGOTTEN) : null;
}

/** Rule 5: null while no version of the notice was released. */
function refuseReleased(options: StaffDeskOptions, noticeId: string): Reply | null {
  const broadcast = releasedOf(noticeId, options.store.broadcasts());
  if (broadcast === null) return null;
  const state = stateOf(options, { id: noticeId, notice: null, broadcast });
  return plainReply(alreadyReleased(broadcast.id, state));
}

function freshCode({ store, randomInt }: StaffDeskOptions): string {
  for (;;) {
    const code = `TB${spokenCode(CODE_LENGTH, randomInt)}`;
    if (store.broadcast(code) === null) return code;
  }
}

import { dayOf } from "../domain/day.ts";
import { wasReleased } from "../domain/broadcast.ts";
import type { Reply } from "../domain/reply.ts";
import { staffName } from "../domain/staff.ts";
import { describedBy, reachLines } from "./describe.ts";
import { found, roleRefusal, stateOf } from "./desk-find.ts";
import { approveCommand, correctedBy } from "./desk-look.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import {
  alreadyReleased,
  CORRECTS_UNSENT,
  EXPIRED,
  FILE_GONE,
  NO_RECIPIENTS,
  USAGE,
} from "./desk-sentences.ts";
import { foundById } from "./find-notice.ts";
import { peopleInWords, sumOf } from "./reach.ts";
import { staffReply } from "./staff-reply.ts";

/** No letter or digit that is taken for another when it is read out. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
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
  if (notice === null) return staffReply(FILE_GONE);
  const described = describedBy(notice);
  if (described.expiresAt <= now()) return staffReply(EXPIRED);
  const corrected = correctedBy(options, notice);
  if (notice.corrects !== null && corrected === null) return staffReply(CORRECTS_UNSENT);
  const corrects = corrected?.id ?? null;
  const meant = store.countMeant({ audience: notice.audience, corrects });
  if (sumOf(meant) === 0) return staffReply(NO_RECIPIENTS);

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
  if (submitted === null) return refuseReleased(options, noticeId) ?? staffReply(FILE_GONE);
  return staffReply(
    `Đã trình bản ${submitted.version}, mã ${id}: ${sumOf(submitted.people)} người (${peopleInWords(submitted.people)}).`,
    reachLines(submitted, options.reach()).join("\n"),
    `Người duyệt xem trước bằng /xem ${id} rồi gõ: ${approveCommand(submitted)}`,
  );
}

/** Rule 5: null while no version of the notice was released. */
function refuseReleased(options: StaffDeskOptions, noticeId: string): Reply | null {
  const current = foundById(noticeId, options.notices(), options.store.broadcasts());
  const { broadcast } = current;
  return broadcast !== null && wasReleased(broadcast)
    ? staffReply(alreadyReleased(broadcast.id, stateOf(options, current)))
    : null;
}

function freshCode({ store, randomInt }: StaffDeskOptions): string {
  for (;;) {
    const letters = Array.from({ length: CODE_LENGTH }, () =>
      ALPHABET.charAt(randomInt(ALPHABET.length)),
    );
    const code = `TB${letters.join("")}`;
    if (store.broadcast(code) === null) return code;
  }
}

import type { Reply } from "../domain/reply.ts";
import type { StaffRole } from "../domain/staff.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import { ambiguousId, lacksRole, unknownId } from "./desk-sentences.ts";
import { findNotice, type Found } from "./find-notice.ts";
import { stateInWords, talliesOf } from "./report.ts";
import { staffReply } from "./staff-reply.ts";

/** What is typed back to staff is cut to this. */
const SHOWN = 40;

/** The notice that the first word names, or the reply that says why there is none. */
export function found(
  { store, notices }: StaffDeskOptions,
  { words }: Asked,
  usage: string,
): Found | { refused: Reply } {
  const [typed] = words;
  if (typed === undefined) return { refused: staffReply(usage) };
  const search = findNotice(typed, notices(), store.broadcasts());
  if ("found" in search) return search.found;
  const shown = typed.slice(0, SHOWN);
  return {
    refused: staffReply(
      "unknown" in search ? unknownId(shown) : ambiguousId(shown, search.ambiguous),
    ),
  };
}

/** Null: staff may do it. */
export function roleRefusal({ by }: Asked, role: StaffRole): Reply | null {
  return by.roles.includes(role) ? null : staffReply(lacksRole(role));
}

/** Where a notice stands, in a few words. */
export function stateOf({ store, now }: StaffDeskOptions, { notice, broadcast }: Found): string {
  if (broadcast !== null) return stateInWords(broadcast, talliesOf(store, broadcast), now());
  const isExpired = notice !== null && new Date(notice.expiresAt) <= now();
  return isExpired ? "hết hạn, chưa gửi" : "chưa trình";
}

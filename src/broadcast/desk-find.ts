import type { Reply } from "../domain/reply.ts";
import type { StaffRole } from "../domain/staff.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import { ambiguousId, lacksRole, unknownId } from "./desk-sentences.ts";
import { findNotice, type Found } from "./find-notice.ts";
import { foundInWords, talliesOf } from "./report.ts";
import { plainReply } from "./plain-reply.ts";

/** What is typed back to staff is cut to this. */
const SHOWN = 40;

/** The notice that the first word names, or the reply that says why there is none. */
export function found(
  { store, notices }: StaffDeskOptions,
  { words }: Asked,
  usage: string,
): Found | { refused: Reply } {
  const [typed] = words;
  if (typed === undefined) return { refused: plainReply(usage) };
  const search = findNotice(typed, notices(), store.broadcasts());
  if ("found" in search) return search.found;
  const shown = typed.slice(0, SHOWN);
  return {
    refused: plainReply(
      "unknown" in search ? unknownId(shown) : ambiguousId(shown, search.ambiguous),
    ),
  };
}

/** Null: staff may do it. */
export function roleRefusal({ by }: Asked, role: StaffRole): Reply | null {
  return by.roles.includes(role) ? null : plainReply(lacksRole(role));
}

/** Where a notice stands, in a few words. */
export function stateOf({ store, now }: StaffDeskOptions, one: Found): string {
  return foundInWords(one, one.broadcast === null ? {} : talliesOf(store, one.broadcast), now());
}

import type { Broadcast } from "../domain/broadcast.ts";
import { wasReleased } from "../domain/broadcast.ts";
import type { Notice } from "../domain/notice.ts";

/** A notice as staff mean it: its file, where that is loaded, and the broadcast they named, or the one that counts today. */
export type Found = { id: string; notice: Notice | null; broadcast: Broadcast | null };

export type Search = { found: Found } | { unknown: string } | { ambiguous: string[] };

const CHOICES_SHOWN = 5;

/**
 * Finds a notice by its id, an unambiguous beginning of it, or a broadcast's code. Looks only among what is loaded and stored: what is typed
 * never becomes part of a path. `broadcasts`: newest first.
 */
export function findNotice(typed: string, notices: Notice[], broadcasts: Broadcast[]): Search {
  const wanted = typed.toLowerCase();
  const named = broadcasts.find(({ id }) => id.toLowerCase() === wanted);
  if (named !== undefined) {
    const notice = notices.find(({ id }) => id === named.notice) ?? null;
    return { found: { id: named.notice, notice, broadcast: named } };
  }
  const ids = knownIds(notices, broadcasts);
  const exact = ids.filter((id) => id.toLowerCase() === wanted);
  const matching = exact.length > 0 ? exact : ids.filter((id) => beginsWith(id, wanted));
  const [id] = matching;
  if (id === undefined) return { unknown: typed };
  if (matching.length > 1) return { ambiguous: matching.slice(0, CHOICES_SHOWN) };
  return { found: foundById(id, notices, broadcasts) };
}

function beginsWith(id: string, wanted: string): boolean {
  return wanted !== "" && id.toLowerCase().startsWith(wanted);
}

export function foundById(id: string, notices: Notice[], broadcasts: Broadcast[]): Found {
  return {
    id,
    notice: notices.find((notice) => notice.id === id) ?? null,
    broadcast: currentOf(id, broadcasts),
  };
}

/** Every notice that is loaded or was ever submitted, newest first. */
export function knownIds(notices: Notice[], broadcasts: Broadcast[]): string[] {
  const ids = [...notices.map(({ id }) => id), ...broadcasts.map(({ notice }) => notice)];
  return [...new Set(ids)].sort().reverse();
}

/** The broadcast by which a notice went to people; null: it never did. */
export function releasedOf(notice: string | null, broadcasts: Broadcast[]): Broadcast | null {
  return broadcasts.find((one) => one.notice === notice && wasReleased(one)) ?? null;
}

/** What puts a broadcast right, once that was submitted: the wrong one then goes to nobody else. */
export function correctionOf(id: string, broadcasts: Broadcast[]): Broadcast | null {
  return (
    broadcasts.find(
      ({ corrects, status }) => corrects === id && status !== "freezing" && status !== "replaced",
    ) ?? null
  );
}

/** The broadcast that counts for a notice: the released one, else its last version. */
export function currentOf(notice: string, broadcasts: Broadcast[]): Broadcast | null {
  const versions = broadcasts.filter((broadcast) => broadcast.notice === notice);
  const whole = versions.find(({ status }) => status !== "freezing");
  return releasedOf(notice, broadcasts) ?? whole ?? versions[0] ?? null;
}

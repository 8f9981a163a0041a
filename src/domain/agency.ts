import type { Day } from "./day.ts";

/** A body a citizen deals with, and the days it exists, both ends included. */
export type Agency = {
  id: string;
  name: string;
  shortName: string;
  aliases: string[];
  /** What a citizen asks it for, in one line. */
  about: string;
  fields: string[];
  from: Day;
  to: Day | null;
  /** Who took over, by field; "*" is every field not named before it. */
  successors: { fields: string[]; agency: string }[];
  address: string | null;
  phone: string | null;
  website: string | null;
  /** False: nobody has confirmed the name yet; it is shown with that remark. */
  confirmed: boolean;
  /** A kind of body (the school, the employer), not one body. */
  generic: boolean;
  note: string | null;
  legal: string | null;
  reviewedOn: Day;
};

/**
 * The body that handles `field` on `day` for somebody who names agency `id`: itself, the one that took over, or, before it existed, the one it took over from.
 * Nothing when no body is known for that day.
 */
export function agencyOn(
  agencies: Record<string, Agency>,
  id: string,
  field: string,
  day: Day,
): Agency | undefined {
  const start = agencies[id];
  if (start === undefined) return undefined;
  if (start.from > day) return predecessorOn(agencies, start, field, day, new Set());
  const seen = new Set<string>();
  let current: Agency | undefined = start;
  while (current !== undefined && !seen.has(current.id)) {
    if (isAlive(current, day)) return current;
    seen.add(current.id);
    current = successorOf(agencies, current, field);
  }
  return undefined;
}

export function isAlive(agency: Agency, day: Day): boolean {
  return agency.from <= day && (agency.to === null || day <= agency.to);
}

function successorOf(
  agencies: Record<string, Agency>,
  agency: Agency,
  field: string,
): Agency | undefined {
  const heir =
    agency.successors.find((row) => row.fields.includes(field)) ??
    agency.successors.find((row) => row.fields.includes("*"));
  return heir === undefined ? undefined : agencies[heir.agency];
}

function predecessorOn(
  agencies: Record<string, Agency>,
  agency: Agency,
  field: string,
  day: Day,
  seen: Set<string>,
): Agency | undefined {
  if (seen.has(agency.id)) return undefined;
  seen.add(agency.id);
  for (const earlier of Object.values(agencies)) {
    if (successorOf(agencies, earlier, field)?.id !== agency.id) continue;
    if (isAlive(earlier, day)) return earlier;
    const found = predecessorOn(agencies, earlier, field, day, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

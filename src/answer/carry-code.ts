import { randomInt } from "node:crypto";
import { toPlainText } from "../domain/fold.ts";
import type { Address } from "../domain/reply.ts";
import { CODE_ALPHABET, spokenCode } from "../domain/spoken-code.ts";

/** Codes by which somebody goes on in another channel: `CK7K3FQR`. */
const PREFIX = "CK";
const LENGTH = 6;
export const CARRY_CODE_VALID_MS = 15 * 60 * 1000;

/** With a digit: words that run together ("ckdanhme") are never taken for a code. */
const CODE = new RegExp(`^${PREFIX}(?=[A-Z]*\\d)[${CODE_ALPHABET}]{${LENGTH}}$`);
/** What may stand before it: "mã CK7K3FQR", "/chuyenkenh CK7K3FQR". */
const BEFORE = /^(?:\/?chuy[eể]n ?k[eê]nh )?(?:m[aã] )?/iu;

export function newCarryCode(): string {
  for (;;) {
    const code = PREFIX + spokenCode(LENGTH, randomInt);
    if (CODE.test(code)) return code;
  }
}

/** The code a message consists of, or null. */
export function carryCodeIn(text: string): string | null {
  const typed = toPlainText(text)
    .replace(BEFORE, "")
    .replace(/[.!]+$/u, "")
    .toUpperCase();
  return CODE.test(typed) ? typed : null;
}

const TRIES = 5;
const PER_MS = 60 * 60 * 1000;
const REMEMBERED = 10_000;

/** Counts codes typed at one address, so that they cannot be tried out: false once there were too many in the last hour. A restart forgets them. */
export function createTries(): (from: Address, at: Date) => boolean {
  const tries = new Map<string, number[]>();
  return (from, at) => {
    const key = `${from.channel}\n${from.person}`;
    const recent = (tries.get(key) ?? []).filter((tried) => at.getTime() - tried < PER_MS);
    if (recent.length >= TRIES) return false;
    tries.delete(key);
    tries.set(key, [...recent, at.getTime()]);
    // The oldest are the least likely to be within the hour.
    if (tries.size > REMEMBERED) tries.delete(tries.keys().next().value ?? key);
    return true;
  };
}

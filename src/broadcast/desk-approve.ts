import { timingSafeEqual } from "node:crypto";
import { type Broadcast, wasReleased } from "../domain/broadcast.ts";
import { formatMoment } from "../domain/day.ts";
import { isQuiet } from "../domain/quiet-hours.ts";
import type { Reply } from "../domain/reply.ts";
import { staffName } from "../domain/staff.ts";
import { approveCommand, outlookOf, reachLines } from "./describe.ts";
import { found, roleRefusal, stateOf } from "./desk-find.ts";
import type { Asked, StaffDeskOptions } from "./desk-options.ts";
import * as sentences from "./desk-sentences.ts";
import { currentOf } from "./find-notice.ts";
import { sumOf } from "./reach.ts";
import { stageOf } from "./schedule.ts";
import { plainReply } from "./plain-reply.ts";
import { authorOf, release } from "./transitions.ts";

/** A code that was sent to one approver for one version. */
type Issued = { broadcast: string; code: string; at: Date; triesLeft: number };

const CODE_DIGITS = 6;
const CODE_VALID_MS = 10 * 60 * 1000;
const TRIES = 3;

/**
 * `/duyet <id> <count>` sends a code, `/duyet <id> <count> <code>` releases. Codes are kept in memory only: after a restart another is asked for.
 */
export function createApproval(options: StaffDeskOptions): (asked: Asked) => Promise<Reply> {
  const { store, now } = options;
  /** By approver and notice. */
  const codes = new Map<string, Issued>();

  function issue(key: string, broadcast: Broadcast): Reply {
    const code = String(options.randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, "0");
    codes.set(key, { broadcast: broadcast.id, code, at: now(), triesLeft: TRIES });
    return plainReply(
      `${broadcast.id}, bản ${broadcast.version}: ${broadcast.title}`,
      reachLines(broadcast, outlookOf(store, broadcast, options.reach(), now())).join("\n"),
      sentences.codeIssued(code, approveCommand(broadcast)),
    );
  }

  /** Why a code does not release this version; null: it does. */
  function codeRefusal(key: string, broadcast: Broadcast, typed: string): string | null {
    const issued = codes.get(key);
    if (issued === undefined) return sentences.NO_CODE;
    const stale = staleness(issued, broadcast, now());
    if (stale !== null) {
      codes.delete(key);
      return stale;
    }
    if (isSame(issued.code, typed)) return null;
    issued.triesLeft -= 1;
    if (issued.triesLeft > 0) return sentences.wrongCode(issued.triesLeft);
    codes.delete(key);
    return sentences.TOO_MANY_TRIES;
  }

  async function releaseNow(key: string, broadcast: Broadcast, by: string): Promise<Reply> {
    const changed = await store.change(broadcast.id, release({ by, at: now() }));
    if (changed === null) {
      const why = refusalOf(options, broadcast.id, by);
      return plainReply(why ?? sentences.NOT_SUBMITTED);
    }
    codes.delete(key);
    options.wake();
    return plainReply(sentences.released(changed.id, whenSent(changed, now())));
  }

  return async (asked) => {
    const one = found(options, asked, sentences.USAGE.approve);
    if ("refused" in one) return one.refused;
    const refusal = roleRefusal(asked, "approver");
    if (refusal !== null) return refusal;
    const { broadcast } = one;
    const [, count, ...code] = asked.words;
    if (broadcast === null) return plainReply(sentences.NOT_SUBMITTED);
    const by = staffName(asked.by.address);
    const why = refusalOf(options, broadcast.id, by);
    if (why !== null) return plainReply(why);
    if (count === undefined) return plainReply(sentences.USAGE.approve);
    if (numberIn(count) !== sumOf(broadcast.people)) return plainReply(sentences.WRONG_COUNT);
    const key = `${by} ${broadcast.notice}`;
    if (code.length === 0) return issue(key, broadcast);
    const wrong = codeRefusal(key, broadcast, code.join(""));
    return wrong === null ? releaseNow(key, broadcast, by) : plainReply(wrong);
  };
}

/** Why a broadcast cannot be released by somebody just now; null: it can. */
function refusalOf(options: StaffDeskOptions, id: string, by: string): string | null {
  const broadcasts = options.store.broadcasts();
  const broadcast = options.store.broadcast(id);
  if (broadcast === null) return sentences.NOT_SUBMITTED;
  const current = currentOf(broadcast.notice, broadcasts) ?? broadcast;
  if (wasReleased(current)) {
    const state = stateOf(options, { id: current.notice, notice: null, broadcast: current });
    return sentences.alreadyReleased(current.id, state);
  }
  if (current.id !== broadcast.id) return sentences.newerVersion(current.version, current.id);
  if (broadcast.status === "freezing") return sentences.FREEZING;
  if (broadcast.status === "replaced" || broadcast.expiresAt <= options.now()) {
    return sentences.EXPIRED;
  }
  if (authorOf(broadcast) === by) return sentences.OWN;
  const notice = options.notices().find((one) => one.id === broadcast.notice);
  if (notice === undefined) return sentences.SUBMITTED_FILE_GONE;
  if (options.digestOf(notice) !== broadcast.digest) return sentences.SUBMITTED_FILE_CHANGED;
  return options.office() === null && !options.isDemo ? sentences.NO_OFFICE : null;
}

/** Why a code counts no more, whatever it is; null: it does. */
function staleness(issued: Issued, broadcast: Broadcast, now: Date): string | null {
  if (issued.broadcast !== broadcast.id) {
    return sentences.newerVersion(broadcast.version, broadcast.id);
  }
  const ageMs = now.getTime() - issued.at.getTime();
  if (ageMs < 0) return sentences.CLOCK_SET_BACK;
  return ageMs >= CODE_VALID_MS ? sentences.CODE_EXPIRED : null;
}

/** "1.234" is a number of people too. */
function numberIn(text: string): number | null {
  return /^\d{1,3}(?:\.\d{3})+$|^\d{1,9}$/.test(text) ? Number(text.replaceAll(".", "")) : null;
}

function isSame(code: string, typed: string): boolean {
  const wanted = Buffer.from(code);
  const given = Buffer.from(typed);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function whenSent(broadcast: Broadcast, now: Date): string {
  const { id, sendAt, urgent } = broadcast;
  if (stageOf(broadcast, now) === "late") {
    return `giờ hẹn đã qua hơn 30 phút nên chưa gửi, gõ /tiep ${id} để gửi`;
  }
  const startsAt = sendAt === null || sendAt <= now ? now : sendAt;
  const waits =
    urgent === null && isQuiet(startsAt) ? ", hết giờ yên lặng (07:00) mới tới điện thoại" : "";
  return (startsAt === now ? "gửi ngay" : `gửi lúc ${formatMoment(startsAt)}`) + waits;
}

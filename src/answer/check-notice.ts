import type { Broadcast } from "../domain/broadcast.ts";
import { dayOf, formatDay } from "../domain/day.ts";
import { toPlainText } from "../domain/fold.ts";
import { type Comparison, compareNotice, sharedWords } from "../domain/notice-check.ts";
import type { Block, Incoming } from "../domain/reply.ts";
import type { People } from "../domain/store.ts";
import type { Brain } from "./brain.ts";
import { about, type Composed, say, text } from "./compose.ts";

/** "Is this message yours?" answered from the record of what was sent. */
const CODE = /\bTB[2-9A-Z]{5}\b/giu;
/** A question before or behind the pasted text is at most so long. */
const LONGEST_QUESTION = 160;
const LONGEST_QUESTION_WORDS = 12;
const SHORTEST_PASTED_WORDS = 4;
const WORDS_BESIDE_CODE = 8;
/** Word by word is slow: only the few that share most words are compared so. */
const WORTH_COMPARING = 0.4;
const COMPARED = 3;
/** After "paste it here": what is shorter is another question. */
const SHORTEST_AWAITED_WORDS = 6;

/** True when a message carries the code of something we sent, or follows our "paste it here". */
export function isPastedNotice(
  people: People,
  isAwaited: boolean,
  content: Incoming["content"],
): boolean {
  if (content.type !== "text") return false;
  if (isAwaited && wordCount(content.text) >= SHORTEST_AWAITED_WORDS) return true;
  const codes = content.text.match(CODE) ?? [];
  // Somebody who only types a code asks for it too.
  return codes.some((code) => isSent(people.broadcast(code.toUpperCase())));
}

/** The answer, and whether the text itself is still awaited. */
export function checkNotice(
  brain: Brain,
  people: People,
  raw: string,
): { reply: Composed; awaits: boolean } {
  const { content } = brain;
  const isQuestion = (part: string) =>
    isHarmless(part) && brain.familyOf(brain.normalise(part)) === "checkNotice";
  const pasted = withoutQuestion(raw, isQuestion);
  const code = (raw.match(CODE) ?? [])[0]?.toUpperCase();
  if (wordCount(pasted) < SHORTEST_PASTED_WORDS && code === undefined) {
    const blocks = [text(say(content, "noticePaste"))];
    return { reply: { blocks, buttons: [], about: about({ kind: "notice" }) }, awaits: true };
  }
  const found = closest(people, pasted, code);
  const rules = text(say(content, "noticeRules"));
  const blocks =
    found === null
      ? [text(say(content, "noticeNotOurs")), rules]
      : [...composeFound(brain, people, found), rules];
  const result = about({ kind: "notice", outcome: "answer" });
  return { reply: { blocks, buttons: [], about: result }, awaits: false };
}

/** code: somebody asked with little more than its code. */
type Judged = Omit<Comparison, "verdict"> & { verdict: Comparison["verdict"] | "code" };

type Found = { broadcast: Broadcast; comparison: Judged };

function composeFound({ content }: Brain, people: People, found: Found): Block[] {
  const { broadcast, comparison } = found;
  const words = {
    ma: broadcast.id,
    ngay: formatDay(dayOf(broadcast.startedAt ?? broadcast.expiresAt)),
    ten: broadcast.title,
  };
  const correction = people
    .broadcasts()
    .find((other) => other.corrects === broadcast.id && isSent(other));
  const corrected =
    correction === undefined
      ? []
      : [text(say(content, "noticeWasCorrected", { ma: correction.id, ten: correction.title }))];
  switch (comparison.verdict) {
    case "same":
      return [text(say(content, "noticeOurs", words)), ...corrected];
    case "part":
      return [text(say(content, "noticeOursPart", words)), ...corrected];
    case "code":
      return [text(say(content, "noticeByCode", words)), ...broadcast.blocks, ...corrected];
    case "extended": {
      const added = list(say(content, "noticeAdded"), comparison.added);
      return [text(say(content, "noticeExtended", words)), ...added, ...corrected];
    }
    case "altered":
    case "other": {
      const differences = [
        ...list(say(content, "noticeAdded"), comparison.added),
        ...list(say(content, "noticeMissing"), comparison.missing),
      ];
      const shown = comparison.verdict === "altered" ? differences : [];
      const original = say(content, "noticeOriginal");
      return [
        text(say(content, "noticeAltered", words)),
        ...shown,
        ...corrected,
        text(original),
        ...broadcast.blocks,
      ];
    }
  }
}

function list(title: string, runs: string[]): Block[] {
  if (runs.length === 0) return [];
  const items = runs.map((run) => [{ text: `“${run}”` }]);
  return [text(title), { type: "list", ordered: false, items }];
}

/** What we sent that it is most like; with a code of ours that one, however much was changed. */
function closest(people: People, pasted: string, code: string | undefined): Found | null {
  const named = code === undefined ? null : people.broadcast(code);
  if (isSent(named)) return { broadcast: named, comparison: judged(named, pasted) };
  const likely = people
    .broadcasts()
    .filter(isSent)
    .map((broadcast) => ({ broadcast, shared: sharedWords(pasted, broadcast.blocks) }))
    .filter(({ shared }) => shared >= WORTH_COMPARING)
    .sort((one, other) => other.shared - one.shared)
    .slice(0, COMPARED);
  const found = likely
    .map(({ broadcast }) => ({ broadcast, comparison: compareNotice(pasted, broadcast.blocks) }))
    .filter(({ comparison }) => comparison.verdict !== "other");
  return found.sort((a, b) => b.comparison.similarity - a.comparison.similarity)[0] ?? null;
}

/** Whoever asks with a code and a few words wants to see the announcement: that is no alteration. */
function judged(broadcast: Broadcast, pasted: string): Judged {
  const comparison = compareNotice(pasted, broadcast.blocks);
  const isShort = wordCount(pasted.replace(CODE, " ")) <= WORDS_BESIDE_CODE;
  const isLittle = isShort && (comparison.verdict === "other" || comparison.verdict === "altered");
  return isLittle ? { ...comparison, verdict: "code" } : comparison;
}

function isSent(broadcast: Broadcast | null): broadcast is Broadcast {
  return broadcast !== null && broadcast.startedAt !== null;
}

/** What is taken off unseen must not hold a swindler's number, address or story. */
function isHarmless(question: string): boolean {
  return !/\d|\/\//u.test(question) && wordCount(question) <= LONGEST_QUESTION_WORDS;
}

/** Takes the question off: a sentence or line before the pasted text, or the last one. */
function withoutQuestion(raw: string, isQuestion: (part: string) => boolean): string {
  const head = raw.slice(0, LONGEST_QUESTION);
  for (const { index } of head.matchAll(/[\n:?]/gu)) {
    if (isQuestion(raw.slice(0, index + 1))) return withoutTail(raw.slice(index + 1), isQuestion);
  }
  if (raw.length <= LONGEST_QUESTION && isQuestion(raw) && !/[\n:]/u.test(raw)) return "";
  return withoutTail(raw, isQuestion);
}

function withoutTail(raw: string, isQuestion: (part: string) => boolean): string {
  const trimmed = raw.trimEnd();
  const from = Math.max(
    trimmed.lastIndexOf("\n"),
    trimmed.lastIndexOf(". "),
    trimmed.lastIndexOf("! "),
  );
  const tail = trimmed.slice(from + 1);
  const asks = from > 0 && tail.length <= LONGEST_QUESTION && isQuestion(tail);
  return asks ? trimmed.slice(0, from + 1) : trimmed;
}

function wordCount(raw: string): number {
  const plain = toPlainText(raw);
  return plain === "" ? 0 : plain.split(" ").length;
}

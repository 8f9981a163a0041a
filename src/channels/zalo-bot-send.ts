import type { SendResult } from "../domain/send-result.ts";
import { sendParts } from "./send-parts.ts";
import {
  fieldsOfZalo,
  isZaloTokenRejected,
  type ZaloBotCall,
  type ZaloBotFailure,
} from "./zalo-bot-api.ts";
import type { ZaloBotLog } from "./zalo-bot-options.ts";
import type { Room, ZaloQuota } from "./zalo-bot-quota.ts";

export type ZaloSenderOptions = {
  call: ZaloBotCall;
  quota: ZaloQuota;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
  onGone: (chat: string) => void;
  log: ZaloBotLog;
};

export type ZaloSender = {
  /** Sends all parts in order, also beyond the month's number; what was not carried out is tried again for a while. */
  reply(chat: string, parts: string[]): Promise<SendResult>;
  /** Sends all parts in order, or nothing when the month has no room for them. Nothing is tried again but later parts. */
  announce(chat: string, parts: string[]): Promise<SendResult>;
};

/** Zalo never says how long to wait. */
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 60 * 60;

export function createZaloSender(options: ZaloSenderOptions): ZaloSender {
  const { call, quota, wait, now, onGone, log } = options;
  let pauseSeconds = FIRST_PAUSE_SECONDS;
  let pausedUntil = 0;

  async function sendPart(chat: string, text: string, room: Room | null): Promise<SendResult> {
    const sent = await call("sendMessage", { chat_id: chat, text });
    const result = sent.ok ? ({ status: "sent" } as const) : judged(chat, sent.failure);
    if (result.status === "sent") pauseSeconds = FIRST_PAUSE_SECONDS;
    // What may have arrived, Zalo may have counted.
    if (result.status === "sent" || result.status === "doubtful") {
      await quota.sent();
      room?.use();
    }
    return result;
  }

  function judged(chat: string, failure: ZaloBotFailure): SendResult {
    const result = isTooMany(failure) ? tooMany(failure) : judgeZalo(failure);
    log("zalo-bot.send-failed", { result: result.status, ...fieldsOfZalo(failure) });
    if (result.status === "refused" && (result.reason === "blocked" || result.reason === "gone")) {
      onGone(chat);
    }
    return result;
  }

  /** Zalo has one code for “too fast” and for “all of this month's are sent”; only the count tells them apart. */
  function tooMany(failure: ZaloBotFailure): SendResult {
    if (failure.type === "answered" && quota.isUsedUp()) {
      return { status: "unreachable", why: "quota" };
    }
    const at = now().getTime();
    // Those that were under way together are told together: the pause grows once.
    if (at < pausedUntil) {
      return { status: "retry-after", seconds: Math.ceil((pausedUntil - at) / 1000) };
    }
    const seconds = pauseSeconds;
    pausedUntil = at + seconds * 1000;
    pauseSeconds = Math.min(pauseSeconds * 2, LONGEST_PAUSE_SECONDS);
    return { status: "retry-after", seconds };
  }

  return {
    reply: (chat, parts) =>
      sendParts(parts, (part) => sendPart(chat, part, null), { retriesFirst: true, wait }),
    async announce(chat, parts) {
      const room = quota.reserve(parts.length);
      if (room === null) return { status: "unreachable", why: "quota" };
      try {
        const send = (part: string) => sendPart(chat, part, room);
        return await sendParts(parts, send, { retriesFirst: false, wait });
      } finally {
        room.release();
      }
    },
  };
}

function isTooMany(failure: ZaloBotFailure): boolean {
  return (
    (failure.type === "answered" && failure.code === 429) ||
    (failure.type === "page" && failure.status === 429)
  );
}

const BLOCKED = /block/i;
const GONE =
  /\b(chat|chat_id|user|user_id|recipient)\b.*\b(not found|not exist|invalid)|no such (chat|user)/i;

/** What a failed send says of the message, 429 left aside. */
export function judgeZalo(failure: ZaloBotFailure): SendResult {
  if (isZaloTokenRejected(failure)) return { status: "unreachable", why: "token" };
  switch (failure.type) {
    case "unreachable":
      return { status: "unreachable", why: "network" };
    case "lost":
      return { status: "doubtful" };
    case "page":
      return judgePage(failure.status);
    case "answered":
      return judgeAnswer(failure.code, failure.description);
  }
}

function judgeAnswer(code: number, description: string): SendResult {
  // 403 is Zalo's internal error, and 408 says that its time was up: it does not know either.
  if (code === 403 || code === 408 || code >= 500) return { status: "doubtful" };
  if (BLOCKED.test(description)) return { status: "refused", reason: "blocked" };
  return { status: "refused", reason: GONE.test(description) ? "gone" : "rejected" };
}

/** A page of what stands in front of Zalo: only a refusal of its own is certain. */
function judgePage(status: number): SendResult {
  if (status < 300 || status >= 500) return { status: "doubtful" };
  const isTheAddress = status < 400 || status === 404 || status === 407 || status === 408;
  return isTheAddress
    ? { status: "unreachable", why: "network" }
    : { status: "refused", reason: "rejected" };
}

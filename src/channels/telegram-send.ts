import type { Address } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { type Call, type Failure, fieldsOf, isTokenRejected } from "./telegram-api.ts";
import type { TelegramMessage } from "./telegram-render.ts";
import { sendParts } from "./send-parts.ts";
import { addressOf, type Place } from "./telegram-updates.ts";

export type SenderOptions = {
  call: Call;
  wait: (ms: number) => Promise<void>;
  onBlocked: (from: Address) => void;
  onMoved: (from: Address, to: Address) => void;
  log: (event: string, fields: Record<string, string | number>) => void;
};

export type Sender = {
  /** Sends all parts in order; what Telegram does not take now is tried again for a while, a first part only with `retriesFirst`. */
  send(
    place: Place,
    parts: TelegramMessage[],
    options: { retriesFirst: boolean },
  ): Promise<SendResult>;
};

const DEFAULT_RETRY_SECONDS = 3;

export function createSender({ call, wait, onBlocked, onMoved, log }: SenderOptions): Sender {
  async function sendPart(place: Place, part: TelegramMessage): Promise<SendResult> {
    const first = await sendMessage(call, place, part);
    if (first.ok) return { status: "sent" };
    if (first.failure.type !== "answered" || first.failure.movedTo === null) {
      return judged(place, first.failure);
    }
    const moved: Place = { chat: first.failure.movedTo, thread: null, replyTo: null };
    onMoved(addressOf(place.chat), addressOf(moved.chat));
    const second = await sendMessage(call, moved, part);
    return second.ok ? { status: "sent" } : judged(moved, second.failure);
  }

  function judged(place: Place, failure: Failure): SendResult {
    const result = judge(failure);
    log("telegram.send-failed", { result: result.status, ...fieldsOf(failure) });
    if (result.status === "refused" && (result.reason === "blocked" || result.reason === "gone")) {
      onBlocked(addressOf(place.chat));
    }
    return result;
  }

  return {
    send: (place, parts, { retriesFirst }) =>
      sendParts(parts, (part) => sendPart(place, part), { retriesFirst, wait }),
  };
}

function sendMessage(call: Call, { chat, thread, replyTo }: Place, part: TelegramMessage) {
  return call((api) =>
    api.sendMessage(chat, part.text, {
      parse_mode: "HTML",
      link_preview_options: { is_disabled: true },
      ...(part.keyboard.length > 0 && { reply_markup: { inline_keyboard: part.keyboard } }),
      ...(thread !== null && { message_thread_id: thread }),
      ...(replyTo !== null && {
        reply_parameters: { message_id: replyTo, allow_sending_without_reply: true },
      }),
    }),
  );
}

const BLOCKED = /blocked by the user|user is deactivated|kicked|not a member/i;
const GONE = /chat not found|user not found|chat was deleted|chat was deactivated|peer_id_invalid/i;

/** Loosely by code and words: the Bot API server turns some codes into 400. */
export function judge(failure: Failure): SendResult {
  if (failure.type === "unreachable") return { status: "unreachable", why: "network" };
  if (failure.type === "lost" || failure.code >= 500) return { status: "doubtful" };
  if (failure.code === 429) {
    return {
      status: "retry-after",
      seconds: failure.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS,
    };
  }
  if (GONE.test(failure.description)) return { status: "refused", reason: "gone" };
  if (failure.code === 403 || BLOCKED.test(failure.description)) {
    return { status: "refused", reason: "blocked" };
  }
  return isTokenRejected(failure)
    ? { status: "unreachable", why: "token" }
    : { status: "refused", reason: "rejected" };
}

import { sendParts } from "./send-parts.ts";
import { dayOf } from "../domain/day.ts";
import type { Address } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { fieldsOf, type Post, type ZaloFailure, type ZaloResult } from "./zalo-oa-api.ts";
import { isTokenCode, meaningOf, resultOf, WRONG_TYPE } from "./zalo-oa-codes.ts";
import type { SendWay, ZaloOaLog } from "./zalo-oa-options.ts";
import type { ZaloOaMessage } from "./zalo-oa-render.ts";
import type { TokenKeeper } from "./zalo-oa-token.ts";

export type ZaloOaSenderOptions = {
  apiRoot: string;
  way: SendWay;
  post: Post;
  tokens: TokenKeeper;
  onBlocked: (from: Address) => void;
  tell: (sentence: string) => void;
  log: ZaloOaLog;
  wait: (ms: number) => Promise<void>;
  now: () => Date;
};

export type ZaloOaSender = {
  /**
   * Sends all parts in order. What certainly was not sent is tried again, at most three times and 60 seconds in all; a first part only with
   * `retriesFirst`, else its result is the caller's to judge.
   */
  send(
    to: Address,
    parts: ZaloOaMessage[],
    options: { retriesFirst: boolean },
  ): Promise<SendResult>;
};

const PATHS = { cs: "/v3.0/oa/message/cs", v2: "/v2.0/oa/message" } as const;

/** How Zalo says that it does not understand a message, or does not support what is in it. */
const NOT_UNDERSTOOD = new Set([-201, -233]);

const NO_BUTTONS =
  "Zalo không nhận nút bấm dưới tin trả lời của OA này: từ giờ chỉ gửi lựa chọn có đánh số, người dân gõ số để chọn.";

export function createZaloOaSender(options: ZaloOaSenderOptions): ZaloOaSender {
  const { post, tokens, log, wait, now } = options;
  /** What this OA turned out to take, for this run. */
  let path: keyof typeof PATHS = options.way === "v2" ? "v2" : "cs";
  let takesButtons = true;
  const toldOn = new Map<number, string>();

  async function sendPart(to: Address, part: ZaloOaMessage): Promise<SendResult> {
    const got = await sendAsTaken(to, part);
    if (got.ok) return { status: "sent" };
    if ("why" in got) return { status: "unreachable", why: got.why };
    return judged(to, got.failure);
  }

  /** By the older address, or without buttons, where this OA takes nothing else. */
  async function sendAsTaken(to: Address, part: ZaloOaMessage): Promise<Sent> {
    const usedPath = path;
    const withButtons = takesButtons && part.buttons.length > 0;
    const got = await sendWithToken(to, part, usedPath, withButtons);
    const code = codeOf(got);
    if (code === WRONG_TYPE && usedPath === "cs" && options.way === "cs-then-v2") {
      if (path === "cs") log("zalo-oa.uses-v2", {});
      path = "v2";
      return sendAsTaken(to, part);
    }
    if (withButtons && code !== null && NOT_UNDERSTOOD.has(code)) {
      const plain = await sendWithToken(to, part, usedPath, false);
      if (plain.ok && takesButtons) {
        takesButtons = false;
        log("zalo-oa.no-buttons", { code });
        options.tell(NO_BUTTONS);
      }
      return plain;
    }
    return got;
  }

  async function sendWithToken(
    to: Address,
    part: ZaloOaMessage,
    usedPath: keyof typeof PATHS,
    withButtons: boolean,
  ): Promise<Sent> {
    const first = await tokens.current();
    if (!first.ok) return first;
    const call = (token: string) =>
      post({
        url: `${options.apiRoot}${PATHS[usedPath]}`,
        headers: { access_token: token },
        body: {
          recipient: { user_id: to.person },
          message: {
            text: part.text,
            // As seen at work; what the vendor publishes does not show buttons under a text.
            ...(withButtons && {
              attachment: { type: "template", payload: { buttons: part.buttons } },
            }),
          },
        },
      });
    const got = await call(first.token);
    const code = codeOf(got);
    if (code === null || !isTokenCode(code)) return got;
    const second = await tokens.renew(first.token);
    return second.ok ? call(second.token) : second;
  }

  function judged(to: Address, failure: ZaloFailure): SendResult {
    const result = judgeZalo(failure, now());
    const fields = { result: result.status, ...fieldsOf(failure) };
    if (failure.type !== "answered") {
      log("zalo-oa.send-failed", fields);
      return result;
    }
    const { sentence, concernsStaff } = meaningOf(failure.code);
    log("zalo-oa.send-failed", { ...fields, sentence });
    if (concernsStaff && toldOn.get(failure.code) !== dayOf(now())) {
      toldOn.set(failure.code, dayOf(now()));
      options.tell(`Zalo OA: ${sentence} (mã ${failure.code})`);
    }
    if (result.status === "refused" && (result.reason === "gone" || result.reason === "blocked")) {
      options.onBlocked(to);
    }
    return result;
  }

  return {
    send: (to, parts, { retriesFirst }) =>
      sendParts(parts, (part) => sendPart(to, part), { retriesFirst, wait }),
  };
}

/** What came of a call, or why there was no token to make it with. */
type Sent = ZaloResult | { ok: false; why: "token" | "network" };

function codeOf(sent: Sent): number | null {
  return !sent.ok && "failure" in sent && sent.failure.type === "answered"
    ? sent.failure.code
    : null;
}

export function judgeZalo(failure: ZaloFailure, now: Date): SendResult {
  switch (failure.type) {
    case "unreachable":
      return { status: "unreachable", why: "network" };
    case "lost":
      return { status: "doubtful" };
    case "turned-away":
      return { status: "refused", reason: "rejected" };
    case "answered":
      return resultOf(failure.code, now);
  }
}

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios from "axios";
import { z } from "zod";

/** Why a call came to nothing. It never holds a token, a text or a person. */
export type ZaloFailure =
  /** Zalo answered that it did nothing. */
  | { type: "answered"; code: number; description: string }
  /** What stands before Zalo did not let the call through. */
  | { type: "turned-away"; reason: string }
  /** The connection could not be opened: Zalo knows nothing of the call. */
  | { type: "unreachable"; reason: string }
  /** The call left and no whole answer came: it may have been carried out. */
  | { type: "lost"; reason: string };

export type ZaloResult = { ok: true; body: unknown } | { ok: false; failure: ZaloFailure };

export type ZaloCall = {
  url: string;
  headers: Record<string, string>;
  /** An object goes as JSON. */
  body: URLSearchParams | Record<string, unknown>;
};

/** Calls once, without retrying, and never throws what axios throws: its errors hold the headers and what was sent. */
export type Post = (call: ZaloCall) => Promise<ZaloResult>;

/** Zalo's own code for “too fast”. */
export const TOO_FAST = -32;

const MAX_ANSWER_BYTES = 64 * 1024;

export function createPost({ timeoutMs }: { timeoutMs: number }): Post {
  const client = axios.create({
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    // Whatever the status, the answer is in the body.
    validateStatus: null,
    responseType: "text",
    transformResponse: [],
    proxy: false,
    // On a connection kept alive a message may meet its closing: it would be doubtful for nothing.
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
  });
  return async ({ url, headers, body }) => {
    const isForm = body instanceof URLSearchParams;
    const contentType = isForm ? "application/x-www-form-urlencoded" : "application/json";
    try {
      const { status, data } = await client.post<unknown>(
        url,
        isForm ? body.toString() : JSON.stringify(body),
        { headers: { ...headers, "content-type": contentType } },
      );
      return judgeAnswer(status, data);
    } catch (error) {
      const reason = reasonOf(error);
      return {
        ok: false,
        failure: { type: NEVER_LEFT.has(reason) ? "unreachable" : "lost", reason },
      };
    }
  };
}

const answer = z.looseObject({
  error: z.coerce.number().int().optional(),
  message: z.unknown().optional(),
  error_name: z.unknown().optional(),
});

/** Errors come under HTTP 200 as a code in the body; only what stands before Zalo speaks in statuses. */
function judgeAnswer(status: number, text: unknown): ZaloResult {
  const body = parse(text);
  const read = answer.safeParse(body);
  const code = read.data?.error ?? 0;
  if (read.success && code !== 0) {
    const description = cleaned(`${words(read.data.error_name)} ${words(read.data.message)}`);
    return { ok: false, failure: { type: "answered", code, description } };
  }
  if (read.success && status >= 200 && status < 300) return { ok: true, body };
  if (status === 429) {
    return { ok: false, failure: { type: "answered", code: TOO_FAST, description: "HTTP 429" } };
  }
  if (status >= 300 && status < 500) {
    return { ok: false, failure: { type: "turned-away", reason: `HTTP ${status}` } };
  }
  return { ok: false, failure: { type: "lost", reason: `HTTP ${status}` } };
}

function parse(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Without what could be a token or anybody's id. */
function cleaned(text: string): string {
  return text
    .replaceAll(/[\w-]{20,}|\d{5,}/g, "…")
    .trim()
    .slice(0, 200);
}

/** Codes with which no byte of the call can have left. */
const NEVER_LEFT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** A failure as fields for the log. */
export function fieldsOf(failure: ZaloFailure): Record<string, string | number> {
  return failure.type === "answered"
    ? { code: failure.code, description: failure.description }
    : { code: failure.type, description: failure.reason };
}

import { Api, GrammyError, HttpError } from "grammy";
import { withoutSecrets } from "./redact.ts";

/** Why a call came to nothing. It never holds the token, a text or a person. */
export type Failure =
  /** Telegram answered that it did nothing, or (from 500 on) that it does not know. */
  | {
      type: "answered";
      code: number;
      description: string;
      retryAfterSeconds: number | null;
      /** The group became a supergroup and is now this chat. */
      movedTo: string | null;
    }
  /** The connection could not be opened: Telegram knows nothing of the call. */
  | { type: "unreachable"; reason: string }
  /** The call left and no whole answer came: it may have been carried out. */
  | { type: "lost"; reason: string };

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Calls the Bot API once, without retrying, and never throws what grammY throws: its errors hold the token and what was sent. */
export type Call = <T>(use: (api: Api) => Promise<T>) => Promise<Result<T>>;

type ApiSignal = NonNullable<Parameters<Api["getUpdates"]>[1]>;

/** grammY declares the signal of an old package; all it does with one is to listen. */
export function signalFor(signal: AbortSignal): ApiSignal {
  return signal as ApiSignal;
}

export type ApiOptions = { token: string; apiRoot?: string | undefined; timeoutSeconds: number };

export function createCall({ token, apiRoot, timeoutSeconds }: ApiOptions): Call {
  const api = new Api(token, {
    timeoutSeconds,
    fetch: platformFetch,
    ...(apiRoot !== undefined && { apiRoot: apiRoot.replace(/\/+$/, "") }),
  });
  return async (use) => {
    try {
      return { ok: true, value: await use(api) };
    } catch (error) {
      return { ok: false, failure: failureOf(error, token) };
    }
  };
}

/** Codes with which no byte of the call can have left. */
const NEVER_LEFT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function failureOf(error: unknown, token: string): Failure {
  if (error instanceof GrammyError) {
    const { retry_after: retryAfterSeconds, migrate_to_chat_id: movedTo } = error.parameters;
    return {
      type: "answered",
      code: error.error_code,
      description: withoutSecrets(error.description, token),
      retryAfterSeconds: retryAfterSeconds ?? null,
      movedTo: movedTo === undefined ? null : String(movedTo),
    };
  }
  if (!(error instanceof HttpError)) throw error;
  const reason = reasonOf(error.error);
  return { type: NEVER_LEFT.has(reason) ? "unreachable" : "lost", reason };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message.includes("timed out") ? "timeout" : error.name;
}

/**
 * Node's own fetch. That of grammY (node-fetch 2) waits for ever, on a connection kept alive, for the rest of an answer that was cut in the
 * middle. The signal has to be handed over because grammY's is not a real one.
 */
async function platformFetch(url: string, init: RequestInit): Promise<Response> {
  const { method = "GET", headers = {}, body = null, signal } = init;
  const controller = new AbortController();
  signal?.addEventListener("abort", () => {
    controller.abort();
  });
  if (signal?.aborted === true) controller.abort();
  return fetch(url, { method, headers, body, signal: controller.signal });
}

/** True when Telegram does not know the token: 401, or 404 for one of the wrong shape. */
export function isTokenRejected(failure: Failure): boolean {
  return failure.type === "answered" && (failure.code === 401 || failure.code === 404);
}

/** A failure as fields for the log. */
export function fieldsOf(failure: Failure): Record<string, string | number> {
  return failure.type === "answered"
    ? { code: failure.code, description: failure.description }
    : { code: failure.type, description: failure.reason };
}

import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { Agent as HttpsAgent, request as requestSecurely, type RequestOptions } from "node:https";
import axios from "axios";
import { z } from "zod";
import { withoutSecrets } from "./redact.ts";

/** Method names are case sensitive: https://bot.zaloplatforms.com/docs */
export type ZaloBotMethod =
  | "getMe"
  | "getUpdates"
  | "setWebhook"
  | "deleteWebhook"
  | "getWebhookInfo"
  | "sendMessage"
  | "sendChatAction";

/** Why a call came to nothing. It never holds the token, a text or a person. */
export type ZaloBotFailure =
  /** Zalo says `ok: false`, whatever the HTTP status. Code 403 is its internal error, 408 says that time is up. */
  | { type: "answered"; code: number; description: string }
  /** What stands in front of Zalo answered with a page of its own. */
  | { type: "page"; status: number }
  /** No connection was made: Zalo knows nothing of the call. */
  | { type: "unreachable"; reason: string }
  /** The call left and no whole answer came: it may have been carried out. */
  | { type: "lost"; reason: string };

export type ZaloBotResult = { ok: true; value: unknown } | { ok: false; failure: ZaloBotFailure };

/** Calls once, without retrying, and never throws what axios throws: its errors hold the token and what was sent. */
export type ZaloBotCall = (
  method: ZaloBotMethod,
  params: Record<string, string>,
  options?: { seconds?: number; stopped?: AbortSignal },
) => Promise<ZaloBotResult>;

export type ZaloBotApiOptions = {
  token: string;
  /** Where the API is, without the token. */
  apiRoot: string;
  /** How long a call may take unless it says otherwise. */
  timeoutSeconds: number;
};

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Each call has a connection of its own: on one that was kept, a close by the other side just then cannot be told from a lost answer, and
 * a plan of 3,000 messages a month is no load.
 */
const AGENTS = {
  httpAgent: new HttpAgent({ keepAlive: false }),
  httpsAgent: new HttpsAgent({ keepAlive: false }),
};

const envelope = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.coerce.number().int().optional().catch(undefined),
  errorCode: z.coerce.number().int().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
});

export function createZaloBotCall(options: ZaloBotApiOptions): ZaloBotCall {
  const { token, timeoutSeconds } = options;
  const base = `${options.apiRoot.replace(/\/+$/, "")}/bot${encodeURI(token)}`;

  return async (method, params, { seconds = timeoutSeconds, stopped } = {}) => {
    const giveUp = new AbortController();
    const abort = () => {
      giveUp.abort();
    };
    const timer = setTimeout(abort, seconds * 1000);
    stopped?.addEventListener("abort", abort);
    if (stopped?.aborted === true) abort();
    const connection = { isOpen: false };
    try {
      // JSON by POST only: the real server does not read multipart bodies.
      const { status, data } = await axios.post<string>(`${base}/${method}`, params, {
        ...AGENTS,
        transport: transportThatTells(connection),
        maxRedirects: 0,
        proxy: false,
        signal: giveUp.signal,
        validateStatus: () => true,
        responseType: "text",
        transformResponse: (body: string) => body,
        maxContentLength: MAX_ANSWER_BYTES,
      });
      return resultOf(status, data, token);
    } catch (error) {
      const reason = giveUp.signal.aborted ? "timeout" : reasonOf(error);
      return {
        ok: false,
        failure: { type: connection.isOpen ? "lost" : "unreachable", reason },
      };
    } finally {
      clearTimeout(timer);
      stopped?.removeEventListener("abort", abort);
    }
  };
}

/** Node's own requests, noting when the first byte may have left. */
function transportThatTells(connection: { isOpen: boolean }) {
  const open = () => {
    connection.isOpen = true;
  };
  return {
    request(options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
      const isSecure = options.protocol === "https:";
      const sent = (isSecure ? requestSecurely : request)(options, onAnswer);
      sent.once("socket", (socket) => {
        socket.once(isSecure ? "secureConnect" : "connect", open);
      });
      return sent;
    },
  };
}

function resultOf(status: number, body: string, token: string): ZaloBotResult {
  const parsed = envelope.safeParse(jsonOf(body));
  if (!parsed.success) return { ok: false, failure: { type: "page", status } };
  const { ok, result, error_code: code, errorCode, description } = parsed.data;
  if (ok) return { ok: true, value: result };
  return {
    ok: false,
    failure: {
      type: "answered",
      code: code ?? errorCode ?? status,
      description: withoutSecrets(description ?? "", token),
    },
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A code and nothing else: the message and all around it name the address, and with it the token. */
function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "unknown";
}

export function isZaloTokenRejected(failure: ZaloBotFailure): boolean {
  return (failure.type === "answered" && failure.code === 401) || isPage(failure, 401);
}

function isPage(failure: ZaloBotFailure, status: number): boolean {
  return failure.type === "page" && failure.status === status;
}

/** A failure as fields for the log. */
export function fieldsOfZalo(failure: ZaloBotFailure): Record<string, string | number> {
  switch (failure.type) {
    case "answered":
      return { code: failure.code, description: failure.description };
    case "page":
      return { code: failure.status, description: "page" };
    case "unreachable":
    case "lost":
      return { code: failure.type, description: failure.reason };
  }
}

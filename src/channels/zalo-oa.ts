import type { Address, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { createBackground } from "./background.ts";
import { createPost } from "./zalo-oa-api.ts";
import { readEvent, timestampOf } from "./zalo-oa-events.ts";
import { createZaloOaListener, placeOf } from "./zalo-oa-listen.ts";
import type { ZaloOaOptions } from "./zalo-oa-options.ts";
import { renderZaloOa } from "./zalo-oa-render.ts";
import { createZaloOaSender } from "./zalo-oa-send.ts";
import { judgeSignature } from "./zalo-oa-signature.ts";
import { createTokenKeeper } from "./zalo-oa-token.ts";
import { windowOf } from "./zalo-oa-window.ts";

export type ZaloOaRequest = {
  /** `X-ZEvent-Signature` */
  signature: string | null;
  /** `X-ZEvent-Timestamp` */
  timestamp: string | null;
  /** As it came: it is signed byte for byte. */
  body: () => Promise<Uint8Array>;
};

export type ZaloOaChannel = {
  /** Begins to keep the tokens fresh. What a person must do about them staff are told. */
  start(): void;
  /** Takes nothing new; answers under way may finish for ten seconds. */
  stop(): Promise<void>;
  /** The HTTP status to answer with. 200: the event is safe here; it is answered afterwards. */
  webhookHandler(request: ZaloOaRequest): Promise<number>;
  /** Resolves when the replies that are being sent now have been: they go before an announcement. */
  ready(): Promise<unknown>;
  /** Sends what nobody asked for just now, to those whom Zalo lets us write to. */
  send(to: Address, reply: Reply): Promise<SendResult>;
};

/** Zalo allows 4,000 requests a minute; replies need some of them. */
export const ZALO_OA_PER_SECOND = 20;

const API_ROOT = "https://openapi.zalo.me";
const OAUTH_ROOT = "https://oauth.zaloapp.com";
const REQUEST_MS = 20_000;
const STOP_MS = 10_000;
const MAX_BODY_BYTES = 64 * 1024;
const REFUSAL_LOGGED_EVERY_MS = 10_000;
/** Zalo tries again for up to two hours. */
const TOLERANCE_MS = 3 * 60 * 60 * 1000;

export function createZaloOaChannel(options: ZaloOaOptions): ZaloOaChannel {
  const { account, signFirst, contacts, log, wait, now, tell } = options;
  const stopping = new AbortController();
  const stopped = stopping.signal;
  const background = createBackground((error) => {
    log("zalo-oa.failed", { error: placeOf(error) });
  });
  const post = createPost({ timeoutMs: options.requestMs ?? REQUEST_MS });
  const tokens = createTokenKeeper({
    ...account,
    url: `${rootOf(options.oauthRoot, OAUTH_ROOT)}/v4/oa/access_token`,
    file: options.tokenFile,
    post,
    tell,
    log,
    wait,
    now,
  });
  const sender = createZaloOaSender({
    apiRoot: rootOf(options.apiRoot, API_ROOT),
    way: options.sendWay,
    post,
    tokens,
    onBlocked(from) {
      background.run(options.onBlocked(from));
    },
    tell,
    log,
    wait,
    now,
  });
  const listener = createZaloOaListener({ channel: options, sender, background });
  let variant: string | null = null;
  let refusalLoggedAt = 0;
  let toldMismatch = false;

  /** The body that Zalo signed; undefined for anybody else's. */
  function authentic(bytes: Uint8Array, request: ZaloOaRequest): { body: unknown } | undefined {
    const body = parse(bytes);
    const verdict = judgeSignature(
      {
        body: bytes,
        signature: request.signature,
        timestamps: { body: timestampOf(body), header: request.timestamp },
      },
      { account, first: signFirst },
    );
    if (verdict.type === "wrong") {
      logRefusal("zalo-oa.signature-refused", { wouldMatch: verdict.matches ?? "none" });
      if (verdict.matches !== null) tellMismatch(verdict.matches);
      return undefined;
    }
    const age = Math.abs(now().getTime() - Number(verdict.timestamp));
    if (!(age <= TOLERANCE_MS)) {
      logRefusal("zalo-oa.signature-old", {});
      return undefined;
    }
    if (variant !== verdict.variant) {
      variant = verdict.variant;
      log("zalo-oa.signature-variant", { variant });
    }
    return { body };
  }

  /** Nobody but Zalo can sign with a key of ours: it is a setting that is wrong, and after an hour Zalo posts no more. */
  function tellMismatch(matches: string): void {
    if (toldMismatch) return;
    toldMismatch = true;
    tell(
      `Zalo OA ký webhook khác với cài đặt nên tin của người dân bị từ chối (đang ký bằng ${matches}): sửa ZALO_OA_SIGN_FIRST và ZALO_OA_WEBHOOK_KEY trong tệp .env rồi khởi động lại.`,
    );
  }

  /** Anybody can post here: they may not fill the log. */
  function logRefusal(event: string, fields: Record<string, string>): void {
    const at = now().getTime();
    if (Math.abs(at - refusalLoggedAt) < REFUSAL_LOGGED_EVERY_MS) return;
    refusalLoggedAt = at;
    log(event, fields);
  }

  return {
    start() {
      background.run(tokens.keepFresh(stopped));
    },

    async stop() {
      stopping.abort();
      await Promise.race([background.finished(), wait(STOP_MS)]);
    },

    async webhookHandler(request) {
      if (stopped.aborted) return 503;
      const bytes = await request.body().catch(() => undefined);
      if (bytes === undefined) return 400;
      if (bytes.byteLength > MAX_BODY_BYTES) return 413;
      if (isProbe(bytes)) return 200;
      const signed = authentic(bytes, request);
      if (signed === undefined) return 401;
      const event = readEvent(signed.body, account.oaId, now());
      // What we shall never understand need not come back.
      if (event === undefined) log("zalo-oa.malformed", {});
      else await listener.take(event);
      return 200;
    },

    ready: () => listener.repliesSent(),

    async send(to, reply) {
      const parts = renderZaloOa(reply);
      if (parts.length === 0) throw new Error("a reply to send must hold text, got none");
      const result: SendResult =
        windowOf(contacts.lastOf(to), now(), options.paidAllowed) === "closed"
          ? { status: "refused", reason: "out-of-window" }
          : await sender.send(to, parts, { retriesFirst: false });
      options.onSent?.(result.status);
      return result;
    },
  };
}

function rootOf(set: string | undefined, otherwise: string): string {
  return (set ?? otherwise).replace(/\/+$/, "");
}

/** Saving the address in Zalo's console posts this, unsigned, and wants a 200. */
function isProbe(bytes: Uint8Array): boolean {
  return bytes.byteLength < 16 && Buffer.from(bytes).toString("utf8").trim() === "{}";
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

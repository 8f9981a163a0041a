import { createHash, timingSafeEqual } from "node:crypto";
import type { SignFirst, ZaloOaAccount } from "./zalo-oa-options.ts";

export type Signed = {
  /** As it came; it is hashed byte for byte. */
  body: Uint8Array;
  /** `X-ZEvent-Signature` */
  signature: string | null | undefined;
  /** In the body, and in `X-ZEvent-Timestamp`: accounts differ in which is signed. */
  timestamps: { body: string | null; header: string | null };
};

export type SignatureVerdict =
  | { type: "right"; variant: string; timestamp: string }
  /** `matches`: with which other setting it would have been right; null: with none known. */
  | { type: "wrong"; matches: string | null };

export type SignatureSettings = {
  account: Pick<ZaloOaAccount, "appId" | "oaId" | "appSecret" | "webhookKey">;
  first: SignFirst;
};

/**
 * A plain SHA-256, no HMAC, of app id, body, timestamp and the OA's secret key, one after another. No page of Zalo says so: its Java SDK does,
 * and code seen at work differs in the first term and in the timestamp.
 */
export function judgeSignature(signed: Signed, settings: SignatureSettings): SignatureVerdict {
  const { account, first } = settings;
  const given = (signed.signature ?? "").trim().replace(/^mac=/i, "");
  if (!/^[0-9a-f]{64}$/i.test(given)) return { type: "wrong", matches: null };
  const bytes = Buffer.from(given, "hex");
  const isOf = (start: string, timestamp: string, key: string) =>
    [start, timestamp, key].every((term) => term !== "") &&
    timingSafeEqual(bytes, digestOf(start, signed.body, timestamp, key));

  const ids: Record<SignFirst, string> = { app_id: account.appId, oa_id: account.oaId };
  const timestamps = Object.entries(signed.timestamps).flatMap(([from, timestamp]) =>
    timestamp === null ? [] : [{ from, timestamp }],
  );
  for (const { from, timestamp } of timestamps) {
    if (isOf(ids[first], timestamp, account.webhookKey)) {
      return { type: "right", variant: `${first}, timestamp of the ${from}`, timestamp };
    }
  }
  // Refused all the same; whoever sets it up can read in the log what to change.
  const keys = { ZALO_OA_WEBHOOK_KEY: account.webhookKey, ZALO_OA_SECRET: account.appSecret };
  for (const { timestamp } of timestamps) {
    for (const [start, id] of Object.entries(ids)) {
      for (const [name, key] of Object.entries(keys)) {
        if (isOf(id, timestamp, key)) return { type: "wrong", matches: `${start}, ${name}` };
      }
    }
  }
  return { type: "wrong", matches: null };
}

function digestOf(first: string, body: Uint8Array, timestamp: string, key: string): Buffer {
  return createHash("sha256").update(first).update(body).update(timestamp).update(key).digest();
}

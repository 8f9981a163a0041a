import { createHash } from "node:crypto";
import { z } from "zod";
import type { BenchChat } from "./bench-platform.ts";
import { serveJson } from "./bench-serve.ts";
import type { BenchZalo } from "./bench-zalo-bot.ts";

const ACCESS_TOKEN = "access-bench-bench-bench-bench-bench";
export const ZALO_OA_PATH = "/zalo-oa";
export const ZALO_OA = {
  appId: "4321098765432109876",
  oaId: "579745863508352884",
  webhookKey: "bench-key-of-the-webhook",
};

const cs = z.object({
  recipient: z.object({ user_id: z.string().min(1) }),
  message: z.object({ text: z.string().min(1).max(2_000) }),
});

/** Tokens and the `cs` address of Zalo's OA API on this machine; it takes every message. */
export async function startBenchZaloOa(): Promise<BenchZalo> {
  let listener: Parameters<BenchChat["onReply"]>[0] = () => undefined;
  let delayMs = 0;
  let count = 0;
  const waitingForStart: (() => void)[] = [];

  const { origin, close } = await serveJson(({ path, headers, body, at }) => {
    switch (path) {
      case "/v4/oa/access_token":
        for (const resolve of waitingForStart.splice(0)) resolve();
        return {
          answer: {
            access_token: ACCESS_TOKEN,
            refresh_token: `refresh-bench-${++count}`,
            expires_in: "90000",
          },
          afterMs: 0,
        };
      case "/v3.0/oa/message/cs": {
        if (headers["access_token"] !== ACCESS_TOKEN) {
          throw new Error("the bot must send its access token, and did not");
        }
        const person = cs.parse(JSON.parse(body)).recipient.user_id;
        listener({ person, at });
        const data = { message_id: `tra-loi-${++count}`, user_id: person };
        return { answer: { error: 0, message: "Success", data }, afterMs: delayMs };
      }
      default:
        return { answer: { error: -404, message: "Not found" }, afterMs: 0 };
    }
  });
  return {
    environment: {
      ZALO_OA_APP_ID: ZALO_OA.appId,
      ZALO_OA_SECRET: "bench-secret-of-the-application",
      ZALO_OA_ID: ZALO_OA.oaId,
      ZALO_OA_WEBHOOK_KEY: ZALO_OA.webhookKey,
      ZALO_OA_REFRESH_TOKEN: "refresh-bench",
      ZALO_OA_API: origin,
      ZALO_OA_OAUTH: origin,
    },
    nextStart: () => new Promise((resolve) => waitingForStart.push(resolve)),
    path: ZALO_OA_PATH,
    says(text) {
      count += 1;
      const person = String(7_000_000_000_000_000_000n + BigInt(count));
      const timestamp = String(Date.now());
      const body = JSON.stringify({
        app_id: ZALO_OA.appId,
        user_id_by_app: "1",
        event_name: "user_send_text",
        sender: { id: person },
        recipient: { id: ZALO_OA.oaId },
        message: { msg_id: `tin-${count}`, text },
        timestamp,
      });
      return { person, body, headers: { "x-zevent-signature": zaloOaSignature(body, timestamp) } };
    },
    onReply(next) {
      listener = next;
    },
    takes(next) {
      delayMs = next;
    },
    close,
  };
}

/** As the vendor's Java SDK makes it. */
export function zaloOaSignature(body: string | Buffer, timestamp: string): string {
  const { appId, webhookKey } = ZALO_OA;
  const hash = createHash("sha256").update(appId).update(body).update(timestamp);
  return `mac=${hash.update(webhookKey).digest("hex")}`;
}

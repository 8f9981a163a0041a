import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { ZaloOaAccount } from "../src/channels/zalo-oa-options.ts";

/** What goes wrong with one call. After “doing” the call was carried out, though nobody is told. */
export type Fault =
  | { type: "code"; code: number; message?: string }
  | { type: "cut-before-reading" }
  | { type: "cut-after-doing" }
  | { type: "half-answer" }
  /** Below 500 nothing was carried out. */
  | { type: "html"; status: number }
  | { type: "hold"; until: Promise<unknown> };

export type SentByOa = {
  to: string;
  text: string;
  way: "cs" | "v2";
  buttons: { title: string; type: string; payload: string }[];
};

export type Deliver = {
  /** How often Zalo posts it. */
  copies?: number;
  signature?: string;
  body?: string;
};

/** Zalo's OA API on this machine, strict where the real one is, with switches for what goes wrong. */
export type FakeZaloOa = {
  url: string;
  account: ZaloOaAccount;
  /** The refresh tokens that came, in order. */
  refreshes: string[];
  calls: { path: string; headers: IncomingMessage["headers"]; body: string }[];
  sent: SentByOa[];
  /** Paths are `token`, `cs` and `v2`. */
  fault(path: string, fault: Fault): void;
  /** As if the person had last written then; null: not a follower. */
  person(id: string, lastWrote: Date | null): void;
  switches: { isStateAgency: boolean; isV2Closed: boolean; refusesButtons: boolean; quota: number };
  /** All tokens given out so far are no longer good. */
  revoke(): void;
  /** A new pair as the console would show it. */
  newRefreshToken(): string;
  /** Where events are posted. */
  webhook: string | null;
  /** Posts an event, signed as Zalo signs; resolves to the statuses. */
  deliver(event: Record<string, unknown>, options?: Deliver): Promise<number[]>;
  says(person: string, words: string, more?: Record<string, unknown>): Promise<number[]>;
  event(name: string, person: string, more?: Record<string, unknown>): Record<string, unknown>;
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
};

const WINDOW_MS = 7 * 24 * 60 * 60 * 1000;
const CODES: Record<number, string> = {
  [-14012]: "Invalid refresh token",
  [-201]: "Parameter is invalid",
  [-210]: "Parameter exceeds allowable limit",
  [-211]: "Out of quota",
  [-213]: "User has not followed OA",
  [-216]: "Access token is invalid",
  [-220]: "Access token is expired or removed",
  [-230]: "User has not interacted with the OA in the past 7 days",
  [-235]: "API does not support this type of OA",
  [-240]: "Message V2 API has been shut down",
};

export async function startFakeZaloOa(now: () => Date = () => new Date()): Promise<FakeZaloOa> {
  let count = 0;
  let accessToken = "";
  let goodRefreshToken = "";
  const given = new Set<string>();
  const fresh = (kind: string) => {
    count += 1;
    return `${kind}-fake-zalo-oa-token-number-${count}-abcdefghijkl`;
  };
  goodRefreshToken = fresh("refresh");
  const people = new Map<string, Date>();
  const faults = new Map<string, Fault[]>();
  const sockets = new Set<Socket>();
  const account: ZaloOaAccount = {
    appId: "4321098765432109876",
    appSecret: "khoa-bi-mat-cua-ung-dung-0123456789",
    oaId: "579745863508352884",
    webhookKey: "khoa-bi-mat-webhook-cua-oa-9876543210",
    refreshToken: goodRefreshToken,
  };
  const fake: FakeZaloOa = {
    url: "",
    account,
    refreshes: [],
    calls: [],
    sent: [],
    fault(path, fault) {
      faults.set(path, [...(faults.get(path) ?? []), fault]);
    },
    person(id, lastWrote) {
      if (lastWrote === null) people.delete(id);
      else people.set(id, lastWrote);
    },
    switches: {
      isStateAgency: false,
      isV2Closed: false,
      refusesButtons: false,
      quota: Number.POSITIVE_INFINITY,
    },
    revoke() {
      accessToken = "";
    },
    newRefreshToken() {
      goodRefreshToken = fresh("refresh");
      return goodRefreshToken;
    },
    webhook: null,
    async deliver(event, { copies = 1, signature, body = JSON.stringify(event) } = {}) {
      const answers: number[] = [];
      for (let copy = 0; copy < copies; copy += 1) {
        const response = await fetch(fake.webhook ?? "", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-zevent-signature":
              signature ?? signatureOf(account, body, String(event["timestamp"])),
          },
          body,
        });
        answers.push(response.status);
      }
      return answers;
    },
    says(person, words, more = {}) {
      people.set(person, now());
      count += 1;
      const message = { msg_id: `tin-${count}`, text: words, ...more };
      return fake.deliver(fake.event("user_send_text", person, { message }));
    },
    event(name, person, more = {}) {
      return {
        app_id: account.appId,
        user_id_by_app: "1",
        event_name: name,
        sender: { id: person },
        recipient: { id: account.oaId },
        timestamp: String(now().getTime()),
        ...more,
      };
    },
    async until(holds) {
      while (!holds()) await new Promise(setImmediate);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function refresh(headers: IncomingMessage["headers"], body: string) {
    const form = new URLSearchParams(body);
    const token = form.get("refresh_token") ?? "";
    fake.refreshes.push(token);
    if (headers["secret_key"] !== account.appSecret || form.get("app_id") !== account.appId) {
      return { error: -14004, error_name: "Invalid secret key", error_description: "" };
    }
    if (form.get("grant_type") !== "refresh_token" || token !== goodRefreshToken) {
      return { error: -14012, error_name: CODES[-14012], error_reason: token };
    }
    goodRefreshToken = fresh("refresh");
    accessToken = fresh("access");
    given.add(accessToken);
    return { access_token: accessToken, refresh_token: goodRefreshToken, expires_in: "90000" };
  }

  function send(way: SentByOa["way"], headers: IncomingMessage["headers"], raw: string) {
    const token = String(headers["access_token"] ?? "");
    if (token !== accessToken || token === "") return refused(given.has(token) ? -220 : -216);
    if (way === "cs" && fake.switches.isStateAgency) return refused(-235);
    if (way === "v2" && fake.switches.isV2Closed) return refused(-240);
    const { recipient, message } = JSON.parse(raw);
    const to: unknown = recipient?.user_id;
    const words: unknown = message?.text;
    const buttons = message?.attachment?.payload?.buttons ?? [];
    if (typeof to !== "string" || typeof words !== "string" || words === "") return refused(-201);
    if (words.length > 2000) return refused(-210);
    const isWrong = (button: SentByOa["buttons"][number]) =>
      typeof button.title !== "string" ||
      button.title.length > 100 ||
      button.type !== "oa.query.show" ||
      typeof button.payload !== "string" ||
      button.payload.length > 1000;
    if (buttons.length > 5 || buttons.some(isWrong)) return refused(-201);
    if (message.attachment !== undefined && message.attachment.type !== "template") {
      return refused(-201);
    }
    if (buttons.length > 0 && fake.switches.refusesButtons) return refused(-201);
    const lastWrote = people.get(to);
    if (lastWrote === undefined) return refused(-213);
    if (now().getTime() - lastWrote.getTime() > WINDOW_MS) return refused(-230);
    if (fake.switches.quota <= 0) return refused(-211);
    fake.switches.quota -= 1;
    fake.sent.push({ to, text: words, way, buttons });
    count += 1;
    return {
      error: 0,
      message: "Success",
      data: { message_id: `m${count}`, user_id: to, sent_time: String(now().getTime()) },
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const path = NAMES[`${request.method} ${pathname}`];
    const fault = path === undefined ? undefined : faults.get(path)?.shift();
    if (fault?.type === "cut-before-reading") {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await text(request);
    fake.calls.push({ path: path ?? pathname, headers: request.headers, body });
    if (fault?.type === "hold") await fault.until;
    if (fault?.type === "html" && fault.status < 500) {
      response.writeHead(fault.status, { "content-type": "text/html" }).end("<h1>Not found</h1>");
      return;
    }
    const answer =
      fault?.type === "code"
        ? { error: fault.code, message: fault.message ?? CODES[fault.code] ?? "Lỗi" }
        : path === "token"
          ? refresh(request.headers, body)
          : path === undefined
            ? { error: -404, message: "Not found" }
            : send(path, request.headers, body);
    const said = JSON.stringify(answer);
    if (fault?.type === "cut-after-doing") {
      request.socket.resetAndDestroy();
    } else if (fault?.type === "half-answer") {
      response.writeHead(200, { "content-length": Buffer.byteLength(said) });
      response.write(said.slice(0, said.length / 2), () => request.socket.destroy());
    } else if (fault?.type === "html") {
      response.writeHead(fault.status, { "content-type": "text/html" });
      response.end("<html><h1>Bad Gateway</h1></html>");
    } else {
      // Errors, too, come under 200.
      response.writeHead(200, { "content-type": "application/json" });
      response.end(said);
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A mistake of the fake must not look like an answer of Zalo.
      console.error("fake Zalo OA:", error);
      request.socket.destroy();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

const NAMES: Record<string, "token" | "cs" | "v2"> = {
  "POST /v4/oa/access_token": "token",
  "POST /v3.0/oa/message/cs": "cs",
  "POST /v2.0/oa/message": "v2",
};

function refused(code: number) {
  return { error: code, message: CODES[code] ?? "Lỗi" };
}

/** The order of the vendor's own SDK: app id, body, timestamp, the OA's secret key. */
export function signatureOf(
  { appId, webhookKey }: Pick<ZaloOaAccount, "appId" | "webhookKey">,
  body: string,
  timestamp: string,
): string {
  const signed = `${appId}${body}${timestamp}${webhookKey}`;
  return `mac=${createHash("sha256").update(signed, "utf8").digest("hex")}`;
}

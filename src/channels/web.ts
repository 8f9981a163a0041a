import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import { decodeAction } from "../domain/action.ts";
import type { Incoming, Reply } from "../domain/reply.ts";
import { readPage } from "./web-assets.ts";
import { limitBody } from "./web-body.ts";
import type { Client } from "./web-client.ts";
import { createKeptReplies } from "./web-kept.ts";
import { createRateLimit, type Rate } from "./web-rate.ts";
import { type Greeting, renderGreeting, renderWeb, type WebReply } from "./web-render.ts";
import { SENTENCES } from "./web-sentences.ts";

export type WebEnv = { Bindings: HttpBindings; Variables: { client: Client } };

export type WebChannelOptions = {
  /** Resolves to null for a message that was answered before. */
  receive: (incoming: Incoming) => Promise<Reply | null>;
  /** Shown at first contact. Read at each opening of the page, so that changed content counts. */
  greet?: () => Greeting;
  now: () => Date;
  limits?: WebLimits;
  /** True: the cookie is only ever sent over https. Where a trusted proxy says that it was https, that is done in any case. */
  secureCookies: boolean;
  /** Something went wrong on our side. */
  onError: (error: unknown) => void;
};

/** An address may be a whole commune: mobile networks share one among thousands of phones. */
export type WebLimits = { person: Rate; address: Rate };

export type WebChannel = { routes: Hono<WebEnv> };

const DEFAULT_LIMITS: WebLimits = {
  person: { burst: 10, perMinute: 20 },
  address: { burst: 100, perMinute: 300 },
};

const MAX_BODY_BYTES = 8 * 1024;
const MAX_TEXT_LENGTH = 4_000;

const COOKIE = "an_sinh";
const PERSON_BYTES = 16;
const PERSON = /^[A-Za-z0-9_-]{22}$/;
/** A conversation fades after half an hour; nobody needs to be known for longer than a day. */
const COOKIE_SECONDS = 24 * 60 * 60;

const FOR_EVER = "public, max-age=31536000, immutable";

const messageId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const messageSchema = z.union([
  z.strictObject({ id: messageId, text: z.string() }),
  z.strictObject({ id: messageId, action: z.string() }),
]);

/** What the page should offer after a failure: the same message again, the same words as a new message, or nothing. */
type Retry = "same" | "new" | "no";

type Outcome = { status: "answered"; reply: WebReply } | { status: "lost" };

/** The web page and where it posts to. The server must have set `client` before. */
export function createWebChannel(options: WebChannelOptions): WebChannel {
  const { now, receive } = options;
  const limits = options.limits ?? DEFAULT_LIMITS;
  const perPerson = createRateLimit(limits.person, now);
  const perAddress = createRateLimit(limits.address, now);
  const replies = createKeptReplies<Outcome>(now);
  const page = readPage();
  const routes = new Hono<WebEnv>();

  for (const { path, type, body } of page.assets) {
    const sendAsset = packed(body);
    routes.get(`/${path}`, (c) => {
      c.header("cache-control", FOR_EVER);
      return sendAsset(c, type);
    });
  }

  routes.get("/", (c) => {
    const known = personOf(c);
    // Without a path the browser keeps the cookie to the folder it sees the page in, whatever a proxy made of it.
    setCookie(c, COOKIE, known ?? randomBytes(PERSON_BYTES).toString("base64url"), {
      httpOnly: true,
      sameSite: "Strict",
      secure: options.secureCookies || c.get("client").isHttps,
      maxAge: COOKIE_SECONDS,
      path: "",
    });
    const greeting = options.greet?.() ?? { blocks: [], buttons: [] };
    c.header("cache-control", "private, no-cache");
    return packed(page.html(renderGreeting(greeting)))(c, "text/html; charset=utf-8");
  });

  routes.post(
    "/api/message",
    async (c, next) => {
      c.header("cache-control", "no-store");
      if (!isFromOurPage(c)) return refuse(c, 403, SENTENCES.wrongOrigin, "no");
      if (!isJson(c)) return refuse(c, 415, SENTENCES.notJson, "no");
      const waitMs = perAddress.take(c.get("client").address);
      return waitMs > 0 ? tooOften(c, waitMs) : next();
    },
    limitBody(MAX_BODY_BYTES, (c) => refuse(c, 413, SENTENCES.tooBig, "no")),
    async (c) => {
      const person = personOf(c);
      if (person === undefined) return refuse(c, 401, SENTENCES.noPerson, "same");
      const waitMs = perPerson.take(person);
      if (waitMs > 0) return tooOften(c, waitMs);
      const message = messageSchema.safeParse(await readJson(c));
      if (!message.success) return refuse(c, 400, SENTENCES.notJson, "no");
      const content = contentOf(message.data);
      if (content === "too long") return refuse(c, 422, SENTENCES.tooLong, "no");
      if (content === "unknown button") return refuse(c, 422, SENTENCES.unknownButton, "no");
      const { id } = message.data;
      try {
        const outcome = await replies.once(person, id, () => answer(person, id, content));
        if (outcome.status === "lost") return refuse(c, 409, SENTENCES.answerLost, "new");
        return c.json(outcome.reply);
      } catch (error) {
        options.onError(error);
        return refuse(c, 500, SENTENCES.failed, "new");
      }
    },
  );

  async function answer(
    person: string,
    id: string,
    content: Incoming["content"],
  ): Promise<Outcome> {
    const reply = await receive({
      id: incomingId(person, id),
      from: { channel: "web", person },
      at: now(),
      content,
    });
    return reply === null ? { status: "lost" } : { status: "answered", reply: renderWeb(reply) };
  }

  return { routes };
}

/** A body that goes out packed to those who can unpack it: on a slow line that is a third of the wait. */
function packed(body: string): (c: Context, type: string) => Response {
  const small = gzipSync(body);
  return (c, type) => {
    c.header("content-type", type);
    c.header("vary", "accept-encoding");
    if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return c.body(body);
    c.header("content-encoding", "gzip");
    return c.body(new Uint8Array(small));
  };
}

function personOf(c: Context): string | undefined {
  const value = getCookie(c, COOKIE);
  return value !== undefined && PERSON.test(value) ? value : undefined;
}

/** Ids are kept and logged: they are unique in the channel, and neither the person nor another page's id can be read from them. */
function incomingId(person: string, id: string): string {
  return createHash("sha256").update(`${person}\n${id}`).digest("base64url").slice(0, 22);
}

/**
 * Browsers say where a post comes from in `Origin`, newer ones also in `Sec-Fetch-Site`; a page elsewhere can forge neither.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
function isFromOurPage(c: Context<WebEnv>): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") return false;
  const origin = c.req.header("origin");
  if (origin === undefined) return site === "same-origin";
  return URL.canParse(origin) && new URL(origin).host === c.get("client").host.toLowerCase();
}

function isJson(c: Context): boolean {
  return /^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "");
}

/** The parsed body, or undefined when it is no JSON or broke off. */
async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json<unknown>();
  } catch {
    return undefined;
  }
}

function contentOf(
  message: z.infer<typeof messageSchema>,
): Incoming["content"] | "too long" | "unknown button" {
  if ("text" in message) {
    return message.text.length > MAX_TEXT_LENGTH
      ? "too long"
      : { type: "text", text: message.text };
  }
  const action = decodeAction(message.action);
  return action === undefined ? "unknown button" : { type: "action", action };
}

type RefusalStatus = 400 | 401 | 403 | 409 | 413 | 415 | 422 | 429 | 500;

function refuse(c: Context, status: RefusalStatus, error: string, retry: Retry): Response {
  return c.json({ error, retry }, status);
}

function tooOften(c: Context, waitMs: number): Response {
  c.header("retry-after", String(Math.ceil(waitMs / 1000)));
  return refuse(c, 429, SENTENCES.tooOften, "same");
}

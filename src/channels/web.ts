import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Context, Hono } from "hono";
import * as z from "zod";
import { decodeAction } from "../domain/action.ts";
import type { PageNotices } from "../domain/page-notices.ts";
import type { Incoming, Reply } from "../domain/reply.ts";
import { readPage } from "./web-assets.ts";
import { guardPost, guardSize, readJson, refuse, tooOften, type WebEnv } from "./web-guards.ts";
import { createKeptReplies } from "./web-kept.ts";
import { createWebNotices } from "./web-notices.ts";
import { newPerson, personOf, rememberPerson } from "./web-person.ts";
import { createRateLimit, type Rate } from "./rate.ts";
import { type Greeting, renderGreeting, renderWeb, type WebReply } from "./web-render.ts";
import { SENTENCES } from "./web-sentences.ts";
import type { Repeat, StreamLimits } from "./web-streams.ts";

export type WebChannelOptions = {
  /** Resolves to null for a message that was answered before. */
  receive: (incoming: Incoming) => Promise<Reply | null>;
  /** Shown at first contact. Read at each opening of the page, so that changed content counts. */
  greet?: () => Greeting;
  now: () => Date;
  limits?: WebLimits;
  /** Null, or left out: the page gets no announcements. */
  notices?: PageNotices | null;
  /** How many pages may wait for announcements at once. */
  streamLimits?: StreamLimits;
  /** How the sign of life of open streams is timed. */
  repeat?: Repeat;
  /** True: the cookie is only ever sent over https. Where a trusted proxy says that it was https, that is done in any case. */
  secureCookies: boolean;
  /** Something went wrong on our side. */
  onError: (error: unknown) => void;
};

/** An address may be a whole commune: mobile networks share one among thousands of phones. */
export type WebLimits = { person: Rate; address: Rate };

export type WebChannel = {
  routes: Hono<WebEnv>;
  /** Ends what is open without end: pages that wait for announcements. */
  stop(): void;
  /** Drops the replies kept for a message sent again: the person had everything about them erased. */
  forget(person: string): void;
};

const DEFAULT_LIMITS: WebLimits = {
  person: { burst: 10, perMinute: 20 },
  address: { burst: 100, perMinute: 300 },
};

const MAX_TEXT_LENGTH = 4_000;

const FOR_EVER = "public, max-age=31536000, immutable";

const messageId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const messageSchema = z.union([
  z.strictObject({ id: messageId, text: z.string() }),
  z.strictObject({ id: messageId, action: z.string() }),
]);

type Outcome = { status: "answered"; reply: WebReply } | { status: "lost" };

/** The web page and where it posts to. The server must have set `client` before. */
export function createWebChannel(options: WebChannelOptions): WebChannel {
  const { now, receive } = options;
  const limits = options.limits ?? DEFAULT_LIMITS;
  const perPerson = createRateLimit(limits.person, now);
  const perAddress = createRateLimit(limits.address, now);
  const replies = createKeptReplies<Outcome>(now);
  const notices = createNotices(options);
  const listens = (person: string) => notices?.listens(person) ?? false;
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
    const person = personOf(c) ?? newPerson();
    const isListener = listens(person);
    rememberPerson(c, person, { listens: isListener, secure: options.secureCookies });
    const greeting = options.greet?.() ?? { blocks: [], buttons: [] };
    c.header("cache-control", "private, no-cache");
    const html = page.html(renderGreeting(greeting, isListener));
    return packed(html)(c, "text/html; charset=utf-8");
  });

  routes.post("/api/message", guardPost(perAddress), guardSize(), async (c) => {
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
      const isListener = listens(person);
      if (!isListener) notices?.dismiss(person);
      return c.json({ ...outcome.reply, listens: isListener });
    } catch (error) {
      options.onError(error);
      return refuse(c, 500, SENTENCES.failed, "new");
    }
  });
  if (notices !== null) routes.route("/", notices.routes);

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

  return {
    routes,
    stop: () => notices?.stop(),
    forget(person) {
      replies.forget(person);
    },
  };
}

function createNotices({ notices, now, streamLimits, repeat, onError }: WebChannelOptions) {
  if (notices === undefined || notices === null) return null;
  return createWebNotices({
    notices,
    now,
    ...(streamLimits !== undefined && { limits: streamLimits }),
    ...(repeat !== undefined && { repeat }),
    onError,
  });
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

/** Ids are kept and logged: they are unique in the channel, and neither the person nor another page's id can be read from them. */
function incomingId(person: string, id: string): string {
  return createHash("sha256").update(`${person}\n${id}`).digest("base64url").slice(0, 22);
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

import { Hono } from "hono";
import * as z from "zod";
import type { PageNotices } from "../domain/page-notices.ts";
import type { Address } from "../domain/reply.ts";
import {
  guardPost,
  guardSize,
  isFromElsewhere,
  readJson,
  refuse,
  tooOften,
  type WebEnv,
} from "./web-guards.ts";
import { personOf } from "./web-person.ts";
import { createRateLimit } from "./rate.ts";
import { renderBlocks } from "./web-render.ts";
import { SENTENCES } from "./web-sentences.ts";
import { createWebStreams, OVER, type Repeat, type StreamLimits } from "./web-streams.ts";

export type WebNoticesOptions = {
  notices: PageNotices;
  now: () => Date;
  limits?: StreamLimits;
  repeat?: Repeat;
  onError: (error: unknown) => void;
};

export type WebNotices = {
  routes: Hono<WebEnv>;
  /** Whether a person's page is to open a stream. */
  listens(person: string): boolean;
  /** Ends the streams of somebody who is no longer subscribed. */
  dismiss(person: string): void;
  /** Ends all streams. */
  stop(): void;
};

const DEFAULT_LIMITS: StreamLimits = { perPerson: 4, inAll: 2_000 };

/** Apart from the limits on messages: who is shown ten announcements must still be able to ask. All pages of a commune confirm at once. */
const CONFIRMED_BY_PERSON = { burst: 30, perMinute: 60 };
const CONFIRMED_BY_ADDRESS = { burst: 1_000, perMinute: 3_000 };

const TRY_AGAIN_SECONDS = "60";

const receivedSchema = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/) });

/** Where the page listens for announcements, and where it says that it showed one. */
export function createWebNotices(options: WebNoticesOptions): WebNotices {
  const { notices, now, onError } = options;
  const streams = createWebStreams({
    eventsFor: (person) =>
      notices.waitingFor(addressOf(person)).map(({ id, blocks }) => ({
        id,
        event: "notice",
        data: JSON.stringify({ id, blocks: renderBlocks(blocks) }),
      })),
    limits: options.limits ?? DEFAULT_LIMITS,
    repeat: options.repeat ?? repeatUnref,
    onError,
  });
  const stopListening = notices.onNew(() => {
    streams.offerToAll().catch(onError);
  });
  const perPerson = createRateLimit(CONFIRMED_BY_PERSON, now);
  const perAddress = createRateLimit(CONFIRMED_BY_ADDRESS, now);
  const routes = new Hono<WebEnv>();

  routes.get("/api/notices", (c) => {
    c.header("cache-control", "no-store");
    // Nobody would read, or end, the stream of a HEAD.
    if (c.req.method === "HEAD") return c.body(null, 405, { allow: "GET" });
    if (isFromElsewhere(c)) return refuse(c, 403, SENTENCES.wrongOrigin, "no");
    const person = personOf(c);
    if (person === undefined) return refuse(c, 401, SENTENCES.noPerson, "same");
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      // nginx would collect the events.
      "x-accel-buffering": "no",
      // Kept alive after its end, the connection would hold up the stop.
      connection: "close",
    };
    if (!notices.isSubscribed(addressOf(person))) return c.body(OVER, 200, headers);
    const opened = streams.open(person);
    if ("body" in opened) return c.body(opened.body, 200, headers);
    c.header("retry-after", TRY_AGAIN_SECONDS);
    return opened.full === "person"
      ? refuse(c, 429, SENTENCES.tooManyPages, "same")
      : refuse(c, 503, SENTENCES.tooManyListeners, "same");
  });

  routes.post("/api/received", guardPost(perAddress), guardSize(), async (c) => {
    const person = personOf(c);
    if (person === undefined) return refuse(c, 401, SENTENCES.noPerson, "same");
    const waitMs = perPerson.take(person);
    if (waitMs > 0) return tooOften(c, waitMs);
    const received = receivedSchema.safeParse(await readJson(c));
    if (!received.success) return refuse(c, 400, SENTENCES.notJson, "no");
    try {
      await notices.confirm(addressOf(person), received.data.id);
      return c.body(null, 204);
    } catch (error) {
      onError(error);
      return refuse(c, 500, SENTENCES.failed, "same");
    }
  });

  return {
    routes,
    listens: (person) => notices.isSubscribed(addressOf(person)),
    dismiss: (person) => {
      streams.dismiss(person);
    },
    stop() {
      stopListening();
      streams.close();
    },
  };
}

function addressOf(person: string): Address {
  return { channel: "web", person };
}

function repeatUnref(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms).unref();
  return () => {
    clearInterval(timer);
  };
}

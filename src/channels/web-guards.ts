import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { limitBody } from "./web-body.ts";
import type { Client } from "./web-client.ts";
import type { RateLimit } from "./rate.ts";
import { SENTENCES } from "./web-sentences.ts";

export type WebEnv = { Bindings: HttpBindings; Variables: { client: Client } };

/** What the page should offer after a failure: the same message again, the same words as a new message, or nothing. */
export type Retry = "same" | "new" | "no";

const MAX_BODY_BYTES = 8 * 1024;

/** What a post must pass before its body is read: from our page, JSON, not too often from one address. */
export function guardPost(perAddress: RateLimit): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    c.header("cache-control", "no-store");
    if (!isFromOurPage(c)) return refuse(c, 403, SENTENCES.wrongOrigin, "no");
    if (!isJson(c)) return refuse(c, 415, SENTENCES.notJson, "no");
    const waitMs = perAddress.take(c.get("client").address);
    return waitMs > 0 ? tooOften(c, waitMs) : next();
  };
}

export function guardSize(): MiddlewareHandler {
  return limitBody(MAX_BODY_BYTES, (c) => refuse(c, 413, SENTENCES.tooBig, "no"));
}

/**
 * Browsers say where a post comes from in `Origin`, newer ones also in `Sec-Fetch-Site`; a page elsewhere can forge neither.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
function isFromOurPage(c: Context<WebEnv>): boolean {
  const { origin, site } = arrivalOf(c);
  return !isFromElsewhere(c) && (origin !== undefined || site === "same-origin");
}

/**
 * True when a browser says that another site asks. For a GET from the page itself older browsers, and all on plain http, say nothing: there it is
 * the cookie, which is sent to no other site's request, that tells.
 */
export function isFromElsewhere(c: Context<WebEnv>): boolean {
  const { origin, site } = arrivalOf(c);
  if (site !== undefined && site !== "same-origin") return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== c.get("client").host.toLowerCase();
}

function arrivalOf(c: Context): { origin: string | undefined; site: string | undefined } {
  return { origin: c.req.header("origin"), site: c.req.header("sec-fetch-site") };
}

function isJson(c: Context): boolean {
  return /^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "");
}

/** The parsed body, or undefined when it is no JSON or broke off. */
export async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json<unknown>();
  } catch {
    return undefined;
  }
}

type RefusalStatus = 400 | 401 | 403 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

export function refuse(c: Context, status: RefusalStatus, error: string, retry: Retry): Response {
  return c.json({ error, retry }, status);
}

export function tooOften(c: Context, waitMs: number): Response {
  c.header("retry-after", String(Math.ceil(waitMs / 1000)));
  return refuse(c, 429, SENTENCES.tooOften, "same");
}

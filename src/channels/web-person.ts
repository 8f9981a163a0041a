import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { WebEnv } from "./web-guards.ts";

const COOKIE = "an_sinh";
const PERSON_BYTES = 16;
const PERSON = /^[A-Za-z0-9_-]{22}$/;

const DAY_SECONDS = 24 * 60 * 60;
/** A conversation fades after half an hour; nobody needs to be known for longer than a day. */
const OTHERS_SECONDS = DAY_SECONDS;
/** Browsers keep no cookie longer. Each opening of the page begins it anew. */
const SUBSCRIBERS_SECONDS = 400 * DAY_SECONDS;

/** Whom the page's cookie names; undefined: nobody that we named. */
export function personOf(c: Context): string | undefined {
  const value = getCookie(c, COOKIE);
  return value !== undefined && PERSON.test(value) ? value : undefined;
}

export function newPerson(): string {
  return randomBytes(PERSON_BYTES).toString("base64url");
}

/** Only the page itself can set it: without a path the browser keeps it to the folder it sees the page in, whatever a proxy made of it. */
export function rememberPerson(
  c: Context<WebEnv>,
  person: string,
  { listens, secure }: { listens: boolean; secure: boolean },
): void {
  setCookie(c, COOKIE, person, {
    httpOnly: true,
    sameSite: "Strict",
    secure: secure || c.get("client").isHttps,
    maxAge: listens ? SUBSCRIBERS_SECONDS : OTHERS_SECONDS,
    path: "",
  });
}

import { afterEach, beforeEach, expect, test } from "vitest";
import { stop } from "../src/broadcast/transitions.ts";
import type { WebChannelOptions } from "../src/channels/web.ts";
import type { ServerOptions } from "../src/channels/server.ts";
import { AUTHOR } from "./broadcast-drafts.ts";
import { type Announcements, pageAnnouncements } from "./page-announcements.ts";
import { echo, type Started, startServer } from "./web-server.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let announcements: Announcements;
const started: Started[] = [];
const open: { hangUp: () => void }[] = [];

beforeEach(() => {
  announcements = pageAnnouncements();
});

afterEach(async () => {
  for (const { hangUp } of open.splice(0)) hangUp();
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function serve(
  web: Partial<WebChannelOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<Started> {
  const now = () => announcements.clock.at;
  const running = await startServer({ notices: announcements, now, ...web }, server);
  started.push(running);
  return running;
}

/** The cookie of somebody who opened the page, and whom it names. */
async function visit(server: Started, known = ""): Promise<{ cookie: string; person: string }> {
  const response = await fetch(server.url, { headers: { cookie: known } });
  const cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return { cookie, person: cookie.replace("an_sinh=", "") };
}

async function subscriber(server: Started): Promise<string> {
  const { cookie, person } = await visit(server);
  await announcements.subscribe(person);
  return cookie;
}

type Listening = {
  response: Response;
  /** The next event's name and data; what is left out: comments. Undefined at the end. */
  next: () => Promise<{ event: string; data: { id: string; blocks: unknown } } | undefined>;
  /** What comes next, comments and all. */
  raw: () => Promise<string>;
  hangUp: () => void;
};

async function listen(
  server: Started,
  cookie: string,
  headers: Record<string, string> = {},
): Promise<Listening> {
  const giveUp = new AbortController();
  const response = await fetch(`${server.url}api/notices`, {
    headers: { cookie, "sec-fetch-site": "same-origin", ...headers },
    signal: giveUp.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const raw = async (): Promise<string> => (await reader?.read())?.value ?? "";
  const listening: Listening = {
    response,
    raw,
    async next() {
      for (;;) {
        const found = /^event: (\w+)\ndata: (.*)\n\n/m.exec(text);
        if (found !== null) {
          text = text.slice(found.index + found[0].length);
          return { event: found[1] ?? "", data: JSON.parse(found[2] ?? "null") as never };
        }
        const more = await raw();
        if (more === "") return undefined;
        text += more;
      }
    },
    hangUp: () => {
      giveUp.abort();
    },
  };
  open.push(listening);
  return listening;
}

function confirm(
  server: Started,
  cookie: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.url}api/received`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(server.url).origin,
      cookie,
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

async function ask(server: Started, cookie: string, text: string): Promise<{ listens: boolean }> {
  const response = await fetch(`${server.url}api/message`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(server.url).origin,
      cookie,
    },
    body: JSON.stringify({ id: `tin-nhan-${text.length}`, text }),
  });
  return (await response.json()) as { listens: boolean };
}

/** What somebody is offered who opens the page now: an announcement made for the purpose closes the list. */
async function offered(server: Started, cookie: string): Promise<string[]> {
  const stream = await listen(server, cookie);
  await announcements.started("TBCUOI");
  const ids: string[] = [];
  for (;;) {
    const id = (await stream.next())?.data.id;
    if (id === undefined || id === "TBCUOI") return ids;
    ids.push(id);
  }
}

test("whoever opens the page is shown what waits for them, and then what starts while it is open", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  await announcements.started("TB2");
  const stream = await listen(server, cookie);
  expect(await stream.next()).toEqual({
    event: "notice",
    data: {
      id: "TB1",
      blocks: [
        { type: "heading", text: "Lương hưu tăng" },
        { type: "text", spans: [{ text: "Từ tháng sau lương hưu tăng." }] },
      ],
    },
  });
  expect((await stream.next())?.data.id).toBe("TB2");
  await announcements.started("TB3");
  expect((await stream.next())?.data.id).toBe("TB3");
  expect(Object.fromEntries(stream.response.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
  });
});

test("what the page confirms counts as sent and does not come again", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  await announcements.started("TB2");
  expect((await confirm(server, cookie, { id: "TB1" })).status).toBe(204);
  expect(announcements.tally("TB1")).toEqual({ waiting: 0, sent: 1 });
  expect(await offered(server, cookie)).toEqual(["TB2"]);
});

test("what was sent but not confirmed waits and comes again at the next connection", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  const first = await listen(server, cookie);
  expect((await first.next())?.data.id).toBe("TB1");
  first.hangUp();
  expect(announcements.tally("TB1")).toEqual({ waiting: 1, sent: 0 });
  expect(await offered(server, cookie)).toEqual(["TB1"]);
});

test("confirming twice, or what was never offered, changes nothing", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.released("TB1");
  await announcements.started("TB2");
  for (const id of ["TB1", "TB2", "TB2", "TB9"]) {
    expect((await confirm(server, cookie, { id })).status).toBe(204);
  }
  expect(announcements.tally("TB1")).toEqual({ waiting: 1, sent: 0 });
  expect(announcements.tally("TB2")).toEqual({ waiting: 0, sent: 1 });
});

test("nobody confirms for somebody else", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  const other = await visit(server);
  await confirm(server, other.cookie, { id: "TB1" });
  expect(announcements.tally("TB1")).toEqual({ waiting: 1, sent: 0 });
  await confirm(server, cookie, { id: "TB1" });
  expect(announcements.tally("TB1")).toEqual({ waiting: 0, sent: 1 });
});

test("what has not started, was stopped, has expired or is a week old is not offered", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  const { clock, store } = announcements;
  await announcements.started("TBOLD");
  clock.at = new Date(clock.at.getTime() + 6 * DAY_MS);
  await announcements.started("TBEXPIRED", { expiresAt: new Date(clock.at.getTime() + 1) });
  await announcements.started("TBSTOPPED");
  await store.change("TBSTOPPED", stop({ by: AUTHOR, at: clock.at }));
  await announcements.released("TBNOTYET");
  await announcements.started("TBGOOD");
  clock.at = new Date(clock.at.getTime() + DAY_MS);
  expect(await offered(server, cookie)).toEqual(["TBGOOD"]);
});

test("just before a week is over it is still offered", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  const { clock } = announcements;
  clock.at = new Date(clock.at.getTime() + 7 * DAY_MS - 1);
  expect(await offered(server, cookie)).toEqual(["TB1"]);
});

test("whoever is not subscribed is told that there is nothing to wait for", async () => {
  const server = await serve();
  await announcements.started("TB1");
  const stream = await listen(server, (await visit(server)).cookie);
  expect(await stream.next()).toEqual({ event: "over", data: {} });
  expect(await stream.next()).toBeUndefined();
});

test("unsubscribing on one page ends the stream of another, and nothing more comes", async () => {
  const server = await serve({
    receive: async (incoming) => {
      await announcements.unsubscribe(incoming.from.person);
      return echo(incoming);
    },
  });
  const cookie = await subscriber(server);
  const stream = await listen(server, cookie);
  expect(await ask(server, cookie, "hủy đăng ký")).toMatchObject({ listens: false });
  await announcements.started("TB1");
  expect((await stream.next())?.event).toBe("over");
  expect(await stream.next()).toBeUndefined();
});

test("replies and the page itself say whether to listen; a subscriber is known for 400 days, others for one", async () => {
  const server = await serve({
    receive: async (incoming) => {
      const { content, from } = incoming;
      const text = content.type === "text" ? content.text : "";
      if (text === "đăng ký") await announcements.subscribe(from.person);
      return echo(incoming);
    },
  });
  const stranger = await fetch(server.url);
  expect(stranger.headers.get("set-cookie")).toContain("Max-Age=86400;");
  expect(await stranger.text()).toContain('"listens":false');
  const cookie = (stranger.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  expect(await ask(server, cookie, "lương hưu")).toMatchObject({ listens: false });
  expect(await ask(server, cookie, "đăng ký")).toMatchObject({ listens: true });
  const known = await fetch(server.url, { headers: { cookie } });
  expect(known.headers.get("set-cookie")).toContain(`${cookie}; Max-Age=34560000;`);
  expect(await known.text()).toContain('"listens":true');
});

test("without announcements nobody listens, and there is no such address", async () => {
  const server = await serve({ notices: null });
  const cookie = await subscriber(server);
  expect(await (await fetch(server.url, { headers: { cookie } })).text()).toContain(
    '"listens":false',
  );
  expect((await fetch(`${server.url}api/notices`, { headers: { cookie } })).status).toBe(404);
});

test.each([
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["another host of the same site", { "sec-fetch-site": "same-site" }],
  ["an older browser on another site", { origin: "https://example.com" }],
  ["a page without an address", { origin: "null" }],
])("%s can neither listen nor confirm", async (_, headers) => {
  const server = await serve();
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  expect((await listen(server, cookie, headers)).response.status).toBe(403);
  expect((await confirm(server, cookie, { id: "TB1" }, headers)).status).toBe(403);
  expect(announcements.tally("TB1")).toEqual({ waiting: 1, sent: 0 });
});

test("an older browser, or one on plain http, says nothing of where a stream is asked for and gets it", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  const response = await fetch(`${server.url}api/notices`, { headers: { cookie } });
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

test("without the cookie there is neither a stream nor a confirmation", async () => {
  const server = await serve();
  expect((await listen(server, "")).response.status).toBe(401);
  expect((await confirm(server, "", { id: "TB1" })).status).toBe(401);
});

test.each([
  ["no id", {}, 400],
  ["a strange id", { id: "../TB1" }, 400],
  ["more than was asked for", { id: "TB1", person: "ai đó" }, 400],
  ["more than 8 KB", { id: "TB1".repeat(4_000) }, 413],
])("a confirmation with %s is refused", async (_, body, status) => {
  const server = await serve();
  const cookie = await subscriber(server);
  expect((await confirm(server, cookie, body)).status).toBe(status);
  const form = { "content-type": "text/plain" };
  expect((await confirm(server, cookie, { id: "TB1" }, form)).status).toBe(415);
});

test("who confirms without end is asked to wait, and may go on asking questions", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  for (let i = 0; i < 30; i += 1) await confirm(server, cookie, { id: "TB1" });
  expect((await confirm(server, cookie, { id: "TB1" })).status).toBe(429);
  expect(await ask(server, cookie, "lương hưu")).toMatchObject({ listens: true });
});

test("a confirmation that cannot be saved just now is refused, and the announcement comes again", async () => {
  const server = await serve({
    notices: { ...announcements, confirm: () => Promise.reject(new Error("đĩa đầy")) },
  });
  const cookie = await subscriber(server);
  await announcements.started("TB1");
  expect((await confirm(server, cookie, { id: "TB1" })).status).toBe(500);
  expect(server.log).toEqual(["Error: đĩa đầy"]);
  expect(await offered(server, cookie)).toEqual(["TB1"]);
});

test("one person has four streams, and room again once one is closed", async () => {
  const server = await serve();
  const cookie = await subscriber(server);
  const streams = await Promise.all([1, 2, 3, 4].map(() => listen(server, cookie)));
  expect(streams.map(({ response }) => response.status)).toEqual([200, 200, 200, 200]);
  const fifth = await listen(server, cookie);
  expect(fifth.response.status).toBe(429);
  expect(fifth.response.headers.get("retry-after")).toBe("60");
  expect(await fifth.raw()).toMatch(/"error":"\p{L}.+\."/u);
  expect((await listen(server, await subscriber(server))).response.status).toBe(200);
  streams[0]?.hangUp();
  await expect
    .poll(async () => (await listen(server, cookie)).response.status, { timeout: 10_000 })
    .toBe(200);
});

test("beyond the limit for all, a person is told to come back later and can still ask", async () => {
  const server = await serve({ streamLimits: { perPerson: 4, inAll: 2 } });
  await listen(server, await subscriber(server));
  await listen(server, await subscriber(server));
  const cookie = await subscriber(server);
  const third = await listen(server, cookie);
  expect([third.response.status, third.response.headers.get("retry-after")]).toEqual([503, "60"]);
  expect(await ask(server, cookie, "lương hưu")).toMatchObject({ listens: true });
});

test("a HEAD takes no place", async () => {
  const server = await serve({ streamLimits: { perPerson: 1, inAll: 1 } });
  const cookie = await subscriber(server);
  const head = await fetch(`${server.url}api/notices`, { method: "HEAD", headers: { cookie } });
  expect([head.status, head.headers.get("allow")]).toEqual([405, "GET"]);
  expect((await listen(server, cookie)).response.status).toBe(200);
});

test("open streams give a sign of life every 25 seconds, and none is given when there are none", async () => {
  const beats: { ms: number; tick: () => void }[] = [];
  const ended: number[] = [];
  const server = await serve({
    repeat: (ms, tick) => {
      beats.push({ ms, tick });
      return () => ended.push(ms);
    },
  });
  expect(beats).toEqual([]);
  const stream = await listen(server, await subscriber(server));
  const other = await listen(server, await subscriber(server));
  expect(await stream.raw()).toBe(":\n\n");
  beats[0]?.tick();
  expect(await stream.raw()).toBe(":\n\n");
  expect(beats.map(({ ms }) => ms)).toEqual([25_000]);
  stream.hangUp();
  other.hangUp();
  await expect.poll(() => ended).toEqual([25_000]);
});

test("stopping ends open streams at once, and lets an answer in flight finish", async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const server = await serve(
    {
      receive: async (incoming) => {
        await finished;
        return echo(incoming);
      },
    },
    { waits: { requestMs: 10_000, stopMs: 10 * 60_000 } },
  );
  const cookie = await subscriber(server);
  const streams = await Promise.all([1, 2, 3].map(() => listen(server, cookie)));
  const asked = ask(server, cookie, "lương hưu");
  await expect.poll(() => server.heard.length).toBe(1);
  const stopped = server.stop();
  for (const stream of streams) expect(await stream.next()).toBeUndefined();
  finish();
  expect(await asked).toMatchObject({ listens: true });
  await stopped;
});

test("something new costs a look at each open page, not at everybody", async () => {
  const looks: string[] = [];
  const server = await serve({
    notices: {
      ...announcements,
      waitingFor: (from) => {
        looks.push(from.person);
        return announcements.waitingFor(from);
      },
    },
  });
  for (let i = 0; i < 500; i += 1) await announcements.subscribe(`người ${i}`);
  const cookies = [await subscriber(server), await subscriber(server)];
  const streams = await Promise.all(cookies.map((cookie) => listen(server, cookie)));
  looks.length = 0;
  await announcements.started("TB1");
  for (const stream of streams) expect((await stream.next())?.data.id).toBe("TB1");
  expect(looks.map((person) => `an_sinh=${person}`).sort()).toEqual(cookies.sort());
});

test("one person whose announcements cannot be read does not keep them from others", async () => {
  let broken = "";
  const server = await serve({
    notices: {
      ...announcements,
      waitingFor: (from) => {
        if (from.person === broken) throw new Error("hỏng");
        return announcements.waitingFor(from);
      },
    },
  });
  const [first, second] = [await subscriber(server), await subscriber(server)];
  await listen(server, first);
  const stream = await listen(server, second);
  broken = first.replace("an_sinh=", "");
  await announcements.started("TB1");
  expect((await stream.next())?.data.id).toBe("TB1");
  expect(server.log).toEqual(["Error: hỏng"]);
});

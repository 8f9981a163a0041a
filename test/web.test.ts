import { afterEach, expect, test } from "vitest";
import type { WebChannelOptions } from "../src/channels/web.ts";
import type { ServerOptions } from "../src/channels/server.ts";
import { echo, type Started, startServer } from "./web-server.ts";

const started: Started[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function open(
  web: Partial<WebChannelOptions> = {},
  server: Partial<ServerOptions> = {},
): Promise<Started> {
  const running = await startServer(web, server);
  started.push(running);
  return running;
}

/** Opens the page as a browser does and returns the cookie it was given. */
async function visit(server: Started, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(server.url, { headers });
  return response.headers.get("set-cookie") ?? "";
}

type Post = { body?: unknown; raw?: string; cookie?: string; headers?: Record<string, string> };

function post(server: Started, { body, raw, cookie, headers = {} }: Post): Promise<Response> {
  return fetch(`${server.url}api/message`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(server.url).origin,
      ...(cookie !== undefined && { cookie: cookie.split(";")[0] ?? "" }),
      ...headers,
    },
    body: raw ?? JSON.stringify(body),
  });
}

type Refusal = { error: string; retry: string };

async function refusal(response: Response): Promise<[number, Refusal]> {
  return [response.status, (await response.json()) as Refusal];
}

const QUESTION = { id: "cau-hoi-so-1", text: "lương hưu" };
const ALSO = { id: "cau-hoi-so-2", text: "mức hưởng" };

test("a question is answered with blocks, and buttons that carry their whole action", async () => {
  const server = await open();
  const response = await post(server, { body: QUESTION, cookie: await visit(server) });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    blocks: [
      { type: "heading", text: "Lương hưu" },
      { type: "text", spans: [{ text: "Đã nghe: lương hưu" }] },
      { type: "list", ordered: false, items: [[{ text: "Tờ khai", strong: true }]] },
      { type: "source", text: "Căn cứ: Luật 41/2024/QH15." },
    ],
    buttons: [
      { label: "Mức hưởng", action: "e:luong-huu:1" },
      { label: "Danh mục", action: "m" },
    ],
    feedback: null,
    listens: false,
  });
});

test("a press of a button reaches the bot as its action", async () => {
  const server = await open();
  const cookie = await visit(server);
  await post(server, { body: { id: "bam-nut-1", action: "e:luong-huu:1" }, cookie });
  expect(server.heard[0]?.content).toEqual({
    type: "action",
    action: { do: "entitlement", id: "luong-huu", facet: "benefit" },
  });
});

test("the server names the person: 128 random bits in a cookie that scripts and other sites never see", async () => {
  const server = await open();
  const [cookie, other] = [await visit(server), await visit(server)];
  expect(cookie).toMatch(/^an_sinh=[A-Za-z0-9_-]{22}; Max-Age=86400; HttpOnly; SameSite=Strict$/);
  expect(other).not.toBe(cookie);
  await post(server, { body: QUESTION, cookie });
  expect(server.heard[0]?.from.channel).toBe("web");
  expect(cookie).toContain(server.heard[0]?.from.person);
});

test("somebody who comes back keeps their name, a made-up one is replaced", async () => {
  const server = await open();
  const first = (await visit(server)).split(";")[0] ?? "";
  expect((await visit(server, { cookie: first })).split(";")[0]).toBe(first);
  expect(await visit(server, { cookie: "an_sinh=tôi" })).toMatch(/^an_sinh=[A-Za-z0-9_-]{22};/);
});

test("the cookie is for https only where the page is, as a trusted proxy or the settings say", async () => {
  const https = { "x-forwarded-proto": "https" };
  expect(await visit(await open(), https)).not.toContain("Secure");
  expect(await visit(await open({}, { trustProxyHops: 1 }), https)).toContain("Secure");
  expect(await visit(await open({ secureCookies: true }))).toContain("Secure");
});

test("a message sent again gets the same reply and reaches the bot once, even while the first is under way", async () => {
  const server = await open();
  const cookie = await visit(server);
  const replies = await Promise.all([
    post(server, { body: QUESTION, cookie }),
    post(server, { body: QUESTION, cookie }),
  ]);
  replies.push(await post(server, { body: QUESTION, cookie }));
  const texts = await Promise.all(replies.map((reply) => reply.text()));
  expect(new Set(texts).size).toBe(1);
  expect(server.heard).toHaveLength(1);
});

test("two people who use the same message id are not mixed up", async () => {
  const server = await open();
  await post(server, { body: QUESTION, cookie: await visit(server) });
  const theirs = { ...QUESTION, text: "điều khác" };
  const response = await post(server, { body: theirs, cookie: await visit(server) });
  expect(await response.text()).toContain("điều khác");
  expect(new Set(server.heard.map(({ id }) => id)).size).toBe(2);
});

test("a message that was answered before a restart is asked for anew, under a new id", async () => {
  const server = await open({ receive: () => Promise.resolve(null) });
  const response = await post(server, { body: QUESTION, cookie: await visit(server) });
  const [status, { error, retry }] = await refusal(response);
  expect([status, retry]).toEqual([409, "new"]);
  expect(error).toContain("gửi lại");
});

test("when the bot fails the person gets a sentence and can send again", async () => {
  let failing = true;
  const server = await open({
    receive: (incoming) => (failing ? Promise.reject(new Error("hỏng")) : echo(incoming)),
  });
  const cookie = await visit(server);
  expect(await refusal(await post(server, { body: QUESTION, cookie }))).toEqual([
    500,
    { error: expect.stringContaining("trục trặc"), retry: "new" },
  ]);
  expect(server.log).toEqual(["Error: hỏng"]);
  failing = false;
  expect((await post(server, { body: QUESTION, cookie })).status).toBe(200);
});

test("only https links are sent as links", async () => {
  const server = await open({
    receive: async (incoming) => ({
      ...(await echo(incoming)),
      blocks: [
        {
          type: "text",
          spans: [
            { text: "a", url: "https://dichvucong.gov.vn" },
            { text: "b", url: "http://dichvucong.gov.vn" },
            { text: "c", url: "javascript:alert(1)" },
          ],
        },
      ],
    }),
  });
  const response = await post(server, { body: QUESTION, cookie: await visit(server) });
  expect(await response.json()).toMatchObject({
    blocks: [
      {
        spans: [{ text: "a", url: "https://dichvucong.gov.vn" }, { text: "b" }, { text: "c" }],
      },
    ],
  });
});

test("the greeting cannot break out of the page", async () => {
  const said = "</script><script>alert(1)</script>";
  const greet = () => ({
    blocks: [{ type: "heading" as const, text: said }],
    buttons: [],
  });
  const html = await (await fetch((await open({ greet })).url)).text();
  expect(html).not.toContain(said);
  expect(html).toContain(String.raw`\u003c/script>`);
});

const WRONG: [name: string, status: number, post: Post][] = [
  ["another site", 403, { body: QUESTION, headers: { origin: "https://example.com" } }],
  ["a page without an address", 403, { body: QUESTION, headers: { origin: "null" } }],
  [
    "another site that hides its name",
    403,
    { body: QUESTION, headers: { "sec-fetch-site": "cross-site" } },
  ],
  [
    "a form",
    415,
    { raw: "id=1", headers: { "content-type": "application/x-www-form-urlencoded" } },
  ],
  ["text", 415, { raw: JSON.stringify(QUESTION), headers: { "content-type": "text/plain" } }],
  ["half a JSON", 400, { raw: '{"id": "cau-hoi-so-1", "te' }],
  ["nothing", 400, { raw: "" }],
  ["a list", 400, { body: [QUESTION] }],
  ["a number as text", 400, { body: { id: "cau-hoi-so-1", text: 7 } }],
  ["a strange id", 400, { body: { id: "../../etc/passwd", text: "a" } }],
  ["a short id", 400, { body: { id: "1", text: "a" } }],
  ["text and action at once", 400, { body: { ...QUESTION, action: "m" } }],
  ["more than was asked for", 400, { body: { ...QUESTION, person: "ai đó" } }],
  ["an unknown action", 422, { body: { id: "bam-nut-1", action: "x:1" } }],
  ["more than 4,000 characters", 422, { body: { ...QUESTION, text: "a".repeat(4_001) } }],
  ["more than 8 KB", 413, { body: { ...QUESTION, text: "a".repeat(9_000) } }],
];

test.each(WRONG)("%s is refused with %i and a sentence, and reaches nobody", async (...row) => {
  const [, status, wrong] = row;
  const server = await open();
  const answered = await refusal(await post(server, { ...wrong, cookie: await visit(server) }));
  expect(answered).toEqual([status, { error: expect.stringMatching(/\p{L}.+\.$/u), retry: "no" }]);
  expect(server.heard).toEqual([]);
  expect(server.log).toEqual([]);
});

test("the longest question allowed is taken", async () => {
  const server = await open();
  const body = { ...QUESTION, text: "a".repeat(4_000) };
  expect((await post(server, { body, cookie: await visit(server) })).status).toBe(200);
});

test("a body without a declared length is measured as it comes", async () => {
  const server = await open();
  const response = await fetch(`${server.url}api/message`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(server.url).origin,
      cookie: (await visit(server)).split(";")[0] ?? "",
    },
    body: new Blob(["a".repeat(9_000)]).stream(),
    duplex: "half",
  });
  expect(response.status).toBe(413);
});

test("a post without the cookie is refused with what to do about it", async () => {
  const [status, { error, retry }] = await refusal(await post(await open(), { body: QUESTION }));
  expect([status, retry]).toEqual([401, "same"]);
  expect(error).toContain("cookie");
});

test("an older browser that only says its origin is answered, a program that says nothing is not", async () => {
  const server = await open();
  const cookie = (await visit(server)).split(";")[0] ?? "";
  const headers = { "content-type": "application/json", cookie };
  const send = (more: Record<string, string>) =>
    fetch(`${server.url}api/message`, {
      method: "POST",
      headers: { ...headers, ...more },
      body: JSON.stringify(QUESTION),
    });
  expect((await send({ origin: new URL(server.url).origin })).status).toBe(200);
  expect((await send({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect((await send({})).status).toBe(403);
});

test("who writes too fast is asked to wait, and is heard again when the time has passed", async () => {
  const limits = {
    person: { burst: 1, perMinute: 6 },
    address: { burst: 100, perMinute: 100 },
  };
  const server = await open({ limits });
  const cookie = await visit(server);
  expect((await post(server, { body: QUESTION, cookie })).status).toBe(200);
  const slowDown = await post(server, { body: ALSO, cookie });
  expect(slowDown.headers.get("retry-after")).toBe("10");
  expect(await refusal(slowDown)).toEqual([
    429,
    { error: expect.stringContaining("chờ một lát"), retry: "same" },
  ]);
  expect((await post(server, { body: ALSO, cookie: await visit(server) })).status).toBe(200);
  server.clock.at = new Date(server.clock.at.getTime() + 10_000);
  expect((await post(server, { body: ALSO, cookie })).status).toBe(200);
});

test("one address cannot take everybody's turn by changing its name", async () => {
  const limits = { person: { burst: 100, perMinute: 100 }, address: { burst: 2, perMinute: 1 } };
  const server = await open({ limits }, { trustProxyHops: 1 });
  const from = async (address: string) => {
    const headers = { "x-forwarded-for": address };
    return (await post(server, { body: QUESTION, cookie: await visit(server), headers })).status;
  };
  expect(await from("203.0.113.7")).toBe(200);
  expect(await from("6.6.6.6, 203.0.113.7")).toBe(200);
  expect(await from("7.7.7.7, 203.0.113.7")).toBe(429);
  expect(await from("203.0.113.8")).toBe(200);
});

test("behind a proxy that renames the host, the page's own origin is known by what the proxy says", async () => {
  const headers = { origin: "https://ansinh.example", "x-forwarded-host": "ansinh.example" };
  const trusting = await open({}, { trustProxyHops: 1 });
  const cookie = await visit(trusting);
  expect((await post(trusting, { body: QUESTION, cookie, headers })).status).toBe(200);
  const wary = await open();
  const theirs = await visit(wary);
  expect((await post(wary, { body: QUESTION, cookie: theirs, headers })).status).toBe(403);
});

import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { ServerOptions } from "../src/channels/server.ts";
import type { WebChannelOptions } from "../src/channels/web.ts";
import { echo, type Started, startServer } from "./web-server.ts";

const started: Started[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function open(
  server: Partial<ServerOptions> = {},
  web: Partial<WebChannelOptions> = {},
): Promise<Started> {
  const running = await startServer(web, server);
  started.push(running);
  return running;
}

/** Sends bytes as they are and resolves to all that comes back until the server hangs up. */
function sendRaw(server: Started, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

const POST = "POST /api/message HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n";
const JSON_TYPE = "Content-Type: application/json\r\n";
const COOKIE = "an_sinh=AAAAAAAAAAAAAAAAAAAAAA";

function ask(server: Started, id = "cau-hoi-so-1"): Promise<Response> {
  return fetch(`${server.url}api/message`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      origin: new URL(server.url).origin,
      cookie: COOKIE,
    },
    body: JSON.stringify({ id, text: "lương hưu" }),
  });
}

test("says that it lives, and that it is ready once it is", async () => {
  let ready = false;
  const { url } = await open({ ready: () => ready });
  expect((await fetch(`${url}healthz`)).status).toBe(200);
  expect((await fetch(`${url}readyz`)).status).toBe(503);
  ready = true;
  expect((await fetch(`${url}readyz`)).status).toBe(200);
});

test("the page may load and talk to nothing but its own server, and stand in no frame", async () => {
  const { url } = await open();
  for (const path of ["", "healthz", "no-such-page"]) {
    const { headers } = await fetch(url + path);
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
  }
});

test("what the page loads may be kept for ever, the page itself is asked for again", async () => {
  const { url } = await open();
  const page = await fetch(url);
  expect(page.headers.get("cache-control")).toBe("private, no-cache");
  const html = await page.text();
  const assets = [...html.matchAll(/(?:href|src)="((?:page|icon)\.[^"]+)"/g)];
  expect(new Set(assets.map(([, path]) => path)).size).toBe(3);
  for (const [, path] of assets) {
    const asset = await fetch(url + path);
    expect(asset.status).toBe(200);
    expect(asset.headers.get("cache-control")).toContain("immutable");
  }
});

test("an unknown address and a wrong method get a sentence", async () => {
  const { url } = await open();
  const unknown = await fetch(`${url}wp-login.php`);
  expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringMatching(/\.$/)]);
  const get = await fetch(`${url}api/message`);
  expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  const put = await fetch(url, { method: "PUT", body: "x" });
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
});

test("a webhook gets its request as it came, up to 1 MB", async () => {
  const bodies: number[] = [];
  const { url } = await open({
    webhooks: [
      {
        path: "/telegram",
        async handle(request) {
          if (request.headers.get("x-secret") !== "ok") return new Response(null, { status: 401 });
          bodies.push((await request.text()).length);
          return new Response();
        },
      },
    ],
  });
  const send = (size: number, secret: string) =>
    fetch(`${url}telegram`, {
      method: "POST",
      headers: { "x-secret": secret },
      body: "a".repeat(size),
    });
  expect((await send(1024 * 1024, "ok")).status).toBe(200);
  expect((await send(1024 * 1024 + 1, "ok")).status).toBe(413);
  const refused = await send(10, "sai");
  expect([refused.status, await refused.text()]).toEqual([401, ""]);
  expect(bodies).toEqual([1024 * 1024]);
});

test("a webhook that throws is one 500 and one line in the log", async () => {
  const server = await open({
    webhooks: [{ path: "/zalo", handle: () => Promise.reject(new Error("hỏng")) }],
  });
  const response = await fetch(`${server.url}zalo`, { method: "POST", body: "{}" });
  expect([response.status, server.log]).toEqual([500, ["http.failed"]]);
});

test("counts messages, outcomes and seconds for Prometheus, on a port of its own, without ids or texts", async () => {
  const server = await open();
  await ask(server);
  await ask(server, "cau-hoi-so-2");
  const metrics = await (await fetch(server.metricsUrl ?? "")).text();
  expect(metrics).toContain('an_sinh_messages_in_total{channel="web"} 2');
  expect(metrics).toContain('an_sinh_messages_out_total{channel="web"} 2');
  expect(metrics).toContain('an_sinh_outcomes_total{outcome="answer"} 2');
  expect(metrics).toContain("an_sinh_answer_seconds_count 2");
  expect(metrics).not.toMatch(/AAAAAAAA|cau-hoi|lương/);
  expect((await fetch(`${server.url}metrics`)).status).toBe(404);
});

test("a connection that a browser opened in advance does not hold up the stop", async () => {
  const server = await open({ waits: { requestMs: 10_000, stopMs: 10 * 60_000 } });
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  await fetch(`${server.url}healthz`);
  await server.stop();
});

test("a body that never ends is cut off with a sentence", async () => {
  const server = await open({ waits: { requestMs: 50, stopMs: 50 } });
  const head = `${POST}${JSON_TYPE}Cookie: ${COOKIE}\r\nContent-Length: 100\r\n\r\n`;
  expect(await sendRaw(server, `${head}{"id":`)).toMatch(/^HTTP\/1\.1 408 [^]*chậm quá/);
  expect(server.heard).toEqual([]);
  expect(server.log).toEqual([]);
});

test("a webhook's body that never ends is cut off too, and one without a declared length is measured", async () => {
  const read: number[] = [];
  const server = await open({
    waits: { requestMs: 50, stopMs: 50 },
    webhooks: [
      {
        path: "/telegram",
        async handle(request) {
          const body = await request.text().catch(() => null);
          if (body === null) return new Response(null, { status: 400 });
          read.push(body.length);
          return new Response();
        },
      },
    ],
  });
  const head = "POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
  expect(await sendRaw(server, `${head}{"update_id":`)).toMatch(/^HTTP\/1\.1 408/);
  const tooMuch = await fetch(`${server.url}telegram`, {
    method: "POST",
    body: new Blob(["a".repeat(1024 * 1024 + 1)]).stream(),
    duplex: "half",
  });
  expect([tooMuch.status, await tooMuch.text()]).toEqual([413, ""]);
  expect(read).toEqual([]);
  expect(server.log).toEqual([]);
});

test("headers that never end are cut off too", async () => {
  const server = await open({ waits: { requestMs: 50, stopMs: 50 } });
  expect(await sendRaw(server, "GET / HTTP/1.1\r\nHost: a\r\nX: ")).toMatch(/^HTTP\/1\.1 408/);
});

test("what is no HTTP and what has endless headers gets a 4xx", async () => {
  const server = await open();
  expect(await sendRaw(server, "xin chào\r\n\r\n")).toMatch(/^HTTP\/1\.1 400/);
  const long = `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${"a".repeat(20_000)}\r\n\r\n`;
  expect(await sendRaw(server, long)).toMatch(/^HTTP\/1\.1 431/);
});

test("a port in use is one sentence that names the setting", async () => {
  const { url } = await open();
  const port = Number(new URL(url).port);
  await expect(startServer({}, { port })).rejects.toThrow(
    `Cổng ${port} đang có chương trình khác dùng: hãy tắt chương trình đó, hoặc ghi một PORT khác vào tệp .env, rồi chạy lại.`,
  );
  const read = () => Promise.resolve({ text: "", type: "" });
  await expect(startServer({}, { metrics: { port, read } })).rejects.toThrow("METRICS_PORT");
});

test("a host that is not this machine's is one sentence", async () => {
  await expect(startServer({}, { host: "203.0.113.1" })).rejects.toThrow("HOST=203.0.113.1");
});

test("stopping lets an answer in flight finish and takes no new work", async () => {
  let finish = (): void => undefined;
  let arrived = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  const server = await startServer({
    async receive(incoming) {
      arrived();
      await finished;
      return echo(incoming);
    },
  });
  const { url } = server;
  const asked = ask(server);
  await waiting;
  const stopped = server.stop();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  finish();
  const answered = await asked;
  expect(answered.status).toBe(200);
  expect(answered.headers.get("connection")).toBe("close");
  await stopped;
});

test("stopping waits for nobody longer than it may", async () => {
  let arrived = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (arrived = resolve));
  const server = await startServer(
    {
      receive: () => {
        arrived();
        return new Promise(() => undefined);
      },
    },
    { waits: { requestMs: 1_000, stopMs: 20 } },
  );
  const asked = ask(server).catch(() => "cut off");
  await waiting;
  await server.stop();
  expect(await asked).toBe("cut off");
});

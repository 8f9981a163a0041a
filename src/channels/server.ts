import { createServer as createNodeServer, type Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Metrics } from "./metrics.ts";
import type { WebChannel } from "./web.ts";
import { limitBody } from "./web-body.ts";
import { clientOf } from "./web-client.ts";
import type { WebEnv } from "./web-guards.ts";
import { SENTENCES } from "./web-sentences.ts";
import { answerBrokenRequest } from "./server-broken-request.ts";
import { trackUnused } from "./server-unused.ts";

export type Webhook = {
  /** Begins with a slash. */
  path: string;
  /** The most a body may have; 1 MB unless said. */
  maxBytes?: number;
  /** Judges the secret before it reads the body. */
  handle: (request: Request) => Promise<Response>;
};

export type ServerOptions = {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** How many proxies of ours stand in front. 0: nothing a request says about its way is believed. */
  trustProxyHops: number;
  web: WebChannel | null;
  webhooks: Webhook[];
  /** Whether messages can be answered now; before that and while stopping `/readyz` says 503. */
  ready: () => boolean;
  /** Served at `/metrics` of a port of its own, to this machine only. */
  metrics: { port: number; read: Metrics["read"] } | null;
  log: (event: string, details?: Record<string, unknown>) => void;
  waits?: Waits;
};

export type Waits = {
  /** For a request to arrive whole. */
  requestMs: number;
  /** For answers in flight, once stopping. */
  stopMs: number;
};

export type Server = {
  /** Rejects with one Vietnamese sentence naming the setting when a port cannot be had. */
  start(): Promise<void>;
  /** Takes no new work, lets answers in flight finish, ends streams, then closes. */
  stop(): Promise<void>;
  /** Where people on this machine open it; known once started. */
  readonly url: string;
  readonly metricsUrl: string | null;
};

const WAITS: Waits = { requestMs: 10_000, stopMs: 10_000 };
const MAX_WEBHOOK_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
const KEEP_ALIVE_MS = 30_000;
const METRICS_HOST = "127.0.0.1";

/** The one HTTP server: page, webhooks, `/healthz`, `/readyz`, and metrics beside it. */
export function createServer(options: ServerOptions): Server {
  const waits = options.waits ?? WAITS;
  let stopping = false;
  const main = createMain(options, waits, () => stopping);
  const closeUnused = trackUnused(main);
  const metrics = options.metrics === null ? null : createMetricsServer(options.metrics.read);

  return {
    async start() {
      await listen(main, { host: options.host, port: options.port, setting: "PORT" });
      if (metrics === null || options.metrics === null) return;
      const { port } = options.metrics;
      try {
        await listen(metrics, { host: METRICS_HOST, port, setting: "METRICS_PORT" });
      } catch (error) {
        main.close();
        throw error;
      }
    },
    async stop() {
      stopping = true;
      options.web?.stop();
      const servers = [main, ...(metrics === null ? [] : [metrics])].filter((s) => s.listening);
      const closed = servers.map((server) => closeWithin(server, waits.stopMs));
      closeUnused();
      await Promise.all(closed);
    },
    get url() {
      return urlOf(main, options.host);
    },
    get metricsUrl() {
      return metrics === null ? null : `${urlOf(metrics, METRICS_HOST)}metrics`;
    },
  };
}

function createMain(options: ServerOptions, waits: Waits, isStopping: () => boolean): NodeServer {
  const app = new Hono<WebEnv>();

  app.use(headers());
  app.use(async (c, next) => {
    const { remoteAddress } = c.env.incoming.socket;
    const header = (name: string) => c.req.header(name);
    c.set("client", clientOf({ remoteAddress, header }, options.trustProxyHops));
    if (isStopping() && c.req.path !== "/healthz" && c.req.path !== "/readyz") {
      c.header("connection", "close");
      return c.json({ error: SENTENCES.stopping, retry: "same" }, 503, { "retry-after": "60" });
    }
    await next();
    // A connection kept alive would hold up the stop.
    if (isStopping()) c.header("connection", "close");
    return undefined;
  });

  app.get("/healthz", (c) => c.text("ok"));
  app.get("/readyz", (c) =>
    options.ready() && !isStopping() ? c.text("ready") : c.text("not ready", 503),
  );
  for (const { path, maxBytes = MAX_WEBHOOK_BYTES, handle } of options.webhooks) {
    const tooBig = () => new Response(null, { status: 413 });
    app.post(path, limitBody(maxBytes, tooBig), (c) => handle(c.req.raw));
  }
  if (options.web !== null) app.route("/", options.web.routes);

  const methods = new Map(app.routes.map(({ path, method }) => [path, method]));
  app.notFound((c) => {
    const method = methods.get(c.req.path);
    if (method === undefined || method === "ALL") return c.text(SENTENCES.notFound, 404);
    return c.text(SENTENCES.wrongMethod, 405, { allow: method === "GET" ? "GET, HEAD" : method });
  });
  app.onError((error, c) => {
    options.log("http.failed", { error });
    return c.json({ error: SENTENCES.failed, retry: "new" }, 500);
  });

  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    createServer: createNodeServer,
    serverOptions: {
      headersTimeout: waits.requestMs,
      requestTimeout: waits.requestMs,
      connectionsCheckingInterval: Math.min(1_000, waits.requestMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  }) as NodeServer;
  server.on("clientError", answerBrokenRequest);
  return server;
}

function headers() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
    strictTransportSecurity: "max-age=15552000",
    xFrameOptions: "DENY",
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  });
}

function createMetricsServer(read: Metrics["read"]): NodeServer {
  return createNodeServer((request, response) => {
    if (request.url !== "/metrics" || request.method !== "GET") {
      response.writeHead(404).end();
      return;
    }
    read().then(
      ({ text, type }) => response.writeHead(200, { "content-type": type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}

type Listening = { host: string; port: number; setting: string };

async function listen(server: NodeServer, at: Listening): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new Error(explain(error, at), { cause: error }));
    });
    server.listen(at.port, at.host, resolve);
  });
}

function explain(error: NodeJS.ErrnoException, { host, port, setting }: Listening): string {
  switch (error.code ?? "") {
    case "EADDRINUSE":
      return `Cổng ${port} đang có chương trình khác dùng: hãy tắt chương trình đó, hoặc ghi một ${setting} khác vào tệp .env, rồi chạy lại.`;
    case "EACCES":
      return `Máy không cho mở cổng ${port}: hãy ghi ${setting} từ 1024 trở lên vào tệp .env, rồi chạy lại.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} không phải địa chỉ của máy này: hãy sửa HOST trong tệp .env (127.0.0.1 nếu chỉ dùng trên máy này), rồi chạy lại.`;
    default:
      return `Không mở được cổng ${port} ở ${host} (${error.code ?? error.message}): hãy xem lại HOST và ${setting} trong tệp .env.`;
  }
}

async function closeWithin(server: NodeServer, withinMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const impatience = setTimeout(() => {
      server.closeAllConnections();
    }, withinMs);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function urlOf(server: NodeServer, host: string): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("server is not started");
  const shown =
    host === "0.0.0.0" || host === "::" || host === "127.0.0.1"
      ? "localhost"
      : host.includes(":")
        ? `[${host}]`
        : host;
  return `http://${shown}:${address.port}/`;
}

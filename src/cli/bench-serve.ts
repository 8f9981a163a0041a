import { createServer, type IncomingMessage, type Server } from "node:http";

/** A server on this machine, without a slash at the end of its origin. */
export type Serving = { origin: string; close: () => Promise<void> };

export async function serveLocally(server: Server): Promise<Serving> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4_096, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    done(Buffer.concat(chunks).toString());
  });
}

export type Asked = {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** On the clock of `performance.now()`. */
  at: number;
};

/** Serves JSON under HTTP 200, each answer after as long as it says. */
export function serveJson(
  perform: (asked: Asked) => { answer: unknown; afterMs: number },
): Promise<Serving> {
  const server = createServer((request, response) => {
    const at = performance.now();
    readBody(request, (body) => {
      const { headers, url: path = "/" } = request;
      const { answer, afterMs } = perform({ path, headers, body, at });
      const finish = () => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(answer));
      };
      if (afterMs > 0) setTimeout(finish, afterMs);
      else finish();
    });
  });
  return serveLocally(server);
}

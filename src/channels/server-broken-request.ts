import type { Duplex } from "node:stream";
import { SENTENCES } from "./web-sentences.ts";

/** Answers what is no HTTP request, or came too slowly to become one, and hangs up. For the `clientError` event of a server. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, sentence] = answerTo(error.code);
  const body = Buffer.from(sentence);
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
          `X-Content-Type-Options: nosniff\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  );
}

function answerTo(code: string | undefined): [status: string, sentence: string] {
  switch (code ?? "") {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", SENTENCES.tooSlow];
    case "HPE_HEADER_OVERFLOW":
      return ["431 Request Header Fields Too Large", SENTENCES.headersTooBig];
    default:
      return ["400 Bad Request", SENTENCES.badRequest];
  }
}

import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Browsers open connections in advance. To Node one that never carried a request is not idle, so it would hold up the stop. What comes back
 * closes those.
 */
export function trackUnused(server: Server): () => void {
  const unused = new Set<Socket>();
  server.on("connection", (socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  return () => {
    for (const socket of unused) socket.destroy();
  };
}

import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

/**
 * Refuses bodies above `maxBytes`. A declared length is judged by its header alone: counting bytes costs three times the rest of a request,
 * and is only needed for those that come in chunks.
 */
export function limitBody(
  maxBytes: number,
  refuse: (c: Context) => Response | Promise<Response>,
): MiddlewareHandler {
  const counting = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return async (c, next) => {
    if (c.req.header("transfer-encoding") !== undefined) return counting(c, next);
    if (Number(c.req.header("content-length") ?? 0) > maxBytes) return refuse(c);
    return next();
  };
}

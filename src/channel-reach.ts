import type { Reach } from "./broadcast/reach.ts";
import { ZALO_OA_PER_SECOND } from "./channels/zalo-oa.ts";
import type { Config } from "./config.ts";

/** How the channels that are set up take announcements. The page is always there. */
export function reachOf({ telegram, zaloOa, sending }: Config): Record<string, Reach> {
  return {
    web: { perSecond: null, closed: null },
    ...(telegram === null
      ? {}
      : { telegram: { perSecond: sending.telegramPerSecond, closed: null } }),
    ...(zaloOa === null ? {} : { "zalo-oa": { perSecond: ZALO_OA_PER_SECOND, closed: null } }),
  };
}

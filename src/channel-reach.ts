import type { Reach } from "./broadcast/reach.ts";
import { ZALO_BOT_PER_SECOND } from "./channels/zalo-bot-options.ts";
import { ZALO_BOT } from "./channels/zalo-bot-updates.ts";
import { ZALO_OA_PER_SECOND } from "./channels/zalo-oa.ts";
import type { Config } from "./config.ts";

/** How the channels that are set up take announcements. The page is always there. */
export function reachOf({ telegram, zaloBot, zaloOa, sending }: Config): Record<string, Reach> {
  return {
    web: { perSecond: null, closed: null },
    ...(telegram === null
      ? {}
      : { telegram: { perSecond: sending.telegramPerSecond, closed: null } }),
    ...(zaloOa === null ? {} : { "zalo-oa": { perSecond: ZALO_OA_PER_SECOND, closed: null } }),
    ...(zaloBot === null ? {} : { [ZALO_BOT]: { perSecond: ZALO_BOT_PER_SECOND, closed: null } }),
  };
}

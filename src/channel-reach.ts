import type { Reach } from "./broadcast/reach.ts";
import { ZALO_BOT_PER_SECOND } from "./channels/zalo-bot-options.ts";
import { ZALO_BOT } from "./channels/zalo-bot-updates.ts";
import { ZALO_OA_PER_SECOND } from "./channels/zalo-oa.ts";
import { zaloOaWindowMs } from "./channels/zalo-oa-window.ts";
import type { Config } from "./config.ts";
import { dayOf } from "./domain/day.ts";
import type { Store } from "./domain/store.ts";

/** What a platform's terms say of a channel beyond its speed. */
export type ChannelTerms = {
  /** Messages its plan allows in a calendar month of Viet Nam. */
  monthlyLimit?: number;
  /** How long after somebody wrote they may still be written to. */
  contactWindowMs?: number;
};

/** As the settings say that a plan has no limit. */
const NO_LIMIT = 0;

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

/** Of the channels whose platform has such terms. */
function termsOf({ zaloBot, zaloOa }: Config): Record<string, ChannelTerms> {
  const monthlyLimit = zaloBot?.monthlyLimit ?? NO_LIMIT;
  return {
    ...(monthlyLimit === NO_LIMIT ? {} : { [ZALO_BOT]: { monthlyLimit } }),
    ...(zaloOa === null
      ? {}
      : { "zalo-oa": { contactWindowMs: zaloOaWindowMs(zaloOa.paidAllowed) } }),
  };
}

/** How the channels that are set up take announcements just now. */
export function reachNow(
  config: Config,
  store: Pick<Store, "sendsIn" | "countOutOfWindow">,
  now: Date,
): Record<string, Reach> {
  return withTerms(reachOf(config), termsOf(config), store, now);
}

/** The same with what the terms mean just now: messages left this month, subscribers who may not be written to. */
export function withTerms(
  reach: Record<string, Reach>,
  terms: Record<string, ChannelTerms>,
  store: Pick<Store, "sendsIn" | "countOutOfWindow">,
  now: Date,
): Record<string, Reach> {
  const month = dayOf(now).slice(0, 7);
  const channels = Object.entries(reach).map(([channel, ofChannel]): [string, Reach] => {
    const { monthlyLimit, contactWindowMs } = terms[channel] ?? {};
    const plan =
      monthlyLimit === undefined ? null : { monthlyLimit, sent: store.sendsIn(channel, month) };
    const outOfReach =
      contactWindowMs === undefined
        ? 0
        : store.countOutOfWindow(channel, new Date(now.getTime() - contactWindowMs));
    return [channel, { ...ofChannel, plan, outOfReach }];
  });
  return Object.fromEntries(channels);
}

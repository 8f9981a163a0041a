import type { Reach } from "./broadcast/reach.ts";
import type { Config } from "./config.ts";

/** Telegram asks bulk senders to stay under about 30 a second, replies included: https://core.telegram.org/bots/faq#broadcasting-to-users */
export const TELEGRAM_PER_SECOND = 25;

/** How the channels that are set up take announcements. The page is always there; whether the outside world reaches it is a matter of PUBLIC_URL. */
export function reachOf({ telegram, publicUrl }: Config): Record<string, Reach> {
  const closed = publicUrl === null ? "trang chưa mở cho bên ngoài (PUBLIC_URL)" : null;
  return {
    web: { perSecond: null, closed },
    ...(telegram === null ? {} : { telegram: { perSecond: TELEGRAM_PER_SECOND, closed: null } }),
  };
}

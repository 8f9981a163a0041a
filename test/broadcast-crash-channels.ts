import { setTimeout as sleep } from "node:timers/promises";
import type { PushChannel } from "../src/broadcast/send-loop.ts";
import { createTelegramChannel } from "../src/channels/telegram.ts";
import { createZaloBotChannel } from "../src/channels/zalo-bot.ts";
import { createZaloOaChannel } from "../src/channels/zalo-oa.ts";
import type { ZaloOaAccount } from "../src/channels/zalo-oa-options.ts";
import type { Address } from "../src/domain/reply.ts";
import type { Store } from "../src/domain/store.ts";
import { PHRASES } from "./telegram-bot.ts";
import { ZALO_PHRASES } from "./zalo-bot.ts";

/** How a process of its own reaches a fake platform. */
export type Line =
  | { name: "telegram" | "zalo-bot"; apiRoot: string; token: string }
  | { name: "zalo-oa"; apiRoot: string; account: ZaloOaAccount; tokenFile: string };

/** The channel as it is set up for real, over this store, with no webhook. */
export function pushChannelOf(line: Line, store: Store): Pick<PushChannel, "ready" | "send"> {
  const shared = {
    apiRoot: line.apiRoot,
    receive: () => Promise.resolve(null),
    onBlocked: async (from: Address) => {
      await store.unsubscribe(from);
    },
    log: () => undefined,
    wait: (ms: number) => sleep(ms),
    now: () => new Date(),
    webhook: null,
  };
  switch (line.name) {
    case "telegram":
      return createTelegramChannel({
        ...shared,
        token: line.token,
        commands: [],
        phrases: PHRASES,
      });
    case "zalo-bot":
      return createZaloBotChannel({
        ...shared,
        token: line.token,
        onQuota: () => undefined,
        monthlyLimit: 0,
        sends: {
          count: (month, sends) => store.countSends(line.name, month, sends),
          sentIn: (month) => store.sendsIn(line.name, month),
        },
        phrases: ZALO_PHRASES,
      });
    case "zalo-oa":
      return createZaloOaChannel({
        ...shared,
        account: line.account,
        tokenFile: line.tokenFile,
        oauthRoot: line.apiRoot,
        sendWay: "cs",
        signFirst: "app_id",
        paidAllowed: false,
        accept: () => Promise.resolve(false),
        answer: () => Promise.resolve(null),
        onAnswered: () => Promise.resolve(),
        contacts: {
          note: (from, at) => {
            store.noteContact(from, at);
          },
          lastOf: (from) => store.lastContactOf(from),
        },
        tell: () => undefined,
        phrases: PHRASES,
      });
  }
}

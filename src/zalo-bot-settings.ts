import { say } from "./answer/compose.ts";
import type { ZaloBotPhrases } from "./channels/zalo-bot-options.ts";
import type { Config } from "./config.ts";
import type { ContentBase } from "./domain/content-base.ts";

/** Where Zalo sends messages, under PUBLIC_URL. */
export const ZALO_BOT_PATH = "/zalo-bot";

/** What the Zalo Bot channel says by itself. */
export function zaloBotPhrases(content: ContentBase): ZaloBotPhrases {
  return {
    sticker: say(content, "noSticker"),
    voice: say(content, "noVoice"),
    picture: say(content, "noPicture"),
    other: say(content, "onlyWords"),
    unsupported: say(content, "withheldMessage"),
    failed: say(content, "failure"),
    tooFast: say(content, "tooFast"),
  };
}

/** Null where the outside world does not reach us: then Zalo is asked for messages. */
export function zaloBotWebhook({
  publicUrl,
  zaloBot,
}: Pick<Config, "publicUrl" | "zaloBot">): { url: string; secret: string | null } | null {
  if (publicUrl === null || zaloBot === null) return null;
  return { url: `${publicUrl.replace(/\/+$/, "")}${ZALO_BOT_PATH}`, secret: zaloBot.secret };
}

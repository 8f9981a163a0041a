import { say } from "./answer/compose.ts";
import type { TelegramPhrases } from "./channels/telegram-options.ts";
import type { ContentBase } from "./domain/content-base.ts";

/** What Telegram shows beside the box one types in. */
export const TELEGRAM_COMMANDS = [
  { command: "start", description: "Bắt đầu" },
  { command: "danhmuc", description: "Xem các lĩnh vực" },
  { command: "dangky", description: "Nhận thông báo" },
  { command: "huy", description: "Ngừng nhận thông báo" },
  { command: "chuyenkenh", description: "Chuyển đăng ký sang kênh khác" },
  { command: "trogiup", description: "Cách hỏi" },
];

/** What the Telegram channel says by itself. */
export function telegramPhrases(content: ContentBase): TelegramPhrases {
  return {
    sticker: say(content, "noSticker"),
    voice: say(content, "noVoice"),
    picture: say(content, "noPicture"),
    contact: say(content, "noContact"),
    location: say(content, "noLocation"),
    other: say(content, "onlyWords"),
    gone: say(content, "choiceGone"),
    failed: say(content, "failure"),
    tooFast: say(content, "tooFast"),
  };
}

import { say } from "./answer/compose.ts";
import type { TelegramPhrases } from "./channels/telegram-options.ts";
import type { ContentBase } from "./domain/content-base.ts";

/** What Telegram shows beside the box one types in. */
export const TELEGRAM_COMMANDS = [
  { command: "start", description: "Bắt đầu" },
  { command: "danhmuc", description: "Xem các lĩnh vực" },
  { command: "dangky", description: "Nhận thông báo" },
  { command: "huy", description: "Ngừng nhận thông báo" },
  { command: "trogiup", description: "Cách hỏi" },
];

/** What the Telegram channel says by itself. */
export function telegramPhrases(content: ContentBase): TelegramPhrases {
  const wordless = say(content, "onlyWords");
  return {
    sticker: wordless,
    voice: wordless,
    picture: wordless,
    contact: wordless,
    location: wordless,
    other: wordless,
    gone: say(content, "choiceGone"),
    failed: say(content, "failure"),
    tooFast: say(content, "tooFast"),
  };
}

import { createAnswer } from "./answer/answer.ts";
import { say } from "./answer/compose.ts";
import { createMemoryStore } from "./store/memory-store.ts";
import { inTurn } from "./answer/in-turn.ts";
import { talkInConsole } from "./channels/console.ts";
import { loadEnvironmentFile, readConfig } from "./config.ts";
import { openKnowledge } from "./knowledge.ts";

const LOOKS_AT_CONTENT_EVERY_MS = 5_000;

async function main(): Promise<number> {
  loadEnvironmentFile();
  const config = readConfig();
  const now = () => new Date();
  if (!process.stdin.isTTY) {
    console.error(
      "Không có cửa sổ dòng lệnh để trò chuyện. Hãy mở một cửa sổ dòng lệnh rồi gõ: npm start\n" +
        'Muốn hỏi một câu từ chương trình khác: npm run ask -- "câu hỏi"',
    );
    return 2;
  }
  console.log("Đang đọc nội dung…");
  const knowledge = await openKnowledge({ ...config, writes: true, now: now() });
  if (knowledge.status === "broken") {
    console.error(`Nội dung có lỗi nên chưa chạy được:\n${knowledge.report}`);
    return 1;
  }
  if (knowledge.report !== null) {
    console.error(`Nội dung có lỗi, đang dùng bản tốt gần nhất:\n${knowledge.report}`);
  }
  const looking = setInterval(() => {
    knowledge
      .refresh(now())
      .then((refreshed) => {
        if (refreshed.status === "swapped") console.error("\nĐã dùng nội dung mới.");
        if (refreshed.status === "kept") {
          console.error(`\nNội dung mới có lỗi, vẫn dùng bản cũ:\n${refreshed.report}`);
        }
      })
      .catch((error: unknown) => {
        console.error(`\nKhông đọc lại được nội dung: ${String(error)}`);
      });
  }, LOOKS_AT_CONTENT_EVERY_MS);
  looking.unref();
  const { content } = knowledge.brain();
  await talkInConsole({
    input: process.stdin,
    output: process.stdout,
    receive: inTurn(
      createAnswer(
        knowledge.brain,
        createMemoryStore(() => new Date()),
      ),
    ),
    now,
    welcome: `${say(content, "greeting", { don_vi: content.phrases.office ?? "" })}\n(Gõ "thoát" để dừng.)`,
  });
  return 0;
}

process.exitCode = await main();

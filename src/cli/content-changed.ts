import { createAnswer } from "../answer/answer.ts";
import { type Brain, createBrain } from "../answer/brain.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { learnAside } from "../answer/learn-aside.ts";
import { trainingTexts } from "../answer/model.ts";
import { renderText } from "../channels/text-render.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { readLastGood } from "../last-good-content.ts";
import { createModelCache } from "../model-cache.ts";

/** Prints the sample questions whose answer differs from that of the last good content, with both answers. */
export async function printChangedAnswers(
  content: ContentBase,
  dataFolder: string,
  now: Date,
): Promise<void> {
  const before = await readLastGood(dataFolder);
  if (before === null) {
    console.log(
      `Chưa có bản nội dung tốt nào trong ${dataFolder}. Chạy npm start một lần để có bản đầu tiên.`,
    );
    return;
  }
  const cache = createModelCache(dataFolder);
  const [old, fresh] = await Promise.all(
    [before, content].map(async (from) =>
      createBrain(from, (await cache.read(from))?.model ?? (await learnAside(from))),
    ),
  );
  if (old === undefined || fresh === undefined) return;
  const questions = new Set(
    [...trainingTexts(before), ...trainingTexts(content)]
      .filter((row) => row.sample)
      .map((row) => row.text),
  );
  let changed = 0;
  for (const question of questions) {
    const was = await answerOf(old, question, now);
    const is = await answerOf(fresh, question, now);
    if (was === is) continue;
    changed += 1;
    console.log(`${question}\n  TRƯỚC: ${oneLine(was)}\n  NAY:   ${oneLine(is)}\n`);
  }
  console.log(`${changed} trong ${questions.size} câu trả lời đã đổi.`);
}

async function answerOf(brain: Brain, text: string, at: Date): Promise<string> {
  const answer = createAnswer(
    () => brain,
    createMemoryStore(() => new Date()),
  );
  const from = { channel: "content", person: "one" };
  return renderText(await answer({ id: "1", from, at, content: { type: "text", text } }));
}

const SHOWN = 400;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

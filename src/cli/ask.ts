import { createAnswer } from "../answer/answer.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { renderText } from "../channels/text-render.ts";
import { requireConfig } from "../config.ts";
import { isDay, noonOf } from "../domain/day.ts";
import { toPlainText } from "../domain/fold.ts";
import type { Answer, Reply } from "../domain/reply.ts";
import { openKnowledge } from "../knowledge.ts";
import { requireOptions } from "./options.ts";

const USAGE = `Cách dùng:
  npm run ask -- "câu hỏi"                      in câu trả lời
  npm run ask -- --on 2025-03-01 "câu hỏi"      câu trả lời cho ngày đó
  npm run -s ask -- --json < câu-hỏi.txt        mỗi dòng một câu hỏi, mỗi dòng một JSON
  npm run -s ask -- --json --conversation       các dòng là một cuộc trò chuyện`;

async function main(): Promise<number> {
  const { values, positionals } = requireOptions(USAGE, {
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      conversation: { type: "boolean", default: false },
      on: { type: "string" },
    },
  });
  if (values.on !== undefined && !isDay(values.on)) {
    console.error(`--on cần một ngày có thật như 2025-03-01, không phải "${values.on}".`);
    return 2;
  }
  const at = values.on !== undefined && isDay(values.on) ? noonOf(values.on) : new Date();
  const question = positionals.join(" ");
  if (!values.json && question === "") {
    console.error(USAGE);
    return 2;
  }
  const config = requireConfig();
  const knowledge = await openKnowledge({
    contentFolder: config.contentFolder,
    dataFolder: config.dataFolder,
    writes: false,
    now: new Date(),
  });
  if (knowledge.status === "broken") {
    console.error(knowledge.report);
    return 1;
  }
  const answer = createAnswer(
    knowledge.brain,
    createMemoryStore(() => new Date()),
  );
  let count = 0;
  const ask = (text: string): Promise<Reply> => {
    count += 1;
    const person = values.conversation ? "one" : String(count);
    return answer({
      id: String(count),
      from: { channel: "ask", person },
      at,
      content: { type: "text", text },
    });
  };
  if (values.json) await answerLines(ask);
  else console.log(renderText(await ask(question)));
  return 0;
}

async function answerLines(ask: (text: string) => ReturnType<Answer>): Promise<void> {
  let rest = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) await answerLine(ask, line);
  }
  if (rest !== "") await answerLine(ask, rest);
}

async function answerLine(
  ask: (text: string) => ReturnType<Answer>,
  question: string,
): Promise<void> {
  const reply = await ask(question);
  const { outcome, kind, entitlements, also, facet, faq, agency, confidence } = reply.about;
  const line = JSON.stringify({
    question,
    text: plainLines(renderText(reply)),
    outcome,
    kind,
    entitlements,
    also,
    facet,
    faq,
    agency,
    confidence: Math.round(confidence * 1000) / 1000,
  });
  if (!process.stdout.write(`${line}\n`)) {
    await new Promise((resolve) => process.stdout.once("drain", resolve));
  }
}

/** Ordinary spaces and NFC, the lines kept. */
function plainLines(text: string): string {
  return text.split("\n").map(toPlainText).join("\n");
}

process.exitCode = await main();

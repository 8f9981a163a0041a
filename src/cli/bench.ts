import { readFileSync } from "node:fs";
import { crossValidate } from "../answer/cross-validate.ts";
import { type BenchQuestion, readQuestions } from "./bench-questions.ts";
import {
  createFuseRival,
  createMiniSearchRival,
  createOurs,
  type Contestant,
} from "./bench-contestants.ts";
import { createScore, type Score, scoreTable } from "./bench-score.ts";
import { broadcastLines, measureBroadcasts } from "./bench-broadcast.ts";
import { loadLines, measureLoad } from "./bench-load.ts";
import { measureZalo, zaloLines } from "./bench-zalo.ts";
import { longLines, measureLong } from "./bench-long.ts";
import { measureSpeed } from "./bench-speed.ts";
import { requireConfig } from "../config.ts";
import { loadContent } from "../content/load.ts";
import { readContentFiles } from "../content/read-files.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { learn, type TrainingText, trainingTexts } from "../answer/model.ts";
import { type Brain, createBrain } from "../answer/brain.ts";
import { requireOptions } from "./options.ts";

const USAGE = `Cách dùng:
  npm run bench                        độ đúng, tốc độ, sức tải (cả Zalo), gửi thông báo
  npm run bench -- --load              chỉ đo sức tải
  npm run bench -- --zalo              chỉ đo sức tải của Zalo Bot và Zalo OA
  npm run bench -- --broadcasts        chỉ đo gửi thông báo
  npm run bench -- --long              thử tin hỏng và kill -9, khoảng 17 phút; --seed 2 cho lượt khác
  npm run bench -- --questions <tệp>   đo thêm trên các câu hỏi trong tệp; --misses kể các câu sai
Bỏ bớt phần: --no-folds, --no-speed, --no-load, --no-zalo, --no-broadcasts. Thêm --json để máy đọc.`;

const FOLDS = 10;
/** Fuse.js takes a second and more a question over so many texts: the three are compared on this many, evenly spread. */
const COMPARED = 40;

type Table = { title: string; scores: Score[] };

async function main(): Promise<number> {
  const { values } = requireOptions(USAGE, {
    options: {
      json: { type: "boolean", default: false },
      questions: { type: "string", multiple: true, default: [] },
      "no-folds": { type: "boolean", default: false },
      "no-speed": { type: "boolean", default: false },
      "no-load": { type: "boolean", default: false },
      load: { type: "boolean", default: false },
      "no-zalo": { type: "boolean", default: false },
      zalo: { type: "boolean", default: false },
      "no-broadcasts": { type: "boolean", default: false },
      broadcasts: { type: "boolean", default: false },
      long: { type: "boolean", default: false },
      seed: { type: "string", default: "1" },
      misses: { type: "boolean", default: false },
    },
  });
  const config = requireConfig();
  const files = await readContentFiles(config.contentFolder);
  const { content } = loadContent(files, { now: new Date() });
  if (content === null) {
    console.error("Nội dung có lỗi; chạy npm run content để xem.");
    return 1;
  }
  const samples = trainingTexts(content).filter((row) => row.sample);
  const questions = samples.map((row) => row.text);
  if (values.long) {
    const long = await measureLong(config.contentFolder, content, questions, Number(values.seed));
    console.log(values.json ? JSON.stringify({ long }) : longLines(long).join("\n"));
    return 0;
  }
  if (values.broadcasts) {
    const broadcasts = await measureBroadcasts(config.contentFolder, questions);
    console.log(
      values.json ? JSON.stringify({ broadcasts }) : broadcastLines(broadcasts).join("\n"),
    );
    return 0;
  }
  if (values.load) {
    const load = await measureLoad(questions);
    console.log(values.json ? JSON.stringify({ load }) : loadLines(load).join("\n"));
    return 0;
  }
  if (values.zalo) {
    const zalo = await measureZalo(questions);
    console.log(values.json ? JSON.stringify({ zalo }) : zaloLines(zalo).join("\n"));
    return 0;
  }
  const tables: Table[] = [];
  if (!values["no-folds"]) tables.push(...(await measureFolds(content)));
  if (values.questions.length > 0) {
    const brain = createBrain(content, learn(content));
    for (const file of values.questions) tables.push(...measureFile(content, brain, file));
  }
  const speed = values["no-speed"] ? null : await measureSpeed(content, files);
  const load = values["no-load"] ? null : await measureLoad(questions);
  const zalo = values["no-zalo"] ? null : await measureZalo(questions);
  const broadcasts = values["no-broadcasts"]
    ? null
    : await measureBroadcasts(config.contentFolder, questions);
  if (values.json) {
    console.log(
      JSON.stringify({
        tables: tables.map(({ title, scores }) => ({
          title,
          scores: scores.map((score) => score.figures()),
        })),
        speed,
        load,
        zalo,
        broadcasts,
      }),
    );
    return 0;
  }
  for (const { title, scores } of tables) {
    console.log(`\n${title}\n${scoreTable(scores)}`);
    if (values.misses && scores.length === 1) {
      for (const miss of scores[0]?.misses() ?? []) console.log(miss);
    }
  }
  if (speed !== null)
    for (const [what, figure] of Object.entries(speed)) console.log(`${what}: ${figure}`);
  if (load !== null) console.log(loadLines(load).join("\n"));
  if (zalo !== null) console.log(zaloLines(zalo).join("\n"));
  if (broadcasts !== null) console.log(broadcastLines(broadcasts).join("\n"));
  return 0;
}

/** Each question is answered by a brain that never saw it: ours on all of them, the three on some. */
async function measureFolds(content: ContentBase): Promise<Table[]> {
  const table = createTable(`${FOLDS} phần, câu hỏi mẫu chưa thấy`);
  const samples = trainingTexts(content).filter((row) => row.sample);
  const every = Math.ceil(samples.length / COMPARED);
  const contestants = new Map<Brain, Contestant[]>();
  let count = 0;
  await crossValidate(content, FOLDS, ({ row, brain, seen }) => {
    const three = contestants.get(brain) ?? contestantsOf(content, brain, seen);
    contestants.set(brain, three);
    table.add(questionOf(row), three, count++ % every === 0);
  });
  return table.scores();
}

function measureFile(content: ContentBase, brain: Brain, file: string): Table[] {
  const questions = readQuestions(readFileSync(file, "utf8"), content);
  const table = createTable(file);
  const every = Math.ceil(questions.length / COMPARED);
  const three = contestantsOf(content, brain, trainingTexts(content));
  for (const [index, question] of questions.entries()) {
    table.add(question, three, index % every === 0);
  }
  return table.scores();
}

function contestantsOf(content: ContentBase, brain: Brain, seen: TrainingText[]): Contestant[] {
  return [createOurs(brain), createFuseRival(content, seen), createMiniSearchRival(content, seen)];
}

function createTable(title: string): {
  add(question: BenchQuestion, contestants: Contestant[], compared: boolean): void;
  scores(): Table[];
} {
  const whole = createScore("An Sinh");
  const scores = ["An Sinh", "Fuse.js", "MiniSearch"].map(createScore);
  return {
    add(question, contestants, compared) {
      const [ours] = contestants;
      if (ours !== undefined) whole.add(question, ours);
      if (!compared) return;
      for (const [index, contestant] of contestants.entries()) {
        scores[index]?.add(question, contestant);
      }
    },
    scores: () => [
      { title, scores: [whole] },
      { title: `${title}: ${COMPARED} câu cách đều nhau`, scores },
    ],
  };
}

function questionOf(row: TrainingText): BenchQuestion {
  const { topic } = row;
  const ids = topic.type === "entitlement" ? [topic.id] : [];
  const kind =
    topic.type === "entitlement" ? "page" : topic.type === "out-of-scope" ? "off" : "other";
  return { text: row.text, ids, facets: row.facet === null ? [] : [row.facet], style: kind };
}

process.exitCode = await main();

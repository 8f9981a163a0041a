import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { crossValidate } from "../answer/cross-validate.ts";
import { type BenchQuestion, readQuestions } from "./bench-questions.ts";
import {
  createFuseRival,
  createMiniSearchRival,
  createOurs,
  type Contestant,
} from "./bench-contestants.ts";
import { createScore, type Score, scoreTable } from "./bench-score.ts";
import { measureSpeed } from "./bench-speed.ts";
import { readConfig } from "../config.ts";
import { loadContent } from "../content/load.ts";
import { readContentFiles } from "../content/read-files.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { dayOf } from "../domain/day.ts";
import { learn, type TrainingText } from "../answer/model.ts";
import { type Brain, createBrain } from "../answer/brain.ts";

const FOLDS = 10;
const RIVALS_EVERY = 40;

type Table = { title: string; scores: Score[] };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      questions: { type: "string", multiple: true, default: [] },
      "no-folds": { type: "boolean", default: false },
      "no-speed": { type: "boolean", default: false },
      misses: { type: "boolean", default: false },
    },
  });
  const config = readConfig();
  const files = await readContentFiles(config.contentFolder);
  const { content } = loadContent(files, { today: dayOf(new Date()) });
  if (content === null) {
    console.error("Nội dung có lỗi; chạy npm run content để xem.");
    return 1;
  }
  const tables: Table[] = [];
  if (!values["no-folds"]) tables.push(...(await measureFolds(content)));
  if (values.questions.length > 0) {
    const brain = createBrain(content, learn(content));
    for (const file of values.questions) {
      const questions = readQuestions(readFileSync(file, "utf8"), content);
      const contestants = [
        createOurs(brain),
        createFuseRival(content),
        createMiniSearchRival(content),
      ];
      const scores = ["An Sinh", "Fuse.js", "MiniSearch"].map(createScore);
      for (const question of questions) {
        for (const [index, contestant] of contestants.entries())
          scores[index]?.add(question, contestant);
      }
      tables.push({ title: file, scores });
    }
  }
  const speed = values["no-speed"] ? null : await measureSpeed(content);
  if (values.json) {
    console.log(
      JSON.stringify({
        tables: tables.map(({ title, scores }) => ({
          title,
          scores: scores.map((score) => score.figures()),
        })),
        speed,
      }),
    );
    return 0;
  }
  for (const { title, scores } of tables) {
    console.log(`\n${title}\n${scoreTable(scores)}`);
    if (values.misses) for (const miss of scores[0]?.misses() ?? []) console.log(miss);
  }
  if (speed !== null)
    for (const [what, figure] of Object.entries(speed)) console.log(`${what}: ${figure}`);
  return 0;
}

/** Ours on every sample question, and all three on every fortieth: the others take half a second a question. */
async function measureFolds(content: ContentBase): Promise<Table[]> {
  const whole = createScore("An Sinh");
  const scores = ["An Sinh", "Fuse.js", "MiniSearch"].map(createScore);
  const contestants = new Map<Brain, Contestant[]>();
  let count = 0;
  await crossValidate(content, FOLDS, ({ row, brain, seen }) => {
    let three = contestants.get(brain);
    if (three === undefined) {
      three = [
        createOurs(brain),
        createFuseRival(content, seen),
        createMiniSearchRival(content, seen),
      ];
      contestants.set(brain, three);
    }
    const question = questionOf(row);
    const [ours] = three;
    if (ours !== undefined) whole.add(question, ours);
    if (count++ % RIVALS_EVERY !== 0) return;
    for (const [index, contestant] of three.entries()) scores[index]?.add(question, contestant);
  });
  return [
    { title: `${FOLDS} phần, mọi câu hỏi mẫu, mô hình chưa thấy câu được hỏi`, scores: [whole] },
    { title: `${FOLDS} phần, cứ ${RIVALS_EVERY} câu lấy một`, scores },
  ];
}

function questionOf(row: TrainingText): BenchQuestion {
  const { topic } = row;
  const ids = topic.type === "entitlement" ? [topic.id] : [];
  const kind =
    topic.type === "entitlement" ? "page" : topic.type === "out-of-scope" ? "off" : "other";
  return { text: row.text, ids, facets: row.facet === null ? [] : [row.facet], style: kind };
}

process.exitCode = await main();

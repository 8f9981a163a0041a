import { createAnswer } from "../answer/answer.ts";
import { createBrain } from "../answer/brain.ts";
import { learn } from "../answer/model.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import {
  broadcastKillLine,
  type BroadcastKills,
  measureBroadcastKills,
} from "./bench-broadcast.ts";
import { type Broken, brokenLines, measureBroken, measureBrokenZalo } from "./bench-broken.ts";
import { type Kills, killLines, measureKills } from "./bench-kills.ts";
import { measureMemory, type MemoryAfter, memoryLine } from "./bench-load.ts";
import { createRandom, type Random } from "./bench-random.ts";

/** What takes too long for every bench. */
export type Long = {
  memory: MemoryAfter[];
  broken: Broken;
  brokenZalo: Broken;
  kills: Kills;
  broadcastKills: BroadcastKills;
};

const UPDATES = 100_000;
const BODIES = 100_000;
const KILLS = 50;
/** Fewer than the store keeps of them. */
const BAFFLING = 3_000;

/** The same seed sends the same; when a kill falls is never quite the same. */
export async function measureLong(
  contentFolder: string,
  content: ContentBase,
  questions: string[],
  seed: number,
): Promise<Long> {
  const baffling = await bafflingQuestions(content, BAFFLING, createRandom(seed));
  return {
    broadcastKills: await measureBroadcastKills(contentFolder, seed),
    kills: await measureKills({ questions, baffling, kills: KILLS, seed }),
    broken: await measureBroken(questions, BODIES, seed),
    brokenZalo: await measureBrokenZalo(questions, BODIES, seed),
    memory: await measureMemory(questions, UPDATES),
  };
}

/** A line each. */
export function longLines({ memory, broken, brokenZalo, kills, broadcastKills }: Long): string[] {
  return [
    memoryLine(memory),
    ...brokenLines(broken),
    ...brokenLines(brokenZalo),
    ...killLines(kills),
    broadcastKillLine(broadcastKills),
  ];
}

/** Words that do not exist: An Sinh keeps each of these questions for staff. */
async function bafflingQuestions(
  content: ContentBase,
  count: number,
  random: Random,
): Promise<string[]> {
  const brain = createBrain(content, learn(content));
  const store = createMemoryStore(() => new Date());
  const answer = createAnswer(() => brain, store);
  const questions: string[] = [];
  for (let id = 0; questions.length < count; id++) {
    const text = Array.from({ length: 4 }, () => nonsense(random)).join(" ");
    const from = { channel: "bench", person: String(id) };
    const { about } = await answer({
      id: String(id),
      from,
      at: new Date(),
      content: { type: "text", text },
    });
    if (about.outcome === "none") questions.push(text);
  }
  return questions;
}

const CONSONANTS = "b c d f g h j k l m n p q r s t v w x z".split(" ");

function nonsense(random: Random): string {
  return Array.from({ length: 4 + random.below(5) }, () => random.pick(CONSONANTS)).join("");
}

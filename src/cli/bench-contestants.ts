import Fuse from "fuse.js";
import MiniSearch from "minisearch";
import type { Brain } from "../answer/brain.ts";
import { composeDecision, isPersonal } from "../answer/answer.ts";
import { NO_MEMORY } from "../domain/conversation.ts";
import { decide } from "../answer/decide.ts";
import { type TrainingText, trainingTexts } from "../answer/model.ts";
import type { ContentBase } from "../domain/content-base.ts";
import { type Day, dayOf } from "../domain/day.ts";
import { fold } from "../domain/fold.ts";
import type { About } from "../domain/reply.ts";

/** Answers a question with what it is about. */
export type Contestant = (
  question: string,
) => Pick<About, "outcome" | "entitlements" | "also" | "facet">;

/** Our matcher, as `Answer` uses it, without the texts. */
export function createOurs(brain: Brain, day: Day = dayOf(new Date())): Contestant {
  return (question) => {
    const { decision } = decide(brain, NO_MEMORY, { type: "text", text: question });
    if (isPersonal(decision)) return { outcome: "other", entitlements: [], also: [], facet: null };
    return composeDecision(
      { content: brain.content, day, commune: null, askForPlace: false },
      decision,
    ).about;
  };
}

type Row = { id: string; off: boolean; name: string; samples: string[] };

function rowsOf(content: ContentBase, texts: TrainingText[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { text, topic } of texts) {
    if (topic.type !== "entitlement" && topic.type !== "out-of-scope") continue;
    const key = `${topic.type} ${topic.id}`;
    const name = content.entitlements[topic.id]?.name ?? topic.id;
    const row = rows.get(key) ?? {
      id: topic.id,
      off: topic.type === "out-of-scope",
      name,
      samples: [],
    };
    row.samples.push(text);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** Fuse.js with its own defaults over the same names and sample questions: its first hit is stated, the next two are offered. */
export function createFuseRival(content: ContentBase, texts = trainingTexts(content)): Contestant {
  const fuse = new Fuse(rowsOf(content, texts), { keys: ["name", "samples"] });
  return (question) => about(fuse.search(question, { limit: 3 }).map((hit) => hit.item));
}

/** MiniSearch with its own scoring and fuzzy words, one record per text, folded: the best three pages. */
export function createMiniSearchRival(
  content: ContentBase,
  texts = trainingTexts(content),
): Contestant {
  const rows = rowsOf(content, texts);
  const records = rows.flatMap((row) => [row.name, ...row.samples].map((text) => ({ row, text })));
  const mini = new MiniSearch<{ key: number; text: string }>({ idField: "key", fields: ["text"] });
  mini.addAll(records.map(({ text }, key) => ({ key, text: fold(text) })));
  return (question) => {
    const best = new Set<Row>();
    for (const hit of mini.search(fold(question), { fuzzy: 0.2 })) {
      const row = records[Number(hit.id)]?.row;
      if (row !== undefined) best.add(row);
      if (best.size === 3) break;
    }
    return about([...best]);
  };
}

function about(hits: Row[]): ReturnType<Contestant> {
  const [first, ...others] = hits;
  if (first === undefined) return { outcome: "none", entitlements: [], also: [], facet: null };
  if (first.off) return { outcome: "other", entitlements: [], also: [], facet: null };
  return {
    outcome: "answer",
    entitlements: [first.id],
    also: others.filter((row) => !row.off).map((row) => row.id),
    facet: null,
  };
}

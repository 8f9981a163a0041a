import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnswer } from "../src/answer/answer.ts";
import { type Brain, createBrain } from "../src/answer/brain.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { learn, type Model } from "../src/answer/model.ts";
import { renderText } from "../src/channels/text-render.ts";
import { loadContent } from "../src/content/load.ts";
import { readNotices } from "../src/content/notices.ts";
import { type ContentFile, readContentFiles } from "../src/content/read-files.ts";
import type { Action } from "../src/domain/action.ts";
import type { ContentBase } from "../src/domain/content-base.ts";
import { type Day, noonOf } from "../src/domain/day.ts";
import { formatProblem } from "../src/domain/problem.ts";
import type { Reply } from "../src/domain/reply.ts";
import { createModelCache } from "../src/model-cache.ts";

export const TODAY: Day = "2026-11-24";

const CONTENT = new URL("../content", import.meta.url).pathname;

/** The files of the repository's own content. */
export function realFiles(): Promise<ContentFile[]> {
  return readContentFiles(CONTENT);
}

/** The content, and what is learnt from it; kept between test files, since learning takes seconds. */
export async function realLearnt(): Promise<{ content: ContentBase; model: Model }> {
  const files = await realFiles();
  const cache = createModelCache(join(tmpdir(), "an-sinh-test-model"));
  const now = noonOf(TODAY);
  const cached = await cache.read(files);
  if (cached !== undefined) {
    const { notices } = readNotices(files, cached.content, now);
    return { ...cached, content: { ...cached.content, notices } };
  }
  const { content, problems } = loadContent(files, { now });
  if (content === null) throw new Error(problems.map(formatProblem).join("\n"));
  const learnt = { content, model: learn(content) };
  await cache.write(files, learnt);
  return learnt;
}

export async function realContent(): Promise<ContentBase> {
  return (await realLearnt()).content;
}

export async function realBrain(): Promise<Brain> {
  const { content, model } = await realLearnt();
  return createBrain(content, model);
}

export type Talk = {
  (text: string): Promise<Reply>;
  press(action: Action): Promise<Reply>;
};

/** One person talking with the bot on a day. */
export function talkTo(brain: Brain, day: Day = TODAY): Talk {
  const answer = createAnswer(
    () => brain,
    createMemoryStore(() => new Date()),
  );
  const from = { channel: "test", person: "an" };
  let count = 0;
  const say = (content: Parameters<typeof answer>[0]["content"]) => {
    count += 1;
    return answer({ id: String(count), from, at: noonOf(day), content });
  };
  const talk = (text: string) => say({ type: "text", text });
  return Object.assign(talk, { press: (action: Action) => say({ type: "action", action }) });
}

export function textOf(reply: Reply): string {
  return renderText(reply);
}

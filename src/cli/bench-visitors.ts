import type { BenchReply } from "./bench-telegram.ts";
import type { Updates } from "./bench-post.ts";
import type { Random } from "./bench-random.ts";

/** Somebody who comes once, and what they have heard so far. */
export type Visitor = {
  person: number;
  /** subscribes: asks for the topics, then presses “all”. baffles: asks what nobody can answer. */
  comes: "asks" | "baffles" | "subscribes";
  text: string;
  /** How many of their updates were answered with 200: so many replies are owed. */
  accepted: number;
  /** A reply's text, and when it came first. */
  heard: Map<string, { at: number; life: number }>;
};

export type Repeat = { person: number; firstAt: number };

export type Visitors = {
  come(): Visitor;
  all(): Visitor[];
  /** Resolves when the visitor has heard `count` different replies. */
  hears(visitor: Visitor, count: number): Promise<void>;
  takeReply(reply: BenchReply): void;
  repeats(): Repeat[];
  /** The bot was started once more. */
  nextLife(): void;
};

/** Replies owed to a visitor that did not come. */
export function missing({ accepted, heard }: Visitor): number {
  return Math.max(0, accepted - heard.size);
}

export function createVisitors(
  updates: Updates,
  random: Random,
  questions: string[],
  baffling: string[],
): Visitors {
  const visitors = new Map<number, Visitor>();
  const waiting = new Map<number, { count: number; resolve: () => void }>();
  const repeated: Repeat[] = [];
  let life = 0;

  /** Who asks once and hears something after a restart hears it again, even where a remembered conversation changes the words. */
  function repeatedReply({ comes, heard }: Visitor, text: string): number | null {
    const same = heard.get(text);
    if (same !== undefined) return same.at;
    const [first] = heard.values();
    return comes !== "subscribes" && first !== undefined && first.life < life ? first.at : null;
  }

  return {
    come() {
      const chance = random.next();
      const unknown = chance < 0.2 ? baffling.pop() : undefined;
      const comes = unknown !== undefined ? "baffles" : chance < 0.5 ? "subscribes" : "asks";
      const text = unknown ?? (comes === "subscribes" ? "/dangky" : random.pick(questions));
      const visitor: Visitor = {
        person: updates.newPerson(),
        comes,
        text,
        accepted: 0,
        heard: new Map(),
      };
      visitors.set(visitor.person, visitor);
      return visitor;
    },
    all: () => [...visitors.values()],
    hears(visitor, count) {
      if (visitor.heard.size >= count) return Promise.resolve();
      return new Promise((resolve) => waiting.set(visitor.person, { count, resolve }));
    },
    takeReply({ chat, text, at }) {
      const visitor = visitors.get(chat);
      if (visitor === undefined) return;
      const firstAt = repeatedReply(visitor, text);
      if (firstAt !== null) repeated.push({ person: chat, firstAt });
      else visitor.heard.set(text, { at, life });
      const wait = waiting.get(chat);
      if (wait === undefined || visitor.heard.size < wait.count) return;
      waiting.delete(chat);
      wait.resolve();
    },
    repeats: () => repeated,
    nextLife() {
      life += 1;
    },
  };
}

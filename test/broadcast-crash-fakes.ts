import { join } from "node:path";
import type { Line } from "./broadcast-crash-channels.ts";
import { startFakeTelegram } from "./fake-telegram.ts";
import { startFakeZaloBot } from "./fake-zalo-bot.ts";
import { startFakeZaloOa } from "./fake-zalo-oa.ts";

/** A platform that an announcement is sent to by a process that dies. */
export type CrashFake = {
  line: Line;
  /** Somebody who may be written to. */
  joins: (person: string) => void;
  /** Who got a message, as often as they got one. */
  received: () => string[];
  /** How many calls came. */
  calls: () => number;
  /** Holds back the answer to one message. */
  hold: (until: Promise<unknown>) => void;
  until: (holds: () => boolean) => Promise<void>;
  close: () => Promise<void>;
};

/** By channel. The store is in `folder`; what else a channel keeps goes beside it. */
export const startCrashFake: Record<Line["name"], (folder: string) => Promise<CrashFake>> = {
  async telegram() {
    const fake = await startFakeTelegram();
    return {
      line: { name: "telegram", apiRoot: fake.apiRoot, token: fake.token },
      joins: (person) => {
        fake.chat(Number(person));
      },
      received: () => fake.sent.map(({ chat }) => String(chat)),
      calls: () => fake.calls.length,
      hold: (until) => {
        fake.fault("sendMessage", { type: "hold", until });
      },
      until: (holds) => fake.until(holds),
      close: () => fake.close(),
    };
  },
  async "zalo-bot"() {
    const fake = await startFakeZaloBot();
    return {
      line: { name: "zalo-bot", apiRoot: fake.apiRoot, token: fake.token },
      joins: (person) => {
        fake.chat(person);
      },
      received: () => fake.sent.map(({ chat }) => chat),
      calls: () => fake.calls.length,
      hold: (until) => {
        fake.fault("sendMessage", { type: "hold", until });
      },
      until: (holds) => fake.until(holds),
      close: () => fake.close(),
    };
  },
  async "zalo-oa"(folder) {
    const fake = await startFakeZaloOa();
    return {
      line: {
        name: "zalo-oa",
        apiRoot: fake.url,
        account: fake.account,
        tokenFile: join(folder, "..", "zalo-oa-token.json"),
      },
      joins: (person) => {
        fake.person(person, new Date());
      },
      received: () => fake.sent.map(({ to }) => to),
      calls: () => fake.calls.length,
      hold: (until) => {
        fake.fault("cs", { type: "hold", until });
      },
      until: (holds) => fake.until(holds),
      close: () => fake.close(),
    };
  },
};

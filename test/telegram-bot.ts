import { inTurn } from "../src/answer/in-turn.ts";
import { createTelegramChannel } from "../src/channels/telegram.ts";
import type { TelegramOptions } from "../src/channels/telegram-options.ts";
import {
  NO_ABOUT,
  type Address,
  type Answer,
  type Button,
  type Incoming,
  type Reply,
} from "../src/domain/reply.ts";
import type { FakeTelegram } from "./fake-telegram.ts";

export const PHRASES = {
  sticker: "An Sinh chưa hiểu được hình dán.",
  voice: "An Sinh chưa nghe được tin thoại.",
  picture: "An Sinh chưa xem được hình.",
  contact: "An Sinh không cần danh bạ của quý vị.",
  location: "An Sinh chưa đọc được vị trí.",
  other: "An Sinh chỉ đọc được chữ.",
  gone: "Lựa chọn này không còn dùng được.",
  failed: "An Sinh gặp trục trặc.",
  tooFast: "Quý vị gửi hơi nhanh.",
};

export const SECRET = "bi-mat-cua-ta";

/** A reply that says `text`. */
export function replyOf(text: string, buttons: Button[] = []): Reply {
  return {
    blocks: text === "" ? [] : [{ type: "text", spans: [{ text }] }],
    buttons,
    feedback: null,
    about: { ...NO_ABOUT, outcome: "answer" },
  };
}

/** Repeats what it hears. */
export const echo: Answer = ({ content }) =>
  Promise.resolve(
    replyOf(content.type === "text" ? `nghe: ${content.text}` : `bấm: ${content.action.do}`, [
      { label: "Danh mục", action: { do: "menu" } },
    ]),
  );

/** Time that only passes when a test says so. */
export type Waits = {
  wait: (ms: number) => Promise<void>;
  /** Lets one wait of just this length end, as soon as somebody waits so long. */
  pass: (ms: number) => Promise<void>;
  asked: () => number[];
};

export function createWaits(): Waits {
  const asked: number[] = [];
  const ends = new Map<number, (() => void)[]>();
  const passes = new Map<number, (() => void)[]>();
  return {
    asked: () => asked,
    wait(ms) {
      asked.push(ms);
      return new Promise((resolve) => {
        const pass = passes.get(ms)?.shift();
        if (pass) {
          pass();
          resolve();
        } else {
          ends.set(ms, [...(ends.get(ms) ?? []), resolve]);
        }
      });
    },
    pass(ms) {
      return new Promise((resolve) => {
        const end = ends.get(ms)?.shift();
        if (end) {
          end();
          resolve();
        } else {
          passes.set(ms, [...(passes.get(ms) ?? []), resolve]);
        }
      });
    },
  };
}

/** A Telegram channel before a fake Telegram, with all it says and asks kept. */
export function createBot(
  fake: FakeTelegram,
  answer: Answer = echo,
  more: Partial<TelegramOptions> = {},
) {
  const heard: Incoming[] = [];
  const answered: string[] = [];
  const blocked: Address[] = [];
  const moved: string[] = [];
  const logged: string[] = [];
  const results: string[] = [];
  const waits = createWaits();
  const channel = createTelegramChannel({
    token: fake.token,
    apiRoot: fake.apiRoot,
    receive: inTurn((incoming) => {
      heard.push(incoming);
      return answer(incoming);
    }),
    onAnswered(incoming) {
      answered.push(incoming.id);
      return Promise.resolve();
    },
    onBlocked(from) {
      blocked.push(from);
      return Promise.resolve();
    },
    onMoved(from, to) {
      moved.push(`${from.person} → ${to.person}`);
      return Promise.resolve();
    },
    onSent: (result) => results.push(result),
    log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    wait: waits.wait,
    now: () => new Date(),
    webhook: null,
    commands: [{ command: "danhmuc", description: "Xem danh mục" }],
    phrases: PHRASES,
    pollSeconds: 20,
    ...more,
  });
  return { channel, heard, answered, blocked, moved, logged, results, waits };
}

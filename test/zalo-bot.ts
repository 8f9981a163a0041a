import { inTurn } from "../src/answer/in-turn.ts";
import { createZaloBotChannel } from "../src/channels/zalo-bot.ts";
import type { ZaloBotOptions } from "../src/channels/zalo-bot-options.ts";
import type { Address, Answer, Incoming } from "../src/domain/reply.ts";
import type { FakeZaloBot } from "./fake-zalo-bot.ts";
import { createWaits, replyOf } from "./telegram-bot.ts";

export const ZALO_PHRASES = {
  sticker: "An Sinh chưa hiểu được hình dán.",
  voice: "An Sinh chưa nghe được tin thoại.",
  picture: "An Sinh chưa xem được hình.",
  other: "An Sinh chỉ đọc được chữ.",
  unsupported: "An Sinh chưa đọc được tin này, quý vị gọi tổng đài.",
  failed: "An Sinh gặp trục trặc.",
  tooFast: "Quý vị gửi hơi nhanh.",
};

/** Repeats what it hears. */
const echo: Answer = ({ content }) =>
  Promise.resolve(replyOf(content.type === "text" ? `nghe: ${content.text}` : content.action.do));

export const ZALO_SECRET = "bi-mat-cua-ta";

/** What a month's count needs of a store. */
export function createCounter(start = 0) {
  const sums = new Map<string, number>();
  const sumOf = (month: string) => sums.get(month) ?? start;
  return {
    sums,
    sentIn: sumOf,
    count(month: string, sends: number) {
      sums.set(month, sumOf(month) + sends);
      return Promise.resolve(sumOf(month));
    },
  };
}

/** A Zalo Bot channel before a fake Zalo, with all it says and asks kept. */
export function createZaloBot(
  fake: FakeZaloBot,
  answer: Answer = echo,
  more: Partial<ZaloBotOptions> = {},
) {
  const heard: Incoming[] = [];
  const answered: string[] = [];
  const gone: Address[] = [];
  const logged: string[] = [];
  const results: string[] = [];
  const told: string[] = [];
  const waits = createWaits();
  const counter = createCounter();
  const channel = createZaloBotChannel({
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
      gone.push(from);
      return Promise.resolve();
    },
    onSent: (result) => results.push(result),
    onQuota: (sentence) => told.push(sentence),
    sends: counter,
    monthlyLimit: 3000,
    log: (event, fields) => logged.push(JSON.stringify({ event, ...fields })),
    wait: waits.wait,
    now: () => new Date(),
    webhook: null,
    phrases: ZALO_PHRASES,
    pollSeconds: 20,
    ...more,
  });
  return { channel, heard, answered, gone, logged, results, told, waits, counter };
}

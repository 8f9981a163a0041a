import { expect, test } from "vitest";
import { createDurable } from "../src/durable.ts";
import type { Answer, Incoming, Reply } from "../src/domain/reply.ts";
import type { SendResult } from "../src/domain/send-result.ts";
import { resumePending } from "../src/resume.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { echo, replyOf } from "./telegram-bot.ts";

const asked = (id: string, channel = "telegram"): Incoming => ({
  id,
  from: { channel, person: "an" },
  at: new Date(),
  content: { type: "text", text: `câu ${id}` },
});

/** A run that starts with these messages left by the last one; `send` is what Telegram makes of each reply. */
async function start(left: Incoming[], send: (reply: Reply) => SendResult, answer = echo) {
  const store = createMemoryStore(() => new Date());
  for (const incoming of left) await store.accept(incoming);
  const stopping = new AbortController();
  const waits: number[] = [];
  const errors: unknown[] = [];
  const resume = () =>
    resumePending({
      pending: store.pending(),
      durable: createDurable(answer, store, () => replyOf("đã làm")),
      senders: { telegram: (_, reply) => Promise.resolve(send(reply)) },
      failed: () => replyOf("trục trặc"),
      onError: (error) => errors.push(error),
      wait: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      stopped: stopping.signal,
    });
  return { store, resume, stopping, waits, errors };
}

test("while Telegram cannot be reached a question left by the last run waits, and is then answered", async () => {
  const results: SendResult[] = [
    { status: "unreachable", why: "network" },
    { status: "retry-after", seconds: 7 },
    { status: "sent" },
  ];
  const tried: Reply[] = [];
  const { store, resume, waits } = await start([asked("1")], (reply) => {
    tried.push(reply);
    return results.shift() ?? { status: "sent" };
  });
  await resume();
  expect(tried).toHaveLength(3);
  expect(waits).toEqual([1_000, 7_000]);
  expect(store.pending()).toEqual([]);
});

test("a stop before Telegram could be reached leaves the question to the next run", async () => {
  const { store, resume, stopping } = await start([asked("1"), asked("2")], () => {
    stopping.abort();
    return { status: "unreachable", why: "network" };
  });
  await resume();
  expect(store.pending().map(({ id }) => id)).toEqual(["1", "2"]);
});

test("a question that cannot be answered is told so, and does not come back at every start", async () => {
  const sent: Reply[] = [];
  const { store, resume, errors } = await start(
    [asked("1"), asked("2")],
    (reply) => {
      sent.push(reply);
      return { status: "sent" };
    },
    (incoming) => (incoming.id === "1" ? Promise.reject(new Error("hỏng")) : echo(incoming)),
  );
  await resume();
  expect(sent[0]).toEqual(replyOf("trục trặc"));
  expect(sent).toHaveLength(2);
  expect(errors).toHaveLength(1);
  expect(store.pending()).toEqual([]);
});

test("what the page left is settled without a reply: the page asks again by itself", async () => {
  const { store, resume } = await start([asked("1", "web")], () => {
    throw new Error("must not be sent");
  });
  await resume();
  expect(store.pending()).toEqual([]);
});

test("what a message asked for is not done again when its reply was lost", async () => {
  const { store, resume } = await start([], () => ({ status: "sent" }));
  const said: string[] = [];
  let count = 0;
  const answer: Answer = () => {
    count += 1;
    return Promise.resolve({ ...replyOf("đã hủy"), acted: true });
  };
  const incoming = asked("7");
  await createDurable(answer, store, () => replyOf("đã làm")).receive(incoming);
  // Here the process died: the reply never left.
  const again = createDurable(answer, store, () => replyOf("đã làm"));
  said.push(JSON.stringify((await again.resume(incoming))?.blocks));
  expect(count).toBe(1);
  expect(said[0]).toContain("đã làm");
  await resume();
  expect(store.pending()).toEqual([]);
});

test("a platform that cannot be reached holds up no other", async () => {
  const { store, stopping, errors } = await start([asked("1"), asked("2", "zalo-bot")], () => ({
    status: "sent",
  }));
  const sent: string[] = [];
  await resumePending({
    pending: store.pending(),
    durable: createDurable(echo, store, () => replyOf("đã làm")),
    senders: {
      telegram: () => Promise.resolve({ status: "unreachable", why: "network" }),
      "zalo-bot": (from) => {
        sent.push(from.channel);
        stopping.abort();
        return Promise.resolve({ status: "sent" });
      },
    },
    failed: () => replyOf("trục trặc"),
    onError: (error) => errors.push(error),
    wait: () => new Promise(setImmediate),
    stopped: stopping.signal,
  });
  expect(sent).toEqual(["zalo-bot"]);
  expect(store.pending().map(({ id }) => id)).toEqual(["1"]);
});

import { expect, test } from "vitest";
import { inTurn } from "../src/answer/in-turn.ts";
import type { Incoming, Reply } from "../src/domain/reply.ts";

const reply = { blocks: [], buttons: [], about: { confidence: 1 } } as unknown as Reply;

function incoming(person: string, id: string): Incoming {
  return {
    id,
    from: { channel: "web", person },
    at: new Date(),
    content: { type: "text", text: id },
  };
}

test("one person's messages are answered in order, and another person does not wait for them", async () => {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const receive = inTurn((message) => {
    begun.push(message.id);
    return new Promise((resolve) => {
      finish.set(message.id, () => {
        resolve(reply);
      });
    });
  });
  const first = receive(incoming("an", "1"));
  const second = receive(incoming("an", "2"));
  const other = receive(incoming("bình", "3"));
  await new Promise(setImmediate);
  expect(begun).toEqual(["1", "3"]);
  finish.get("3")?.();
  await other;
  finish.get("1")?.();
  await first;
  await new Promise(setImmediate);
  expect(begun).toEqual(["1", "3", "2"]);
  finish.get("2")?.();
  await second;
});

test("a message that comes twice is answered once", async () => {
  let answered = 0;
  const receive = inTurn(async () => {
    answered += 1;
    return reply;
  });
  expect(await receive(incoming("an", "1"))).toBe(reply);
  expect(await receive(incoming("an", "1"))).toBeNull();
  expect(answered).toBe(1);
});

test("a failure with one message does not hold up the next", async () => {
  const receive = inTurn(async (message) => {
    if (message.id === "1") throw new Error("broken");
    return reply;
  });
  const first = receive(incoming("an", "1"));
  const second = receive(incoming("an", "2"));
  await expect(first).rejects.toThrow("broken");
  expect(await second).toBe(reply);
});

import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { talkInConsole } from "../src/channels/console.ts";
import type { Reply } from "../src/domain/reply.ts";

async function talk(typed: string, said: string): Promise<{ printed: string; heard: string[] }> {
  const input = new PassThrough();
  const output = new PassThrough();
  const heard: string[] = [];
  const printed = text(output);
  input.end(typed);
  await talkInConsole({
    input,
    output,
    now: () => new Date(),
    welcome: "Xin chào quý vị.",
    receive: async ({ content }) => {
      if (content.type === "text") heard.push(content.text);
      return {
        blocks: [{ type: "text", spans: [{ text: said }] }],
        buttons: [{ label: "Danh mục", action: { do: "menu" } }],
      } as unknown as Reply;
    },
  });
  output.end();
  return { printed: await printed, heard };
}

test("each line is a question, and its answer is printed with numbered choices", async () => {
  const { printed, heard } = await talk("lương hưu\nlương cơ sở\n", "Đây là câu trả lời.");
  expect(heard).toEqual(["lương hưu", "lương cơ sở"]);
  expect(printed).toContain("Xin chào quý vị.");
  expect(printed).toContain("Đây là câu trả lời.\n\n1. Danh mục");
});

test("“thoát” ends the conversation, with or without accents", async () => {
  expect((await talk("thoát\nlương hưu\n", "x")).heard).toEqual([]);
  expect((await talk("THOAT\nlương hưu\n", "x")).heard).toEqual([]);
});

test("what a terminal would obey is not printed", async () => {
  const { printed } = await talk("lương hưu\n", "đỏ\u001b[31m\u0007\u009b2J xong");
  // oxlint-disable-next-line no-control-regex
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(printed).toContain("xong");
});

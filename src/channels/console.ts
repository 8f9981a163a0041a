import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { Incoming, Reply } from "../domain/reply.ts";
import { withoutControls } from "../domain/terminal.ts";
import { renderText } from "./text-render.ts";

export type ConsoleOptions = {
  input: Readable;
  output: Writable;
  receive: (incoming: Incoming) => Promise<Reply | null>;
  now: () => Date;
  /** Shown before the first question. */
  welcome: string;
};

/** A conversation in the terminal; resolves when the input ends or somebody types "thoát". */
export async function talkInConsole(options: ConsoleOptions): Promise<void> {
  const { input, output, receive, now } = options;
  const reader = createInterface({ input, output, prompt: "\n> " });
  output.write(`${options.welcome}\n`);
  let count = 0;
  reader.prompt();
  for await (const line of reader) {
    if (/^(thoát|thoat|exit|quit)$/iu.test(line.trim())) break;
    count += 1;
    const reply = await receive({
      id: String(count),
      from: { channel: "console", person: "local" },
      at: now(),
      content: { type: "text", text: line },
    });
    if (reply !== null) output.write(`\n${withoutControls(renderText(reply))}\n`);
    reader.prompt();
  }
  reader.close();
}

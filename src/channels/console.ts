import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { Incoming, Reply } from "../domain/reply.ts";
import { withoutControls } from "../domain/terminal.ts";
import { renderText } from "./text-render.ts";

export const CONSOLE = "console";

export type ConsoleOptions = {
  input: Readable;
  output: Writable;
  receive: (incoming: Incoming) => Promise<Reply | null>;
  now: () => Date;
  /** Shown before the first question. */
  welcome: string;
  /** As whom one may speak after `/vai <name>`, in a demonstration. */
  speakers?: string[];
};

const CITIZEN = "dan";

/** A conversation in the terminal; resolves when the input ends or somebody types "thoát". */
export async function talkInConsole(options: ConsoleOptions): Promise<void> {
  const { input, output, receive, now } = options;
  const { speakers = [] } = options;
  const reader = createInterface({ input, output, prompt: "\n> " });
  output.write(`${options.welcome}\n`);
  // Ids are remembered for a day: those of another run must not be these.
  const run = randomUUID();
  let count = 0;
  let speaker = CITIZEN;
  reader.prompt();
  for await (const line of reader) {
    if (/^(thoát|thoat|exit|quit)$/iu.test(line.trim())) break;
    const role = /^\/vai\s+(\S+)$/iu.exec(line.trim())?.[1]?.toLowerCase();
    if (role !== undefined && [CITIZEN, ...speakers].includes(role)) {
      speaker = role;
      reader.setPrompt(role === CITIZEN ? "\n> " : `\n${role}> `);
      reader.prompt();
      continue;
    }
    count += 1;
    const reply = await receive({
      id: `${run}-${count}`,
      from: { channel: CONSOLE, person: speaker },
      at: now(),
      content: { type: "text", text: line },
    });
    if (reply !== null) output.write(`\n${withoutControls(renderText(reply))}\n`);
    reader.prompt();
  }
  reader.close();
}

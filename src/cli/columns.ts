import { splitText } from "../domain/fold.ts";

export type Column = { title: string; text: string };

const GAP = " │ ";
const WIDTH = 38;

/** Texts beside one another where the terminal is wide enough, else one after another. Widths are in characters. */
export function inColumns(columns: Column[], terminalWidth: number): string {
  const needed = columns.length * WIDTH + (columns.length - 1) * GAP.length;
  if (terminalWidth < needed) {
    return columns.map(({ title, text }) => `── ${title}\n${text}`).join("\n\n");
  }
  const wrapped = columns.map(({ title, text }) => [
    title,
    "─".repeat(WIDTH),
    ...wrap(text, WIDTH),
  ]);
  const height = Math.max(0, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    wrapped
      .map((lines) => (lines[row] ?? "").padEnd(WIDTH))
      .join(GAP)
      .trimEnd(),
  ).join("\n");
}

function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [""] : splitText(line, width)));
}

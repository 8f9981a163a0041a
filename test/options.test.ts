import { expect, test } from "vitest";
import { run } from "./run.ts";

const COMMANDS = ["ask", "bench", "content", "notice", "picture", "unanswered"];

test.each(COMMANDS)(
  "%s ends with a sentence and its usage on an option it does not have",
  async (command) => {
    const { code, out, error } = await run(`src/cli/${command}.ts`, ["--bad"], {});
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(error).toMatch(/^Không có tùy chọn "--bad"\.\nCách dùng:/);
    expect(error).toContain(`npm run ${command}`);
  },
);

test.each([
  [["--on"], "Tùy chọn --on cần ghi thêm giá trị."],
  [["--on", "--json"], "Tùy chọn --on cần ghi thêm giá trị."],
  [["--json=3"], "Tùy chọn --json không kèm giá trị."],
  [["-x"], 'Không có tùy chọn "-x".'],
  [["--toString"], 'Không có tùy chọn "--toString".'],
  [["thừa"], 'Không hiểu "thừa".'],
])("what is wrong with %j is said in one sentence", async (args, sentence) => {
  const { code, error } = await run("src/cli/content.ts", args, {});
  expect(code).toBe(2);
  expect(error.split("\n")[0]).toBe(sentence);
});

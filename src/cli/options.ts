import { parseArgs, type ParseArgsConfig } from "node:util";

/** What was typed after a command. What the command does not know ends it with a sentence, its usage and exit code 2. */
export function requireOptions<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  const wrong = firstWrong(config);
  if (wrong === null) return parseArgs(config);
  console.error(`${wrong}\n${usage}`);
  process.exit(2);
}

/** Node says it in English, and throws. */
function firstWrong({ options = {}, allowPositionals = false }: ParseArgsConfig): string | null {
  const { tokens } = parseArgs({ options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional" && !allowPositionals) return `Không hiểu "${token.value}".`;
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) return `Không có tùy chọn "${rawName}".`;
    const isMissing = value === undefined || (!inlineValue && value.startsWith("-"));
    if (option.type === "string" && isMissing) return `Tùy chọn ${rawName} cần ghi thêm giá trị.`;
    if (option.type === "boolean" && value !== undefined) {
      return `Tùy chọn ${rawName} không kèm giá trị.`;
    }
  }
  return null;
}

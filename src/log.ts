import { pino } from "pino";
import { maskPersonalNumbers } from "./domain/mask.ts";

/** One JSON line: an event name and our own figures; no names, no messages, no channel ids. */
export type Log = (event: string, details?: Record<string, unknown>) => void;

/** A bot token, also in the middle of an address, encoded or not: `/bot123:abc/`, `%2Fbot123%3Aabc`. */
const TOKEN = /\d{6,}(?::|%3A)[\w-]{20,}/gi;

/**
 * JSON lines on standard error. Tokens and personal numbers are masked in the finished line, whatever object they came in:
 * masking by field name would miss those inside an error's message.
 */
export function createLog(): Log {
  const mask = (line: string) =>
    maskPersonalNumbers(line.replaceAll(TOKEN, "[token]")).concat("\n");
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite: mask } },
    pino.destination({ dest: 2, sync: true }),
  );
  return (event, details = {}) => {
    logger.info({ ...details, event });
  };
}

import type { SendResult } from "../domain/send-result.ts";

export type SendPartsOptions = {
  /** The first part is tried again, too; else its result is the caller's to judge. */
  retriesFirst: boolean;
  wait: (ms: number) => Promise<void>;
};

const MAX_RETRIES = 3;
const MAX_WAIT_SECONDS = 60;

/**
 * Sends all parts in order. What certainly was not carried out is tried again, at most three times and 60 seconds in all; when only a part of
 * them was sent the result is doubtful.
 */
export async function sendParts<Part>(
  parts: Part[],
  sendPart: (part: Part) => Promise<SendResult>,
  { retriesFirst, wait }: SendPartsOptions,
): Promise<SendResult> {
  const patience: Patience = { retries: MAX_RETRIES, seconds: MAX_WAIT_SECONDS };
  for (const [index, part] of parts.entries()) {
    const result =
      index > 0 || retriesFirst
        ? await sendUntilTaken(() => sendPart(part), patience, wait)
        : await sendPart(part);
    if (result.status !== "sent") return index === 0 ? result : { status: "doubtful" };
  }
  return { status: "sent" };
}

type Patience = { retries: number; seconds: number };

async function sendUntilTaken(
  send: () => Promise<SendResult>,
  patience: Patience,
  wait: (ms: number) => Promise<void>,
): Promise<SendResult> {
  for (;;) {
    const result = await send();
    const seconds = secondsBeforeRetry(result, MAX_RETRIES - patience.retries);
    if (seconds === null || patience.retries === 0 || seconds > patience.seconds) return result;
    patience.retries -= 1;
    patience.seconds -= seconds;
    await wait(seconds * 1000);
  }
}

/** Only what certainly was not carried out may be tried again; a token or a month's count does not come back by waiting. */
function secondsBeforeRetry(result: SendResult, retries: number): number | null {
  if (result.status === "retry-after") return result.seconds;
  return result.status === "unreachable" && result.why === "network" ? 2 ** retries : null;
}

import type { SendResult } from "../domain/send-result.ts";

type Wait = (ms: number) => Promise<void>;

/** Replies being sent just now. One that sleeps until it may be tried again is not among them: it must hold nobody else up. */
export type UnderWay = {
  /** Watches a send; what is handed to it is how it pauses between its tries. */
  watch(send: (pause: Wait) => Promise<SendResult>): Promise<SendResult>;
  /** Resolves when those that are being sent now have been. */
  settled(): Promise<unknown>;
};

export function createUnderWay(wait: Wait): UnderWay {
  const sending = new Set<Promise<unknown>>();
  return {
    async watch(send) {
      const begun = Promise.resolve().then(() =>
        send(async (ms) => {
          sending.delete(begun);
          await wait(ms);
          sending.add(begun);
        }),
      );
      sending.add(begun);
      try {
        return await begun;
      } finally {
        sending.delete(begun);
      }
    },
    settled: () => Promise.allSettled(sending),
  };
}

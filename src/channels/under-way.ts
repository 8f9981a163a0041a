import type { SendResult } from "../domain/send-result.ts";

/** Replies that are being sent, or wait to be tried again: they go before announcements. */
export type UnderWay = {
  watch(sending: Promise<SendResult>): Promise<SendResult>;
  /** Resolves when those that are under way now have been settled. */
  settled(): Promise<unknown>;
};

export function createUnderWay(): UnderWay {
  const sending = new Set<Promise<SendResult>>();
  return {
    async watch(one) {
      sending.add(one);
      try {
        return await one;
      } finally {
        sending.delete(one);
      }
    },
    settled: () => Promise.allSettled(sending),
  };
}

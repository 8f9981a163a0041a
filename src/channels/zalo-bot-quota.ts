import { dayOf } from "../domain/day.ts";
import type { ZaloBotOptions } from "./zalo-bot-options.ts";

/** The plan's messages of this month. */
export type ZaloQuota = {
  /** Takes so many messages of the month for what is about to be sent; null: not so many are left. */
  reserve(sends: number): Room | null;
  isUsedUp(): boolean;
  /** One message went out, or may have. Never rejects. */
  sent(): Promise<void>;
};

export type Room = {
  /** One of them went out: the month's number has it now. */
  use(): void;
  /** Gives back those that did not. */
  release(): void;
};

const WARNS_AT_SHARE = 0.8;

export function createZaloQuota({
  sends,
  monthlyLimit: limit,
  onQuota,
  log,
  now,
}: Pick<ZaloBotOptions, "sends" | "monthlyLimit" | "onQuota" | "log" | "now">): ZaloQuota {
  const warnsAt = Math.ceil(limit * WARNS_AT_SHARE);
  let reserved = 0;

  const left = () => (limit === 0 ? Infinity : limit - sends.sentIn(monthOf(now())) - reserved);

  /** The sum passes each number once, however often we start. */
  function warn(sum: number): void {
    if (limit === 0) return;
    if (sum === limit) {
      onQuota(
        `Zalo Bot đã gửi hết ${limit} tin của tháng này: thông báo qua Zalo Bot dừng đến tháng sau, câu trả lời vẫn được gửi thử.`,
      );
    } else if (sum === warnsAt) {
      onQuota(
        `Zalo Bot đã gửi ${sum} trong ${limit} tin của tháng này; hết số đó thì thông báo qua Zalo Bot phải chờ sang tháng.`,
      );
    }
  }

  return {
    reserve(wanted) {
      if (left() < wanted) return null;
      reserved += wanted;
      let held = wanted;
      const giveBack = (count: number) => {
        reserved -= count;
        held -= count;
      };
      return {
        use() {
          if (held > 0) giveBack(1);
        },
        release() {
          giveBack(held);
        },
      };
    },
    isUsedUp: () => limit > 0 && sends.sentIn(monthOf(now())) >= limit,
    async sent() {
      try {
        warn(await sends.count(monthOf(now()), 1));
      } catch {
        // Nothing can be kept just now; the message is on its way all the same.
        log("zalo-bot.not-counted", {});
      }
    },
  };
}

/** The month in Viet Nam, as `2026-11`. */
export function monthOf(instant: Date): string {
  return dayOf(instant).slice(0, 7);
}

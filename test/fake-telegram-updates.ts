import { setTimeout as pause } from "node:timers/promises";

export type Update = { update_id: number } & Record<string, unknown>;

export type Webhook = {
  url: string;
  secret: string;
  maxConnections: number;
  allowedUpdates: string[];
};

/** How updates go astray on their way to the bot. */
export type Mischief = {
  /** Each update is delivered this many times. */
  copies: number;
  /** Newest first. */
  reversed: boolean;
  /** Pretends that what was confirmed was not: everything comes again on the next look. */
  forgetsConfirmations: boolean;
  /** Never delivered, though waiting. */
  loses: (update: Update) => boolean;
  /** What a delivery waits for. */
  before: (update: Update) => Promise<unknown>;
};

export type UpdateQueue = {
  push(update: Update): void;
  /** Long poll: what waits, or nothing when time is up, or "conflict" when another poll takes over. */
  poll(request: Poll): Promise<Update[] | "conflict">;
  waiting(): number;
  clear(): void;
  startDelivery(webhook: Webhook): void;
  stopDelivery(): void;
  lastError(): { at: number; message: string } | undefined;
  readonly mischief: Mischief;
};

export type Poll = { offset: number; limit: number; seconds: number; gone: AbortSignal };

const FIRST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 500;

/** What waits for the bot, and the two ways it gets there. `onReply`: a call written into the answer to a webhook. */
export function createUpdateQueue(onReply: (call: Record<string, unknown>) => void): UpdateQueue {
  const queue: Update[] = [];
  const mischief: Mischief = {
    copies: 1,
    reversed: false,
    forgetsConfirmations: false,
    loses: () => false,
    before: () => Promise.resolve(),
  };
  let wake: (() => void) | undefined;
  let takeOver: (() => void) | undefined;
  let delivery: { webhook: Webhook; busy: Set<string>; underWay: Set<Update> } | undefined;
  let lastError: { at: number; message: string } | undefined;

  function deliverable(): Update[] {
    const updates = queue.filter((update) => !mischief.loses(update));
    const ordered = mischief.reversed ? updates.toReversed() : updates;
    return ordered.flatMap((update) => Array.from({ length: mischief.copies }, () => update));
  }

  function drop(update: Update): void {
    const index = queue.indexOf(update);
    if (index >= 0) queue.splice(index, 1);
  }

  function confirm(offset: number): void {
    if (mischief.forgetsConfirmations) return;
    const kept =
      offset < 0 ? queue.slice(offset) : queue.filter((update) => update.update_id >= offset);
    queue.splice(0, queue.length, ...kept);
  }

  async function post(webhook: Webhook, update: Update): Promise<boolean> {
    await mischief.before(update);
    try {
      const response = await fetch(webhook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(webhook.secret !== "" && { "x-telegram-bot-api-secret-token": webhook.secret }),
        },
        body: JSON.stringify(update),
        redirect: "manual",
      });
      const answer = await response.text();
      if (!response.ok) {
        const message = `Wrong response from the webhook: ${response.status} ${response.statusText}`;
        lastError = { at: Math.floor(Date.now() / 1000), message };
        return false;
      }
      if (answer.startsWith("{") && answer.includes('"method"')) onReply(JSON.parse(answer));
      return true;
    } catch {
      lastError = { at: Math.floor(Date.now() / 1000), message: "Connection refused" };
      return false;
    }
  }

  /** One chat's updates go one after another; a failing one is repeated and holds up its own chat only. */
  async function deliver(update: Update, current: NonNullable<typeof delivery>): Promise<void> {
    const chat = chatOf(update);
    current.busy.add(chat);
    current.underWay.add(update);
    for (let copy = 0; copy < mischief.copies; copy += 1) {
      let retryMs = FIRST_RETRY_MS;
      for (;;) {
        if (delivery !== current) return;
        if (await post(current.webhook, update)) break;
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    drop(update);
    current.busy.delete(chat);
    current.underWay.delete(update);
    pump();
  }

  function pump(): void {
    if (delivery === undefined) return;
    for (const update of new Set(deliverable())) {
      if (delivery.underWay.size >= delivery.webhook.maxConnections) return;
      if (delivery.underWay.has(update) || delivery.busy.has(chatOf(update))) continue;
      void deliver(update, delivery);
    }
  }

  return {
    mischief,
    push(update) {
      queue.push(update);
      wake?.();
      pump();
    },
    async poll({ offset, limit, seconds, gone }) {
      takeOver?.();
      confirm(offset);
      if (deliverable().length === 0 && seconds > 0) {
        const ended = await new Promise<"conflict" | "over">((resolve) => {
          const over = () => {
            resolve("over");
          };
          const timer = setTimeout(over, seconds * 1000);
          gone.addEventListener("abort", over);
          wake = () => {
            if (deliverable().length > 0) over();
          };
          takeOver = () => {
            resolve("conflict");
          };
          gone.addEventListener("abort", () => {
            clearTimeout(timer);
          });
        });
        if (ended === "conflict") return "conflict";
        wake = undefined;
        takeOver = undefined;
      }
      const updates = deliverable().slice(0, limit);
      for (const update of updates) await mischief.before(update);
      return updates;
    },
    waiting: () => queue.length,
    clear() {
      queue.splice(0);
    },
    startDelivery(webhook) {
      delivery = { webhook, busy: new Set(), underWay: new Set() };
      pump();
    },
    stopDelivery() {
      delivery = undefined;
    },
    lastError: () => lastError,
  };
}

type WithChat = { chat?: { id?: number }; message?: { chat?: { id?: number } } };

function chatOf(update: Update): string {
  for (const [key, value] of Object.entries(update)) {
    if (key === "update_id" || typeof value !== "object" || value === null) continue;
    const { chat, message }: WithChat = value;
    return String(chat?.id ?? message?.chat?.id ?? update.update_id);
  }
  return String(update.update_id);
}

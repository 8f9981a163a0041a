import type { Address, Incoming, Reply } from "../domain/reply.ts";
import type { SendResult } from "../domain/send-result.ts";
import { type Background, createLanes } from "./background.ts";
import { createRateLimit, type Rate } from "./rate.ts";
import { createUnderWay } from "./under-way.ts";
import type { Heard, ZaloEvent } from "./zalo-oa-events.ts";
import type { ZaloOaOptions } from "./zalo-oa-options.ts";
import { plainZaloOa, renderZaloOa, type ZaloOaMessage } from "./zalo-oa-render.ts";
import type { ZaloOaSender } from "./zalo-oa-send.ts";

export type ZaloOaListener = {
  /** Takes an event over, each once; resolves as soon as it is safe here, before it is answered. Never rejects. */
  take(event: ZaloEvent): Promise<void>;
  /** Resolves when the replies that are being sent now have been. */
  repliesSent(): Promise<unknown>;
};

const REMEMBERED = 10_000;
const RATE: Rate = { burst: 20, perMinute: 20 };

export function createZaloOaListener({
  channel,
  sender,
  background,
}: {
  channel: ZaloOaOptions;
  sender: ZaloOaSender;
  background: Background;
}): ZaloOaListener {
  const { log, phrases, contacts } = channel;
  const rate = createRateLimit(channel.rate ?? RATE, channel.now);
  const inLane = createLanes();
  /** The events seen last, each with the moment from which it is safe. */
  const seen = new Map<string, Promise<void>>();
  const underWay = createUnderWay();
  const toldToSlowDown = new Set<string>();

  async function hear({ at, heard }: ZaloEvent): Promise<void> {
    switch (heard.type) {
      case "asked":
        note(heard.incoming.from, at);
        if (isAllowed(heard.incoming.from)) await takeOver(heard.incoming);
        return;
      case "wordless":
        note(heard.from, at);
        if (isAllowed(heard.from)) say(heard.from, phrases[heard.what]);
        return;
      case "came":
        note(heard.from, at);
        return;
      case "left":
        await leave(heard, at);
        return;
      case "elsewhere":
        log("zalo-oa.other-oa", {});
        return;
      case "ignored":
        return;
    }
  }

  /** Events come late and in any order: an old one does not bring a contact back in time. */
  function note(from: Address, at: Date): void {
    const last = contacts.lastOf(from);
    if (last === null || last < at) contacts.note(from, at);
  }

  async function leave({ from }: Extract<Heard, { type: "left" }>, at: Date): Promise<void> {
    const last = contacts.lastOf(from);
    // They are back already, and only the news of their leaving is late.
    if (last !== null && last > at) return;
    await channel.onBlocked(from);
  }

  /** Beyond the limit somebody is told so once, and then not answered until they have slowed down. */
  function isAllowed(from: Address): boolean {
    if (rate.take(from.person) === 0) {
      toldToSlowDown.delete(from.person);
      return true;
    }
    if (!toldToSlowDown.has(from.person)) {
      if (toldToSlowDown.size >= REMEMBERED) toldToSlowDown.clear();
      toldToSlowDown.add(from.person);
      say(from, phrases.tooFast);
    }
    return false;
  }

  async function takeOver(incoming: Incoming): Promise<void> {
    const isNew = await channel.accept(incoming);
    if (isNew) background.run(inLane(incoming.from.person, () => answer(incoming)));
  }

  async function answer(incoming: Incoming): Promise<void> {
    const reply = await channel.answer(incoming).catch((error: unknown) => {
      log("zalo-oa.answer-failed", { error: placeOf(error) });
      return "failed" as const;
    });
    if (reply === null) return;
    const { status } = await sendReply(incoming.from, partsOf(reply));
    // Nothing reached the person: the store keeps the message, and a restart answers it.
    if (status === "unreachable" || status === "retry-after") return;
    await channel.onAnswered(incoming);
  }

  function partsOf(reply: Reply | "failed"): ZaloOaMessage[] {
    const parts = reply === "failed" ? [] : renderZaloOa(reply);
    return parts.length > 0 ? parts : [plainZaloOa(phrases.failed)];
  }

  function say(to: Address, text: string): void {
    background.run(inLane(to.person, () => sendReply(to, [plainZaloOa(text)])));
  }

  async function sendReply(to: Address, parts: ZaloOaMessage[]): Promise<SendResult> {
    const result = await underWay.watch(sender.send(to, parts, { retriesFirst: true }));
    channel.onSent?.(result.status);
    if (result.status !== "sent") log("zalo-oa.reply-lost", { result: result.status });
    return result;
  }

  return {
    take(event) {
      const before = seen.get(event.id);
      if (before !== undefined) return before;
      const safe = hear(event).catch((error: unknown) => {
        log("zalo-oa.failed", { error: placeOf(error) });
      });
      seen.set(event.id, safe);
      if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value ?? event.id);
      return safe;
    },
    repliesSent: () => underWay.settled(),
  };
}

/** What went wrong and where, without the message: it may hold a person's words. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const where = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return `${error.name} ${where?.trim() ?? ""}`;
}

import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import type { Incoming, Outcome, Reply } from "../domain/reply.ts";

/** Counts for Prometheus. Nothing in it can name a person or hold a text: labels are short words of ours, anything else becomes "other". */
export type Metrics = {
  messageIn(channel: string): void;
  messageOut(channel: string): void;
  answered(outcome: Outcome, seconds: number): void;
  /** What became of one send to a platform: "sent", "gone", "refused", "doubtful" … */
  sent(channel: string, result: string): void;
  /** What Prometheus reads, and the type to say it is. */
  read(): Promise<{ text: string; type: string }>;
};

const WORD = /^[a-z][a-z-]{0,23}$/;

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const messagesIn = new Counter({
    name: "an_sinh_messages_in_total",
    help: "Messages and presses of buttons that came in",
    labelNames: ["channel"],
    registers,
  });
  const messagesOut = new Counter({
    name: "an_sinh_messages_out_total",
    help: "Replies handed to a channel",
    labelNames: ["channel"],
    registers,
  });
  const outcomes = new Counter({
    name: "an_sinh_outcomes_total",
    help: "Replies by outcome",
    labelNames: ["outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "an_sinh_answer_seconds",
    help: "Time from a message taken over to its reply composed",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const sends = new Counter({
    name: "an_sinh_sends_total",
    help: "Sends to a platform by result",
    labelNames: ["channel", "result"],
    registers,
  });
  return {
    messageIn(channel) {
      messagesIn.inc({ channel: word(channel) });
    },
    messageOut(channel) {
      messagesOut.inc({ channel: word(channel) });
    },
    answered(outcome, tookSeconds) {
      outcomes.inc({ outcome });
      seconds.observe(tookSeconds);
    },
    sent(channel, result) {
      sends.inc({ channel: word(channel), result: word(result) });
    },
    async read() {
      return { text: await registry.metrics(), type: registry.contentType };
    },
  };
}

/** `receive`, counted: what comes in, what goes out, how it ended and how long it took. `clockMs` must never run backwards. */
export function measured(
  receive: (incoming: Incoming) => Promise<Reply | null>,
  metrics: Metrics,
  clockMs: () => number,
): (incoming: Incoming) => Promise<Reply | null> {
  return async (incoming) => {
    const { channel } = incoming.from;
    metrics.messageIn(channel);
    const startedMs = clockMs();
    const reply = await receive(incoming);
    if (reply === null) return null;
    metrics.answered(reply.about.outcome, (clockMs() - startedMs) / 1000);
    metrics.messageOut(channel);
    return reply;
  };
}

function word(label: string): string {
  return WORD.test(label) ? label : "other";
}

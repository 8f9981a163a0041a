import { setImmediate as breathe } from "node:timers/promises";

/** How many pages may be listening at once. A browser opens six connections to a server: some must stay for questions. */
export type StreamLimits = { perPerson: number; inAll: number };

/** Calls `tick` every `ms` until what it returns is called. */
export type Repeat = (ms: number, tick: () => void) => () => void;

export type StreamEvent = { id: string; event: string; data: string };

export type WebStreamsOptions = {
  /** What waits for a person now. One that a stream has had is not sent to it again. */
  eventsFor: (person: string) => StreamEvent[];
  limits: StreamLimits;
  repeat: Repeat;
  onError: (error: unknown) => void;
};

export type WebStreams = {
  /** A body that stays open and begins with what waits; or there is no room, for this person or for anybody. */
  open(person: string): { body: ReadableStream<Uint8Array> } | { full: "person" | "all" };
  /** Something may be new: looks at open streams only, and lets others have their turn in between. */
  offerToAll(): Promise<void>;
  /** Sends a person's streams a last event and ends them. */
  dismiss(person: string): void;
  /** Ends all of them at once. */
  close(): void;
};

/** The last event of a person who is no longer to listen. */
export const OVER = "event: over\ndata: {}\n\n";

const PEOPLE_AT_ONCE = 50;
/** Proxies cut a connection that is silent for a minute, some for half of one. */
const BEAT_MS = 25_000;
const BEAT = ":\n\n";

type Stream = { had: Set<string>; send: (text: string) => void; end: () => void };

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createWebStreams(options: WebStreamsOptions): WebStreams {
  const { eventsFor, limits, repeat, onError } = options;
  const streamsOf = new Map<string, Set<Stream>>();
  const encoder = new TextEncoder();
  let open = 0;
  let endBeat: (() => void) | null = null;
  let offering = false;
  let offerAgain = false;

  function add(person: string, stream: Stream): void {
    streamsOf.set(person, (streamsOf.get(person) ?? new Set()).add(stream));
    open += 1;
    endBeat ??= repeat(BEAT_MS, () => {
      for (const each of all()) each.send(BEAT);
    });
  }

  function remove(person: string, stream: Stream): void {
    const theirs = streamsOf.get(person);
    if (theirs?.delete(stream) !== true) return;
    open -= 1;
    if (theirs.size === 0) streamsOf.delete(person);
    if (open > 0) return;
    endBeat?.();
    endBeat = null;
  }

  function all(): Stream[] {
    return [...streamsOf.values()].flatMap((streams) => [...streams]);
  }

  function offer(person: string): void {
    const streams = streamsOf.get(person);
    if (streams === undefined) return;
    try {
      for (const { id, event, data } of eventsFor(person)) {
        for (const { had, send } of streams) {
          if (had.has(id)) continue;
          had.add(id);
          send(`event: ${event}\ndata: ${data}\n\n`);
        }
      }
    } catch (error) {
      onError(error);
    }
  }

  return {
    open(person) {
      if (open >= limits.inAll) return { full: "all" };
      if ((streamsOf.get(person)?.size ?? 0) >= limits.perPerson) return { full: "person" };
      let gone = (): void => undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const stream: Stream = {
            had: new Set(),
            send: (text) => {
              controller.enqueue(encoder.encode(text));
            },
            end: () => {
              gone();
              controller.close();
            },
          };
          gone = () => {
            remove(person, stream);
          };
          add(person, stream);
          stream.send(BEAT);
          offer(person);
        },
        cancel: () => {
          gone();
        },
      });
      return { body };
    },
    async offerToAll() {
      offerAgain = true;
      if (offering) return;
      offering = true;
      while (offerAgain) {
        offerAgain = false;
        const people = [...streamsOf.keys()];
        for (const [index, person] of people.entries()) {
          offer(person);
          if (index % PEOPLE_AT_ONCE === PEOPLE_AT_ONCE - 1) await breathe();
        }
      }
      offering = false;
    },
    dismiss(person) {
      for (const stream of streamsOf.get(person) ?? []) {
        stream.send(OVER);
        stream.end();
      }
    },
    close() {
      for (const stream of all()) stream.end();
    },
  };
}

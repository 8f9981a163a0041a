/** Time that stands still while anything happens, and then jumps to the next moment somebody waits for. */
export type VirtualTime = {
  now: () => Date;
  clockMs: () => number;
  wait: (ms: number) => Promise<void>;
  /** Lets things happen until it holds; fails when nothing is waited for any more. */
  until(holds: () => boolean): Promise<void>;
  /** Lets everything happen up to so much later. */
  pass(ms: number): Promise<void>;
  /** Somebody moves the clock on the wall; what is waited for goes on as before. */
  setWallClock(at: Date): void;
};

const TURNS_UNTIL_QUIET = 20;

export function createVirtualTime(start: Date): VirtualTime {
  let ms = 0;
  let wallOffset = start.getTime();
  let timers: { at: number; resolve: () => void }[] = [];

  async function quiet(): Promise<void> {
    for (let turn = 0; turn < TURNS_UNTIL_QUIET; turn++) await new Promise(setImmediate);
  }

  function jump(): boolean {
    const next = timers.reduce((least, { at }) => Math.min(least, at), Infinity);
    if (next === Infinity) return false;
    ms = Math.max(ms, next);
    const due = timers.filter(({ at }) => at <= ms);
    timers = timers.filter(({ at }) => at > ms);
    for (const { resolve } of due) resolve();
    return true;
  }

  return {
    now: () => new Date(wallOffset + ms),
    clockMs: () => ms,
    wait: (after) =>
      new Promise((resolve) => {
        timers.push({ at: ms + after, resolve });
      }),
    async until(holds) {
      for (;;) {
        await quiet();
        if (holds()) return;
        if (!jump()) throw new Error("nobody waits for anything, and it does not hold");
      }
    },
    async pass(after) {
      const end = ms + after;
      for (;;) {
        await quiet();
        if (!timers.some(({ at }) => at <= end)) break;
        jump();
      }
      ms = end;
    },
    setWallClock(at) {
      wallOffset = at.getTime() - ms;
    },
  };
}

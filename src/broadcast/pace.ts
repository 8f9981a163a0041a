/** When the next message may leave for a channel. */
export type Pace = {
  /** Resolves when it may; one caller at a time. */
  turn(): Promise<void>;
  /** The platform took one. */
  taken(): void;
  /** The platform asked the whole channel to wait. */
  hold(seconds: number): void;
  /** Nothing leaves for so long: the platform cannot be reached. */
  rest(ms: number): void;
  isHeld(): boolean;
  /** Messages a second just now. */
  perSecond(): number;
};

export type PaceOptions = {
  /** The most that ever leave in a second. */
  perSecond: number;
  /** Never runs backwards. */
  clockMs: () => number;
  wait: (ms: number) => Promise<void>;
};

const SECOND_MS = 1_000;
/** What a timer that fires late may be made up for: more would be a burst. */
const CATCHES_UP_MS = 10;
/** A run begins gently: just then staff are told of it, and their messages count too. */
const BEGINS_AT = 0.9;
/** After a pause of this length a run begins anew. */
const BEGINS_ANEW_AFTER_MS = 1_000;
/** Of the rate at which the platform said stop. */
const BELOW_CEILING = 0.97;
const GUESSED = 0.95;
const GROWS_EVERY_MS = 5_000;
const GROWTH = 1.1;
const CEILING_RISES_EVERY_MS = 60_000;
const CEILING_RISE = 1.25;

/**
 * An even pace that learns from the platform. Told to wait, it goes on just below the rate that was taken in the second before; then it rises
 * slowly again. When much less than the rate was taken, the rate was not the reason, and it stays.
 */
export function createPace({ perSecond, clockMs, wait }: PaceOptions): Pace {
  let rate = perSecond;
  let ceiling = perSecond / BELOW_CEILING;
  let nextAt = clockMs();
  let heldUntil = nextAt;
  let goingSince = nextAt;
  let rateSince = nextAt;
  let ceilingSince = nextAt;
  let recent: number[] = [];
  let hasGuessed = false;

  function grow(at: number): void {
    if (at - ceilingSince >= CEILING_RISES_EVERY_MS) {
      ceiling = Math.min(ceiling * CEILING_RISE, perSecond / BELOW_CEILING);
      ceilingSince = at;
    }
    if (at - rateSince < GROWS_EVERY_MS) return;
    rate = Math.min(rate * GROWTH, ceiling * BELOW_CEILING, perSecond);
    rateSince = at;
  }

  function slowDown(at: number): void {
    recent = recent.filter((taken) => at - taken < SECOND_MS);
    const going = Math.min(at - goingSince, SECOND_MS);
    if (recent.length === 0 || recent.length < (rate * going) / SECOND_MS / 2) return;
    // Within the first second it is not known yet how many a whole one would have taken. The next time it is believed.
    const isGuess = going < SECOND_MS && !hasGuessed;
    hasGuessed = isGuess;
    ceiling = isGuess ? Math.max(rate * GUESSED, recent.length) : Math.min(recent.length, ceiling);
    rate = Math.max(1, ceiling * BELOW_CEILING);
    rateSince = at;
    ceilingSince = at;
  }

  return {
    async turn() {
      const at = clockMs();
      grow(at);
      if (heldUntil > nextAt) {
        nextAt = heldUntil;
        goingSince = heldUntil;
      }
      if (at - nextAt > BEGINS_ANEW_AFTER_MS) {
        nextAt = at;
        goingSince = at;
      }
      const start = Math.max(nextAt, at - CATCHES_UP_MS);
      const isBeginning = start - goingSince < SECOND_MS;
      nextAt = start + SECOND_MS / (isBeginning ? rate * BEGINS_AT : rate);
      if (start > at) await wait(start - at);
    },
    taken() {
      const at = clockMs();
      recent.push(at);
      if (recent.length > perSecond * 2) recent = recent.filter((taken) => at - taken < SECOND_MS);
    },
    hold(seconds) {
      const at = clockMs();
      // Those that were under way together are told together: once is enough.
      if (heldUntil <= at) slowDown(at);
      heldUntil = Math.max(heldUntil, at + seconds * SECOND_MS);
    },
    rest(ms) {
      heldUntil = Math.max(heldUntil, clockMs() + ms);
    },
    isHeld: () => heldUntil > clockMs(),
    perSecond: () => rate,
  };
}

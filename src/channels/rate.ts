/** How much one key may do: `burst` at once, then `perMinute`. */
export type Rate = { burst: number; perMinute: number };

export type RateLimit = {
  /** Takes one turn. Returns 0 when it is allowed, else how many milliseconds until the next one is. */
  take(key: string): number;
};

const MINUTE_MS = 60_000;

/** Beyond this many keys the one that was quiet longest is forgotten, so that made-up keys cannot fill the memory. */
const MAX_KEYS = 20_000;

/** A token bucket per key, kept as the moment at which it would be full again. */
export function createRateLimit(rate: Rate, now: () => Date): RateLimit {
  const fullAt = new Map<string, number>();
  const turnMs = MINUTE_MS / rate.perMinute;
  const emptyMs = rate.burst * turnMs;
  return {
    take(key) {
      const at = now().getTime();
      // Never beyond empty: a clock that was set back must not lock anybody out.
      const full = Math.min(Math.max(fullAt.get(key) ?? at, at), at + emptyMs);
      const waitMs = Math.max(0, Math.ceil(full + turnMs - at - emptyMs));
      fullAt.delete(key);
      fullAt.set(key, waitMs > 0 ? full : full + turnMs);
      if (fullAt.size > MAX_KEYS) fullAt.delete(fullAt.keys().next().value ?? key);
      return waitMs;
    },
  };
}

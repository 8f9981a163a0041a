/** Chance that comes out the same for the same seed. */
export type Random = {
  /** 0 ≤ … < 1 */
  next(): number;
  /** A whole number, 0 ≤ … < `limit` */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
};

/** mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick<T>(from: readonly T[]): T {
      const picked = from[below(from.length)];
      if (picked === undefined)
        throw new Error("there must be something to pick from, got nothing");
      return picked;
    },
  };
}

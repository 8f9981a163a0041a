/** No letter or digit that is taken for another when it is read out. */
export const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Random letters and digits, good to be read out or copied from a screen. `randomInt(below)`: a number nobody can guess. */
export function spokenCode(length: number, randomInt: (below: number) => number): string {
  const letters = Array.from({ length }, () =>
    CODE_ALPHABET.charAt(randomInt(CODE_ALPHABET.length)),
  );
  return letters.join("");
}

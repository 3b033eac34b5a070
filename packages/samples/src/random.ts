/** A small, seeded source of choices: the same seed makes the same choices on every machine. */
export interface Random {
  /** An integer from `least` to `most`, both possible. */
  int(least: number, most: number): number;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
  digits(count: number): string;
}

export function seededRandom(seed: number): Random {
  const next = uniform(seed);
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    int,
    chance: (percent) => int(1, 100) <= percent,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    digits: (count) => Array.from({ length: count }, () => int(0, 9)).join(''),
  };
}

/** A Weyl sequence through a 32-bit mixer: plenty for samples, and of no use for secrets. */
function uniform(seed: number): () => number {
  let state = Math.imul(seed, 0x85eb_ca6b) | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

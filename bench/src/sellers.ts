import { makeNip, seededRandom } from '@wsad/samples';

/** The same sellers every time. */
export function differentNips(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const nips = new Set<string>();
  while (nips.size < count) nips.add(makeNip(random));
  return [...nips];
}

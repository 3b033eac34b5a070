/** NIP: the Polish tax number, ten digits. */

const NIP_PATTERN = /^[1-9](\d[1-9]|[1-9]\d)\d{7}$/;
const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7] as const;

/** KSeF's own pattern for a NIP, which every environment enforces. */
export function isNip(text: string): boolean {
  return NIP_PATTERN.test(text);
}

/** Check digit: the weighted sum modulo 11 is the tenth digit (and never 10). Enforced by production alone. */
export function hasNipChecksum(nip: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(nip[index]), 0);
  return sum % 11 === Number(nip[9]);
}

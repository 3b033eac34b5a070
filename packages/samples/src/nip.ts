import type { Random } from './random.ts';

const WEIGHTS = [6, 5, 7, 2, 3, 4, 5, 6, 7];

/** A NIP with a right check digit, of nobody in particular. */
export function makeNip(random: Random): string {
  for (;;) {
    const nine = `${random.int(1, 9)}${random.int(1, 9)}${random.int(1, 9)}${random.digits(6)}`;
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(nine[place]), 0);
    if (sum % 11 < 10) return `${nine}${sum % 11}`;
  }
}

/** A number such as KSeF gives: `NIP-YYYYMMDD-FFFFFFFFFFFF-CC`, CC being the CRC-8 of what stands before it. */
export function makeKsefNumber(random: Random, nip: string, date: string): string {
  const middle = Array.from({ length: 12 }, () => random.int(0, 15).toString(16)).join('');
  const numbered = `${nip}-${date.replaceAll('-', '')}-${middle.toUpperCase()}`;
  return `${numbered}-${crc8(numbered).toString(16).padStart(2, '0').toUpperCase()}`;
}

/** CRC-8, polynomial 0x07, initial value 0. */
function crc8(text: string): number {
  let crc = 0;
  for (const character of text) {
    crc ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80 ? (crc << 1) ^ 0x07 : crc << 1) & 0xff;
  }
  return crc;
}

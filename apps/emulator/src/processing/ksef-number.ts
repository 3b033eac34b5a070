import type { RandomBytes } from '../options.ts';
import { crc8 } from './crc8.ts';

/** Gives every accepted invoice its number: `NIP-YYYYMMDD-FFFFFFFFFFFF-CC`, 35 characters. */
export type KsefNumbers = (sellerNip: string, day: string) => string;

const SERIAL_LIMIT = 2 ** 48;

export function createKsefNumbers(randomBytes: RandomBytes): KsefNumbers {
  let serial = randomBytes(6).readUIntBE(0, 6);
  return (sellerNip, day) => {
    serial = (serial + 1) % SERIAL_LIMIT;
    const hex = serial.toString(16).toUpperCase().padStart(12, '0');
    const checked = `${sellerNip}-${day.replaceAll('-', '')}-${hex}`;
    return `${checked}-${crc8(checked).toString(16).toUpperCase().padStart(2, '0')}`;
  };
}

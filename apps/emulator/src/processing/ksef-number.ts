import type { RandomBytes } from '../options.ts';
import { crc8 } from './crc8.ts';

/** Gives every accepted invoice its number: `NIP-YYYYMMDD-FFFFFFFFFFFF-CC`, 35 characters. */
export type KsefNumbers = (sellerNip: string, day: string) => string;

const SERIAL_LIMIT = 2 ** 48;

/** Where the serial numbers of a new emulator begin. */
export function freshSerial(randomBytes: RandomBytes): number {
  return randomBytes(6).readUIntBE(0, 6);
}

export function createKsefNumbers(memory: { ksefSerial: number }): KsefNumbers {
  return (sellerNip, day) => {
    memory.ksefSerial = (memory.ksefSerial + 1) % SERIAL_LIMIT;
    const hex = memory.ksefSerial.toString(16).toUpperCase().padStart(12, '0');
    const checked = `${sellerNip}-${day.replaceAll('-', '')}-${hex}`;
    return `${checked}-${crc8(checked).toString(16).toUpperCase().padStart(2, '0')}`;
  };
}

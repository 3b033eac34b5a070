/** What the doctor was asked for on the command line. */
import { parseArgs } from 'node:util';
import { isNip } from '@wsad/domain';

export interface DoctorOptions {
  /** Null: only what concerns every seller is looked at. */
  readonly nip: string | null;
  readonly json: boolean;
}

/** Throws an Error with one clear line where something is not understood. */
export function readDoctorOptions(args: readonly string[]): DoctorOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { nip: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const nip = values.nip ?? null;
  if (nip !== null && !isNip(nip)) throw new Error('--nip is a NIP: ten digits without dashes');
  return { nip, json: values.json };
}

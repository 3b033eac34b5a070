import { hasNipChecksum, isNip } from '@wsad/domain';
import { fault, shown } from '../faults.ts';
import type { CheckRules, Fault } from '../types.ts';

/** An element that holds a NIP or begins with one (IDWew), and whose it is. */
export interface NipField {
  readonly element: string;
  readonly party: string;
  readonly text: string;
  readonly line: number | null;
}

/** Who issues the invoice must be a NIP, and the one it was handed in for unless that is done on its behalf. */
export function sellerFaults(sender: NipField, rules: CheckRules): Fault[] {
  const { text, line, party } = sender;
  if (!isNip(text)) {
    const found = `${party} has NIP "${shown(text, 20)}".`;
    return [fault('SELLER_NIP_MALFORMED', { found, line, rule: 'KSeF: pattern of a NIP' })];
  }
  if (text === rules.sellerNip || rules.onBehalf) return [];
  const who = party === 'Podmiot1' ? 'seller of the invoice (Podmiot1)' : `buyer (${party}), who issues it,`;
  const message = `The ${who} is ${text}, but it was handed in for ${rules.sellerNip}. Send it for ${text}, or with onBehalf=true.`;
  return [fault('SELLER_MISMATCH', { message, line, rule: `wsad: ${party} is the seller of the call` })];
}

/**
 * Production verifies the check digit of every NIP of Podmiot1, Podmiot2, Podmiot3 and PodmiotUpowazniony, and of the
 * NIP inside Podmiot3's internal identifier. KSeF documentation, "Weryfikacja faktury".
 */
export function checksumFaults(fields: readonly NipField[]): Fault[] {
  return fields.flatMap(({ element, party, text, line }) => {
    const nip = text.slice(0, 10);
    if (!isNip(nip) || hasNipChecksum(nip)) return [];
    const found = `${party} has ${element} ${shown(text, 20)}.`;
    return [fault('NIP_CHECKSUM', { found, line, rule: 'KSeF: check digit of a NIP (production)' })];
  });
}

/**
 * KSeF says 440: this seller, kind and number are registered already. It may be our own earlier success whose answer
 * was lost, so the hash of the registered invoice decides, and where it cannot be had a person does.
 */
import { type InvoiceSettlement, isKsefNumber, KsefFault } from '@wsad/domain';
import { withAccess } from './access.ts';
import type { World } from './ports.ts';
import type { Refused } from './results.ts';

export async function settleDuplicate(
  world: World,
  nip: string,
  refused: Refused,
): Promise<InvoiceSettlement> {
  const { sha256, reference, verdict } = refused;
  const original = verdict.originalKsefNumber;
  const doubtful = {
    sha256,
    reference,
    outcome: { state: 'held', cause: 'duplicate_unknown', verdict },
  } as const;
  if (original === undefined || !isKsefNumber(original)) return doubtful;
  const registered = await registeredHash(world, nip, original);
  if (registered === null) return doubtful;
  if (registered !== sha256) return { sha256, reference, outcome: { state: 'rejected', verdict } };
  const ours = { ksefNumber: original, invoicingMode: null, acquiredAt: null, receiptPage: null };
  return { sha256, reference, outcome: { state: 'cleared', ...ours } };
}

/** Hash of the invoice that holds the number: from our own ledger, else from KSeF; null where neither can tell. */
async function registeredHash(world: World, nip: string, ksefNumber: string): Promise<string | null> {
  const own = await world.ledger.hashOfKsefNumber(ksefNumber);
  if (own !== null) return own;
  try {
    return await withAccess(world, nip, ({ accessToken }) =>
      world.ksef.hashOfInvoice(nip, accessToken, ksefNumber),
    );
  } catch (error) {
    if (error instanceof KsefFault && ['stop', 'hold-permission'].includes(error.treatment)) return null;
    throw error;
  }
}

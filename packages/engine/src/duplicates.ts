/**
 * KSeF says 440: this seller, kind and number are registered already. It may be our own earlier success whose answer
 * was lost, so the bytes that are registered decide. What KSeF names as the original may be missing or wrong: it is
 * looked for in our own ledger; in the UPO of the original session, one call for all its invoices; by its number. Where
 * none of them shows these bytes, nor others under the same number of the seller's, a person decides.
 */
import {
  type FollowedSession,
  type InvoiceSettlement,
  isKsefNumber,
  KsefFault,
  type KsefVerdict,
  LimitReached,
  type UpoEntry,
} from '@wsad/domain';
import { withAccess } from './access.ts';
import { orRefusal } from './outcomes.ts';
import type { World } from './ports.ts';
import { downloadPages, type Refused } from './results.ts';

export interface SettledDuplicates {
  readonly settlements: InvoiceSettlement[];
  /** When to ask again for those that could not be asked after now; null where none is left. */
  readonly askAgainAt: Date | null;
}

/** A fault that passes by itself is waited out so long. */
const PASSING_FAULT_MS = 30_000;

/** A refused invoice, with the number that the seller gave it. */
export type Duplicate = Refused & { readonly invoiceNumber: string };

/** What KSeF told of sessions, by reference. */
type Known = Map<string, readonly UpoEntry[]>;

export async function settleDuplicates(
  world: World,
  session: FollowedSession,
  duplicates: readonly Duplicate[],
): Promise<SettledDuplicates> {
  const settlements: InvoiceSettlement[] = [];
  const known: Known = new Map();
  for (const duplicate of duplicates) {
    try {
      settlements.push(settlementOf(duplicate, await findOriginal(world, session, duplicate, known)));
    } catch (error) {
      return { settlements, askAgainAt: whenToAskAgain(world, error) };
    }
  }
  return { settlements, askAgainAt: null };
}

function whenToAskAgain(world: World, error: unknown): Date {
  if (error instanceof LimitReached) return error.at;
  if (!(error instanceof KsefFault)) throw error;
  return new Date(world.clock().getTime() + (error.fault.retryAfterMs ?? PASSING_FAULT_MS));
}

type Original =
  | { readonly whose: 'ours'; readonly ksefNumber: string }
  | { readonly whose: 'somebody else' }
  | { readonly whose: 'unknown' };

const UNKNOWN: Original = { whose: 'unknown' };

function settlementOf({ sha256, reference, verdict }: Duplicate, original: Original): InvoiceSettlement {
  if (original.whose === 'unknown')
    return { sha256, reference, outcome: { state: 'held', cause: 'duplicate_unknown', verdict } };
  if (original.whose === 'somebody else')
    return { sha256, reference, outcome: { state: 'rejected', verdict } };
  const { ksefNumber } = original;
  const { originalSessionReference } = verdict;
  const cleared = { ksefNumber, invoicingMode: null, acquiredAt: null, receiptPage: null };
  const source = originalSessionReference === undefined ? {} : { originalSessionReference };
  return { sha256, reference, outcome: { state: 'cleared', ...cleared, ...source } };
}

async function findOriginal(
  world: World,
  session: FollowedSession,
  duplicate: Duplicate,
  known: Known,
): Promise<Original> {
  const { sha256, verdict } = duplicate;
  const named = numberNamed(verdict);
  const own = named === null ? null : await world.ledger.hashOfKsefNumber(named);
  if (named !== null && own === sha256) return { whose: 'ours', ksefNumber: named };
  const entries = await entriesIn(world, session, verdict.originalSessionReference, known);
  const same = entries.find((entry) => entry.sha256 === sha256 && isKsefNumber(entry.ksefNumber));
  if (same !== undefined) return { whose: 'ours', ksefNumber: same.ksefNumber };
  // Another invoice of ours has the number that KSeF names, so it names the wrong one.
  if (named === null || own !== null) return UNKNOWN;
  const entry = entries.find(({ ksefNumber }) => ksefNumber === named);
  if (entry !== undefined) return othersIf(entry.invoiceNumber === duplicate.invoiceNumber);
  return await originalByNumber(world, session, duplicate, named);
}

/** Its number must be the same as the duplicate's: else KSeF names an invoice that has nothing to do with it. */
function othersIf(isNamesake: boolean): Original {
  return isNamesake ? { whose: 'somebody else' } : UNKNOWN;
}

function numberNamed({ originalKsefNumber }: KsefVerdict): string | null {
  return originalKsefNumber !== undefined && isKsefNumber(originalKsefNumber) ? originalKsefNumber : null;
}

async function originalByNumber(
  world: World,
  session: FollowedSession,
  { sha256, invoiceNumber }: Duplicate,
  ksefNumber: string,
): Promise<Original> {
  const registered = await orRefusal(
    () =>
      withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
        world.ksef.downloadInvoice(session.nip, accessToken, ksefNumber),
      ),
    { heldToo: false },
  );
  if ('refusal' in registered) return UNKNOWN;
  if (registered.sha256 === sha256) return { whose: 'ours', ksefNumber };
  return othersIf(registered.xml.includes(invoiceNumber));
}

/** What the UPO of a session tells; nothing where it is not ours to see. */
async function entriesIn(
  world: World,
  session: FollowedSession,
  reference: string | undefined,
  known: Known,
): Promise<readonly UpoEntry[]> {
  if (reference === undefined) return [];
  const told = known.get(reference);
  if (told !== undefined) return told;
  const status = await orRefusal(
    () =>
      withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
        world.ksef.sessionStatus(session.nip, accessToken, reference),
      ),
    { heldToo: false },
  );
  const pages = 'refusal' in status ? null : await downloadPages(world, status);
  const entries = (pages ?? []).flatMap((page) => page.entries);
  known.set(reference, entries);
  return entries;
}

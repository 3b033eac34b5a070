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
  judgeSession,
  KsefFault,
  type KsefVerdict,
  LimitReached,
  type SessionStatus,
  type UpoEntry,
} from '@wsad/domain';
import { withAccess } from './access.ts';
import { invoiceNumberIn } from './invoice-number.ts';
import { Busy, orRefusal } from './outcomes.ts';
import type { World } from './ports.ts';
import { downloadPages, everyEntry, type Refused } from './results.ts';

export interface SettledDuplicates {
  readonly settlements: InvoiceSettlement[];
  /** When to ask again for those that could not be asked after now; null where none is left. */
  readonly askAgainAt: Date | null;
}

/** A fault that passes by itself is waited out so long. */
const PASSING_FAULT_MS = 30_000;
const STILL_WORKING_MS = 60_000;

/** A refused invoice, with the number that the seller gave it. */
export type Duplicate = Refused & { readonly invoiceNumber: string };

/** An invoice that KSeF has registered in a session; its list, unlike its UPO, does not tell the number on it. */
type Registered = Pick<UpoEntry, 'sha256' | 'ksefNumber'> & { readonly invoiceNumber: string | null };

/** What KSeF told of sessions, by reference. */
type Known = Map<string, readonly Registered[]>;

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
  if (error instanceof LimitReached || error instanceof Busy) return error.at;
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
  if (entry !== undefined && entry.invoiceNumber !== null)
    return othersIf(entry.invoiceNumber === duplicate.invoiceNumber);
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
  const registered = await asked(world, session, (accessToken) =>
    world.ksef.downloadInvoice(session.nip, accessToken, ksefNumber),
  );
  if ('refusal' in registered) return UNKNOWN;
  if (registered.sha256 === sha256) return { whose: 'ours', ksefNumber };
  return othersIf(invoiceNumberIn(registered.xml.toString('utf8')) === invoiceNumber);
}

/** With the login of the session; a refusal is an answer too, and a login that is held is none. */
async function asked<T>(
  world: World,
  { nip, credentialId }: FollowedSession,
  question: (accessToken: string) => Promise<T>,
): Promise<T | { readonly refusal: string }> {
  const ask = () => withAccess(world, nip, credentialId, ({ accessToken }) => question(accessToken));
  return await orRefusal(ask, { heldToo: false });
}

/** What the UPO of a session tells; nothing where it is not ours to see. */
async function entriesIn(
  world: World,
  session: FollowedSession,
  reference: string | undefined,
  known: Known,
): Promise<readonly Registered[]> {
  if (reference === undefined) return [];
  const told = known.get(reference);
  if (told !== undefined) return told;
  const status = await asked(world, session, (accessToken) =>
    world.ksef.sessionStatus(session.nip, accessToken, reference),
  );
  const entries = 'refusal' in status ? [] : await registeredIn(world, session, reference, status);
  known.set(reference, entries);
  return entries;
}

/** From its UPO; where that cannot be had, from its list. One that is still worked on is asked again later. */
async function registeredIn(
  world: World,
  session: FollowedSession,
  reference: string,
  status: SessionStatus,
): Promise<readonly Registered[]> {
  if (judgeSession(status.code) === 'working') {
    const at = new Date(world.clock().getTime() + STILL_WORKING_MS);
    throw new Busy('KSeF still works on the session of the original', at);
  }
  const pages = (await downloadPages(world, status)) ?? [];
  if (pages.length > 0) return pages.flatMap((page) => page.entries);
  const listed = await orRefusal(() => everyEntry(world, { ...session, reference }, 'all'), {
    heldToo: false,
  });
  if ('refusal' in listed) return [];
  return listed.flatMap(({ sha256, ksefNumber }) =>
    sha256 === null || ksefNumber === null ? [] : [{ sha256, ksefNumber, invoiceNumber: null }],
  );
}

/**
 * KSeF says 440: this seller, kind and number are registered already. It may be our own earlier success whose answer
 * was lost, so the hash of the registered invoice decides, and where it cannot be had a person does. Asked in this
 * order: our own ledger; the original session's UPO, one call for all its invoices; the invoice by its number.
 */
import {
  type FollowedSession,
  type InvoiceSettlement,
  isKsefNumber,
  KsefFault,
  type KsefVerdict,
  LimitReached,
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

export async function settleDuplicates(
  world: World,
  session: FollowedSession,
  duplicates: readonly Refused[],
): Promise<SettledDuplicates> {
  const settlements: InvoiceSettlement[] = [];
  const sessions = new Map<string, ReadonlyMap<string, string>>();
  for (const refused of duplicates) {
    try {
      settlements.push(await settleDuplicate(world, session, refused, sessions));
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

async function settleDuplicate(
  world: World,
  session: FollowedSession,
  refused: Refused,
  sessions: Map<string, ReadonlyMap<string, string>>,
): Promise<InvoiceSettlement> {
  const { sha256, reference, verdict } = refused;
  const { originalKsefNumber, originalSessionReference } = verdict;
  const doubtful = {
    sha256,
    reference,
    outcome: { state: 'held', cause: 'duplicate_unknown', verdict },
  } as const;
  if (originalKsefNumber === undefined || !isKsefNumber(originalKsefNumber)) return doubtful;
  const registered = await registeredHash(world, session, { ...verdict, originalKsefNumber }, sessions);
  if (registered === null) return doubtful;
  if (registered !== sha256) return { sha256, reference, outcome: { state: 'rejected', verdict } };
  const ours = { ksefNumber: originalKsefNumber, invoicingMode: null, acquiredAt: null, receiptPage: null };
  const original = originalSessionReference === undefined ? {} : { originalSessionReference };
  return { sha256, reference, outcome: { state: 'cleared', ...ours, ...original } };
}

/** Hash of the invoice that holds the number; null where nobody can tell. */
async function registeredHash(
  world: World,
  session: FollowedSession,
  verdict: KsefVerdict & { originalKsefNumber: string },
  sessions: Map<string, ReadonlyMap<string, string>>,
): Promise<string | null> {
  const { originalKsefNumber, originalSessionReference } = verdict;
  const own = await world.ledger.hashOfKsefNumber(originalKsefNumber);
  if (own !== null) return own;
  if (originalSessionReference !== undefined) {
    const known =
      sessions.get(originalSessionReference) ?? (await hashesIn(world, session, originalSessionReference));
    sessions.set(originalSessionReference, known);
    const told = known.get(originalKsefNumber);
    if (told !== undefined) return told;
  }
  const hash = await orRefusal(
    () =>
      withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
        world.ksef.hashOfInvoice(session.nip, accessToken, originalKsefNumber),
      ),
    { heldToo: false },
  );
  return typeof hash === 'string' ? hash : null;
}

/** KSeF number to hash, from the UPO of a session; empty where it is not ours to see. */
async function hashesIn(
  world: World,
  session: FollowedSession,
  reference: string,
): Promise<ReadonlyMap<string, string>> {
  const status = await orRefusal(
    () =>
      withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
        world.ksef.sessionStatus(session.nip, accessToken, reference),
      ),
    { heldToo: false },
  );
  const pages = 'refusal' in status ? null : await downloadPages(world, status);
  const entries = (pages ?? []).flatMap((page) => page.entries);
  return new Map(entries.map(({ ksefNumber, sha256 }) => [ksefNumber, sha256]));
}

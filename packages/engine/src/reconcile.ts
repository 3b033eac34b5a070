/**
 * A ledger that was put back from a backup, or begun anew, is behind KSeF. Before anything of a seller is sent, KSeF is
 * asked for the sessions of that time; what they registered is told by their UPO, which is not metered.
 */
import {
  backoffMs,
  judgeFound,
  type Registration,
  type SessionInvoice,
  type SessionKind,
  type SessionStatus,
  tellJobFailure,
} from '@wsad/domain';
import { withAccess, withAccessToSend } from './access.ts';
import { holdSeller, isForbidden, LoginHeld, outcomeOf, wordsOf } from './outcomes.ts';
import { nextPollDelayMs } from './poll-schedule.ts';
import type { DueReconciliation, World } from './ports.ts';
import { acceptedInUpo, downloadPages, everyEntry, SUCCESS } from './results.ts';

const SELLERS_AT_ONCE = 4;
/** So long nobody else goes on with a seller. */
const TURN_MS = 60_000;
const SESSIONS_A_TURN = 20;
/** Of each kind: KSeF allows ten calls for lists a minute. */
const PAGES_A_TURN = 4;
const LISTING_PAUSE_MS = 60_000;
const BACKOFF_MS_MAX = 300_000;
/** A login that waits for a person costs no call to look at. */
const HELD_LOOK_MS = 5_000;
const PERMISSION_LOOK_MS = 600_000;
/** So often is a session looked at before it is believed that nobody may read it. */
const FORBIDDEN_LOOKS = 3;
const FORBIDDEN_LOOK_MS = 60_000;

type Found = Awaited<ReturnType<World['ledger']['foundSessions']>>[number];

/** One turn of each seller that is due; answers how many there were. */
export async function reconcile(world: World): Promise<number> {
  const due = await world.ledger.takeReconciliations(world.clock(), SELLERS_AT_ONCE, TURN_MS);
  await Promise.all(due.map((each) => reconcileSeller(world, each)));
  return due.length;
}

async function reconcileSeller(world: World, due: DueReconciliation): Promise<void> {
  try {
    const listed = await listSessions(world, due);
    for (const found of await world.ledger.foundSessions(due.nip, world.clock(), SESSIONS_A_TURN))
      await readWherePermitted(world, found);
    const lookAt = await world.ledger.nextFoundLookAt(due.nip);
    if (listed && lookAt === null) return await finish(world, due);
    const why = listed
      ? 'KSeF is still working on a session, or does not let it be read'
      : 'KSeF has more sessions than it lists at once';
    const until = listed && lookAt !== null ? lookAt : new Date(world.clock().getTime() + LISTING_PAUSE_MS);
    await world.ledger.putOffReconciliation(due.nip, until, why);
  } catch (error) {
    await putOff(world, due, error);
  }
}

/** False where more are still to be listed. */
async function listSessions(world: World, due: DueReconciliation): Promise<boolean> {
  const batch = await listKind(world, due, 'batch');
  return (await listKind(world, due, 'interactive')) && batch;
}

async function listKind(world: World, due: DueReconciliation, kind: SessionKind): Promise<boolean> {
  const { nip, since: openedFrom, listUntil } = due;
  const openedUntil = listUntil[kind];
  if (openedUntil === null) return true;
  const query = { kind, openedFrom, openedUntil, pagesMax: PAGES_A_TURN };
  const { credentialId, list } = await withAccessToSend(world, nip, async (access) => ({
    credentialId: access.credentialId,
    list: await world.ksef.listSessions(nip, access.accessToken, query),
  }));
  const { sessions, complete } = list;
  const stillUntil = complete ? null : (sessions.at(-1)?.openedAt ?? openedUntil);
  await world.ledger.recordListed(due, credentialId, { kind, sessions, stillUntil }, world.clock());
  return complete;
}

/**
 * KSeF lets nobody read one session (403), however often it is asked: that is written down, and the seller goes on. What
 * it registered is refused as a duplicate when it is sent again, and cleared by its hash or held: never registered twice.
 */
async function readWherePermitted(world: World, found: Found): Promise<void> {
  try {
    await readFound(world, found);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    if (found.looks + 1 < FORBIDDEN_LOOKS) {
      const nextLookAt = new Date(world.clock().getTime() + FORBIDDEN_LOOK_MS);
      return await world.ledger.recordFoundLook(found.reference, null, nextLookAt);
    }
    await world.ledger.recordUnreadable(found, wordsOf(error), world.clock());
    const message = `nobody may read session ${found.reference} of ${found.nip}: ${error.message}`;
    world.emit({ type: 'job.failed', queue: 'reconcile', message });
  }
}

async function readFound(world: World, found: Found): Promise<void> {
  const { ledger, clock } = world;
  const status = await withAccess(world, found.nip, found.credentialId, ({ accessToken }) =>
    world.ksef.sessionStatus(found.nip, accessToken, found.reference),
  );
  switch (judgeFound(countsOf(found, status))) {
    case 'nothing':
      await ledger.recordRegistrations(found, status.code, [], clock());
      return;
    case 'wait': {
      const nextLookAt = new Date(clock().getTime() + nextPollDelayMs(found.looks));
      return await ledger.recordFoundLook(found.reference, status.code, nextLookAt);
    }
    case 'read':
      await ledger.recordRegistrations(found, status.code, await registered(world, found, status), clock());
  }
}

/** Counts that KSeF does not tell say nothing: then its list is read. */
function countsOf({ kind }: Found, status: SessionStatus) {
  const { code: statusCode, invoiceCount, successfulInvoiceCount, failedInvoiceCount } = status;
  return {
    ...{ kind, statusCode, invoiceCount: invoiceCount ?? 1 },
    successfulInvoiceCount: successfulInvoiceCount ?? 1,
    failedInvoiceCount: failedInvoiceCount ?? 0,
  };
}

/** By the UPO where it tells of every success, else by the metered list. */
async function registered(world: World, found: Found, status: SessionStatus): Promise<Registration[]> {
  const pages = (await downloadPages(world, status)) ?? [];
  const inUpo = pages.flatMap(({ page, entries }) => entries.map((entry) => acceptedInUpo(entry, page)));
  if (inUpo.length > 0 && inUpo.length === status.successfulInvoiceCount) return inUpo;
  return (await everyEntry(world, found, 'all')).flatMap(asRegistration);
}

/** One that does not name its bytes proves nothing of any. */
function asRegistration({ sha256, ksefNumber, verdict, ...told }: SessionInvoice): Registration[] {
  if (verdict.code !== SUCCESS || sha256 === null || ksefNumber === null) return [];
  const { invoicingMode, acquiredAt } = told;
  return [{ sha256, ksefNumber, invoicingMode, acquiredAt, receiptPage: null }];
}

async function finish(world: World, due: DueReconciliation): Promise<void> {
  const finished = await world.ledger.finishReconciliation(due, world.clock());
  if (finished === null) return;
  const { lanes, ...counts } = finished;
  world.emit({ type: 'seller.reconciled', nip: due.nip, ...counts });
  await Promise.all(lanes.map((lane) => world.doorbell.dispatch(lane)));
}

/** Its invoices are held where a person must act on the login, as they are when it is found out in sending. */
async function putOff(world: World, { nip, tries }: DueReconciliation, error: unknown): Promise<void> {
  const now = world.clock();
  const why = error instanceof Error ? error.message : String(error);
  const after = (ms: number) => world.ledger.putOffReconciliation(nip, new Date(now.getTime() + ms), why);
  if (error instanceof LoginHeld) {
    await holdSeller(world, nip, error);
    return await after(HELD_LOOK_MS);
  }
  if (isForbidden(error)) {
    await holdSeller(world, nip, new LoginHeld('permission_missing', why), { byCall: true });
    return await after(PERMISSION_LOOK_MS);
  }
  const outcome = outcomeOf(error, now);
  if (outcome.kind === 'snooze') return await world.ledger.putOffReconciliation(nip, outcome.until, why);
  tellJobFailure(world.emit, 'reconcile', error);
  await after(backoffMs(tries, BACKOFF_MS_MAX));
}

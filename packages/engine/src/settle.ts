/** Stop 8: KSeF's verdicts become the invoices' ends, all of a session in one transaction. */
import {
  done,
  type FollowedSession,
  type InvoiceSettlement,
  isKsefNumber,
  judgeInvoice,
  type KsefVerdict,
  NO_SUCH_SESSION,
  type Outcome,
  type SessionMember,
  type SessionStatus,
  snooze,
} from '@wsad/domain';
import { type Duplicate, settleDuplicates } from './duplicates.ts';
import { breathe, largeInTurnAnyway } from './large-work.ts';
import type { World } from './ports.ts';
import {
  type Accepted,
  downloadPages,
  fromFullList,
  pagesAbout,
  type Refused,
  type Results,
  readResults,
} from './results.ts';

/** So long is waited for a UPO before KSeF's list alone decides; the UPO is fetched when it comes. */
const UPO_PATIENCE_MS = 30_000;
const RECEIPT_LOOK_MS = 60_000;
/** In a session that has ended, an invoice that is still being worked on is waited for so long. */
const STRAGGLER_PATIENCE_MS = 600_000;
const UNKNOWN_TO_KSEF = {
  code: 0,
  description: 'KSeF does not have this invoice in the session',
  details: [],
};

/** Every invoice has its verdict (200, 445). Also run again for a session that only lacks its UPO. */
export async function settleJudged(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  lookLater: () => Promise<Outcome>,
): Promise<Outcome> {
  const [members, downloaded] = await Promise.all([membersOf(world, session), downloadPages(world, status)]);
  await breathe(world, session);
  const pages = pagesAbout(session, members, downloaded);
  await breathe(world, session);
  if (pages === null && (session.receiptsDue || judgedFor(world, session) < UPO_PATIENCE_MS))
    return await lookLater();
  const results = await readResults(world, session, status, pages ?? [], members);
  if (isWorking(results) && judgedFor(world, session) < STRAGGLER_PATIENCE_MS) return await lookLater();
  // Where KSeF counts nothing, only its list tells whether there is anything to have a UPO of.
  const none = status.successfulInvoiceCount === null && results.accepted.length === 0;
  const receiptsDueAt = pages === null && !none ? new Date(world.clock().getTime() + RECEIPT_LOOK_MS) : null;
  await breathe(world, session);
  const unknown = unknownAmong(members, results);
  await breathe(world, session);
  if (leavesOut(status, results, unknown) && judgedFor(world, session) < STRAGGLER_PATIENCE_MS)
    return await lookLater();
  const askAgainAt = await settle(world, session, results, members, unknown, receiptsDueAt);
  return await afterSettling(world, session, status, askAgainAt, receiptsDueAt);
}

/**
 * KSeF failed the session as a whole: its list comes first, and what was registered or judged there all the same is
 * settled by it. Only what has no verdict of its own is left to go again.
 */
export async function settleFailed(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  lookLater: () => Promise<Outcome>,
): Promise<Outcome> {
  const members = await membersOf(world, session);
  const listed = await fromFullList(world, session, members);
  const results: Results = { receipts: [], ...listed };
  if (isWorking(results) && judgedFor(world, session) < STRAGGLER_PATIENCE_MS) return await lookLater();
  const refused = listed.refused.filter(({ verdict }) => judgeInvoice(verdict.code).kind !== 'again');
  const askAgainAt = await settle(world, session, { ...results, refused }, members, [], null);
  if (askAgainAt !== null) return await afterSettling(world, session, status, askAgainAt, null);
  const { code, description, details } = status;
  await inTurn(world, session, () =>
    world.ledger.failSession(session.id, { code, description, details }, world.clock()),
  );
  world.emit({ type: 'session.failed', nip: session.nip, sessionId: session.id, code, description });
  return done;
}

/** KSeF has long said that it knows no such session. Nobody can tell what became of it but a person. */
export async function holdUnknownSession(world: World, session: FollowedSession): Promise<Outcome> {
  const description = 'KSeF says that it does not know the session in which this invoice was sent';
  const verdict = { code: NO_SUCH_SESSION, description, details: [] };
  const members = await membersOf(world, session);
  const held = members.map(({ sha256 }): InvoiceSettlement => holding(sha256, null, verdict));
  await inTurn(world, session, () => world.ledger.settleSession(session.id, held, [], world.clock()));
  const { nip, id: sessionId } = session;
  world.emit({ type: 'session.failed', nip, sessionId, code: NO_SUCH_SESSION, description });
  return done;
}

async function afterSettling(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  askAgainAt: Date | null,
  receiptsDueAt: Date | null,
): Promise<Outcome> {
  const at = askAgainAt ?? receiptsDueAt;
  if (at === null) return done;
  await world.ledger.recordPoll(session.id, world.clock(), status.code, at);
  return snooze(
    at,
    askAgainAt === null ? 'its UPO is still to come' : 'a duplicate is still to be asked after',
  );
}

/** How long ago KSeF was first seen to have judged the session, or to have failed it. */
function judgedFor(world: World, session: FollowedSession): number {
  return session.judgedAt === null ? 0 : world.clock().getTime() - session.judgedAt.getTime();
}

function isWorking({ refused }: Results): boolean {
  return refused.some(({ verdict }) => isOpenVerdict(verdict));
}

/** Also a success that has no number yet. */
function isOpenVerdict({ code }: KsefVerdict): boolean {
  return ['working', 'cleared'].includes(judgeInvoice(code).kind);
}

/** KSeF has judged more invoices than its list tells: what is missing there may be registered. */
function leavesOut(
  { successfulInvoiceCount, failedInvoiceCount }: SessionStatus,
  { accepted, refused }: Results,
  unknown: readonly SessionMember[],
): boolean {
  const judged = (successfulInvoiceCount ?? 0) + (failedInvoiceCount ?? 0);
  return unknown.length > 0 && accepted.length + refused.length < judged;
}

function unknownAmong(members: readonly SessionMember[], results: Results): SessionMember[] {
  const known = new Set([...results.accepted, ...results.refused].map(({ sha256 }) => sha256));
  return members.filter(({ sha256 }) => !known.has(sha256));
}

/** Writes down what is certain; answers when to ask again about duplicates that nobody could be asked about now. */
async function settle(
  world: World,
  session: FollowedSession,
  results: Results,
  members: readonly SessionMember[],
  unknown: readonly SessionMember[],
  receiptsDueAt: Date | null,
): Promise<Date | null> {
  const refused = refusedAlone(results);
  const others = refused.filter(({ verdict }) => !isDuplicate(verdict));
  const told = await settleDuplicates(world, session, duplicatesAmong(members, refused));
  await breathe(world, session);
  const settlements = [
    ...results.accepted.map(settlementOfAccepted),
    ...others.map(settlementOfRefused),
    ...unknown.map(({ sha256 }) => again(sha256, null, UNKNOWN_TO_KSEF)),
    ...told.settlements,
  ];
  const { at, markedOffline, ...counts } = await inTurn(world, session, async () => {
    const at = world.clock();
    const settled = world.ledger.settleSession(session.id, settlements, results.receipts, at, receiptsDueAt);
    return { at, ...(await settled) };
  });
  const durationMs = session.closedAt === null ? 0 : at.getTime() - session.closedAt.getTime();
  world.emit({ type: 'session.settled', nip: session.nip, sessionId: session.id, ...counts, durationMs });
  if (markedOffline > 0) {
    const { nip, id: sessionId } = session;
    world.emit({ type: 'invoice.markedOffline', nip, sessionId, count: markedOffline });
  }
  return told.askAgainAt;
}

async function membersOf(world: World, session: FollowedSession): Promise<SessionMember[]> {
  return await inTurn(world, session, () => world.ledger.members(session.id));
}

/** What the ledger has to do for all of a session; KSeF is asked before or after. */
async function inTurn<T>(
  world: World,
  { invoiceCount }: FollowedSession,
  work: () => Promise<T>,
): Promise<T> {
  return await largeInTurnAnyway(world, 'settling', invoiceCount, work);
}

/** An invoice that KSeF registered stays so, whatever else its list tells of it. */
function refusedAlone({ accepted, refused }: Results): Refused[] {
  if (refused.length === 0) return [];
  const registered = new Set(accepted.map(({ sha256 }) => sha256));
  return refused.filter(({ sha256 }) => !registered.has(sha256));
}

function duplicatesAmong(members: readonly SessionMember[], refused: readonly Refused[]): Duplicate[] {
  if (refused.length === 0) return [];
  // What has been asked after costs no second call, so that the budget of an hour reaches the last of many.
  const asked = members.filter(({ elsewhere }) => elsewhere !== true);
  const numbers = new Map(asked.map(({ sha256, invoiceNumber }) => [sha256, invoiceNumber]));
  return refused.flatMap((each) => {
    const invoiceNumber = numbers.get(each.sha256);
    return invoiceNumber === undefined || !isDuplicate(each.verdict) ? [] : [{ ...each, invoiceNumber }];
  });
}

function isDuplicate({ code }: KsefVerdict): boolean {
  return judgeInvoice(code).kind === 'duplicate';
}

/** A number whose check digits are wrong was not given by KSeF: a person must look before it is believed. */
function settlementOfAccepted(accepted: Accepted): InvoiceSettlement {
  const { sha256, reference, ksefNumber, invoicingMode, acquiredAt, receiptPage } = accepted;
  if (!isKsefNumber(ksefNumber)) {
    const description = `KSeF gave the number ${ksefNumber}, whose check digits are wrong`;
    return holding(sha256, reference, { code: 200, description, details: [] });
  }
  return {
    sha256,
    reference,
    outcome: { state: 'cleared', ksefNumber, invoicingMode, acquiredAt, receiptPage },
  };
}

function settlementOfRefused({ sha256, reference, verdict }: Refused): InvoiceSettlement {
  const judged = judgeInvoice(verdict.code);
  if (judged.kind === 'held')
    return { sha256, reference, outcome: { state: 'held', cause: judged.cause, verdict } };
  if (judged.kind === 'rejected') return { sha256, reference, outcome: { state: 'rejected', verdict } };
  // Without a number after all the patience: it may be registered, so it must not go again by itself.
  if (judged.kind === 'cleared' || judged.kind === 'working') return holding(sha256, reference, verdict);
  return again(sha256, reference, verdict);
}

function holding(sha256: string, reference: string | null, verdict: KsefVerdict): InvoiceSettlement {
  return { sha256, reference, outcome: { state: 'held', cause: 'session_failed', verdict } };
}

function again(sha256: string, reference: string | null, verdict: KsefVerdict): InvoiceSettlement {
  return { sha256, reference, outcome: { state: 'again', verdict } };
}

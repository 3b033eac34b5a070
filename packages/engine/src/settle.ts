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
import { settleDuplicates } from './duplicates.ts';
import type { World } from './ports.ts';
import {
  type Accepted,
  downloadPages,
  fromFullList,
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
  const pages = await downloadPages(world, status);
  if (pages === null && (session.receiptsDue || judgedFor(world, session) < UPO_PATIENCE_MS))
    return await lookLater();
  const members = await world.ledger.members(session.id);
  const results = await readResults(world, session, status, pages ?? [], members);
  if (isWorking(results) && judgedFor(world, session) < STRAGGLER_PATIENCE_MS) return await lookLater();
  const receiptsDueAt = pages === null ? new Date(world.clock().getTime() + RECEIPT_LOOK_MS) : null;
  const askAgainAt = await settle(world, session, results, unknownAmong(members, results), receiptsDueAt);
  return await afterSettling(world, session, status, askAgainAt, receiptsDueAt);
}

/** KSeF failed the session as a whole: what it judged all the same is settled first, the rest goes again. */
export async function settleFailed(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  lookLater: () => Promise<Outcome>,
): Promise<Outcome> {
  const listed = await fromFullList(world, session, await world.ledger.members(session.id));
  const results: Results = { receipts: [], ...listed };
  if (isWorking(results) && failedFor(world, session) < STRAGGLER_PATIENCE_MS) return await lookLater();
  const refused = listed.refused.filter(({ verdict }) => !isOpenVerdict(verdict));
  const askAgainAt = await settle(world, session, { ...results, refused }, [], null);
  if (askAgainAt !== null) return await afterSettling(world, session, status, askAgainAt, null);
  const { code, description, details } = status;
  await world.ledger.failSession(session.id, { code, description, details }, world.clock());
  world.emit({ type: 'session.failed', nip: session.nip, sessionId: session.id, code, description });
  return done;
}

/** KSeF has long said that it knows no such session. Nobody can tell what became of it but a person. */
export async function holdUnknownSession(world: World, session: FollowedSession): Promise<Outcome> {
  const description = 'KSeF says that it does not know the session in which this invoice was sent';
  const verdict = { code: NO_SUCH_SESSION, description, details: [] };
  const members = await world.ledger.members(session.id);
  const held = members.map(({ sha256 }): InvoiceSettlement => holding(sha256, null, verdict));
  await world.ledger.settleSession(session.id, held, [], world.clock());
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

/** How long ago KSeF was first seen to have judged the session. */
function judgedFor(world: World, session: FollowedSession): number {
  return session.judgedAt === null ? 0 : world.clock().getTime() - session.judgedAt.getTime();
}

function failedFor(world: World, session: FollowedSession): number {
  return session.closedAt === null
    ? STRAGGLER_PATIENCE_MS
    : world.clock().getTime() - session.closedAt.getTime();
}

function isWorking({ refused }: Results): boolean {
  return refused.some(({ verdict }) => isOpenVerdict(verdict));
}

/** Also a success that has no number yet. */
function isOpenVerdict({ code }: KsefVerdict): boolean {
  return ['working', 'cleared'].includes(judgeInvoice(code).kind);
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
  unknown: readonly SessionMember[],
  receiptsDueAt: Date | null,
): Promise<Date | null> {
  const duplicates = results.refused.filter(({ verdict }) => judgeInvoice(verdict.code).kind === 'duplicate');
  const others = results.refused.filter(({ verdict }) => judgeInvoice(verdict.code).kind !== 'duplicate');
  const told = await settleDuplicates(world, session, duplicates);
  const settlements = [
    ...results.accepted.map(settlementOfAccepted),
    ...others.map(settlementOfRefused),
    ...unknown.map(({ sha256 }) => again(sha256, null, UNKNOWN_TO_KSEF)),
    ...told.settlements,
  ];
  const at = world.clock();
  const { markedOffline, ...counts } = await world.ledger.settleSession(
    session.id,
    settlements,
    results.receipts,
    at,
    receiptsDueAt,
  );
  const durationMs = session.closedAt === null ? 0 : at.getTime() - session.closedAt.getTime();
  world.emit({ type: 'session.settled', nip: session.nip, sessionId: session.id, ...counts, durationMs });
  if (markedOffline > 0) {
    const { nip, id: sessionId } = session;
    world.emit({ type: 'invoice.markedOffline', nip, sessionId, count: markedOffline });
  }
  return told.askAgainAt;
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

/** Stop 8: KSeF's verdicts become the invoices' ends, all of a session in one transaction. */
import {
  done,
  type FollowedSession,
  type InvoiceSettlement,
  judgeInvoice,
  LimitReached,
  type Outcome,
  type SessionMember,
  snooze,
} from '@wsad/domain';
import { settleDuplicate } from './duplicates.ts';
import type { SessionStatus, World } from './ports.ts';
import {
  type Accepted,
  downloadPages,
  fromFullList,
  type Refused,
  type Results,
  readResults,
} from './results.ts';

/** So long is waited for a UPO that KSeF has not made yet, counted in looks (about half a minute); then the list must do. */
const LOOKS_FOR_UPO_MAX = 14;
const UNKNOWN_TO_KSEF = {
  code: 0,
  description: 'KSeF does not have this invoice in the session',
  details: [],
};

/** Every invoice has its verdict (200, 445). */
export async function settleJudged(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
  lookLater: () => Promise<Outcome>,
): Promise<Outcome> {
  const pages = await downloadPages(world, status);
  if (pages === null && session.polls < LOOKS_FOR_UPO_MAX) return await lookLater();
  const members = await world.ledger.members(session.id);
  const results = await readResults(world, session, status, pages ?? [], members);
  if (results.refused.some(({ verdict }) => judgeInvoice(verdict.code).kind === 'working'))
    return await lookLater();
  const known = new Set([...results.accepted, ...results.refused].map(({ sha256 }) => sha256));
  const missing = members.filter(({ sha256 }) => !known.has(sha256));
  const { settlements, doubtfulUntil } = await settlementsOf(world, session, results, missing);
  await settle(world, session, settlements, results);
  return doubtfulUntil === null ? done : snooze(doubtfulUntil, 'a duplicate is still to be asked after');
}

/** KSeF failed the session as a whole: what it judged all the same is settled first, the rest goes again. */
export async function settleFailed(
  world: World,
  session: FollowedSession,
  status: SessionStatus,
): Promise<Outcome> {
  const listed = await fromFullList(world, session);
  const judged = listed.refused.filter(({ verdict }) => judgeInvoice(verdict.code).kind !== 'working');
  const results: Results = { receipts: [], accepted: listed.accepted, refused: judged };
  const { settlements, doubtfulUntil } = await settlementsOf(world, session, results, []);
  await settle(world, session, settlements, results);
  if (doubtfulUntil !== null) return snooze(doubtfulUntil, 'a duplicate is still to be asked after');
  const { code, description, details } = status;
  await world.ledger.failSession(session.id, { code, description, details }, world.clock());
  world.emit({ type: 'session.failed', nip: session.nip, sessionId: session.id, code, description });
  return done;
}

async function settlementsOf(
  world: World,
  session: FollowedSession,
  results: Results,
  missing: readonly SessionMember[],
): Promise<{ settlements: InvoiceSettlement[]; doubtfulUntil: Date | null }> {
  const settlements = [...results.accepted.map(clearedOf), ...missing.map(unknownOf)];
  let doubtfulUntil: Date | null = null;
  for (const refused of results.refused) {
    try {
      settlements.push(await settlementOfRefused(world, session, refused));
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      doubtfulUntil = error.at;
    }
  }
  return { settlements, doubtfulUntil };
}

async function settlementOfRefused(
  world: World,
  session: FollowedSession,
  refused: Refused,
): Promise<InvoiceSettlement> {
  const { sha256, reference, verdict } = refused;
  const judged = judgeInvoice(verdict.code);
  switch (judged.kind) {
    case 'duplicate':
      return await settleDuplicate(world, session.nip, refused);
    case 'held':
      return { sha256, reference, outcome: { state: 'held', cause: judged.cause, verdict } };
    case 'rejected':
      return { sha256, reference, outcome: { state: 'rejected', verdict } };
    default:
      return { sha256, reference, outcome: { state: 'again', verdict } };
  }
}

function clearedOf(accepted: Accepted): InvoiceSettlement {
  const { sha256, reference, ksefNumber, invoicingMode, acquiredAt, receiptPage } = accepted;
  return {
    sha256,
    reference,
    outcome: { state: 'cleared', ksefNumber, invoicingMode, acquiredAt, receiptPage },
  };
}

function unknownOf(member: SessionMember): InvoiceSettlement {
  return { sha256: member.sha256, reference: null, outcome: { state: 'again', verdict: UNKNOWN_TO_KSEF } };
}

async function settle(
  world: World,
  session: FollowedSession,
  settlements: readonly InvoiceSettlement[],
  results: Results,
): Promise<void> {
  const at = world.clock();
  const counts = await world.ledger.settleSession(session.id, settlements, results.receipts, at);
  const durationMs = session.closedAt === null ? 0 : at.getTime() - session.closedAt.getTime();
  world.emit({ type: 'session.settled', nip: session.nip, sessionId: session.id, ...counts, durationMs });
}

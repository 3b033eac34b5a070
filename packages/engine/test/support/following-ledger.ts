import { type InvoiceSettlement, judgeSession, SENDER_SESSION_STATES } from '@wsad/domain';
import type { FollowingLedger, ReconcilingLedger, RescueLedger, WatchLedger } from '../../src/index.ts';
import { again, hold } from './sending-ledger.ts';
import {
  bound,
  LANE,
  type LedgerState,
  type ModelInvoice,
  type ModelSession,
  moveInvoice,
  moveSession,
  NIP,
  sessionOf,
} from './state.ts';

export function following(state: LedgerState): FollowingLedger {
  return {
    async followedSession(id) {
      const session = sessionOf(state, id);
      const { kind, opened, members, closedAt, polls, pollFailures, unknownLooks, judgedAt, receiptsDue } =
        session;
      if (!isFollowed(session) || opened === null) return null;
      const { reference, credentialId } = opened;
      const counts = { invoiceCount: members.length, polls, pollFailures, unknownLooks };
      const times = { closedAt, judgedAt, receiptsDue };
      const known = { id, nip: NIP, kind, mode: 'online', state: session.state } as const;
      return { ...known, reference, credentialId, foundAtKsef: false, origins: [], ...counts, ...times };
    },
    async recordPoll(id, at, statusCode, nextPollAt, { unknown = false } = {}) {
      const session = sessionOf(state, id);
      if (!isFollowed(session)) return;
      session.nextPollAt = nextPollAt;
      session.polls += statusCode === null ? 0 : 1;
      session.unknownLooks = unknown ? session.unknownLooks + 1 : 0;
      session.pollFailures = statusCode === null ? session.pollFailures + 1 : 0;
      if (statusCode !== null && ['judged', 'failed'].includes(judgeSession(statusCode)))
        session.judgedAt ??= at;
    },
    async postponePoll(id, nextPollAt) {
      const session = sessionOf(state, id);
      if (isFollowed(session)) session.nextPollAt = nextPollAt;
    },
    async recordShutOut(id, why) {
      sessionOf(state, id).why = why;
    },
    async settleSession(id, settlements, receipts, at, receiptsDueAt = null) {
      const session = sessionOf(state, id);
      const counts = { cleared: 0, rejected: 0, held: 0, again: 0, markedOffline: 0 };
      session.receipts = [...session.receipts, ...receipts];
      for (const settlement of settlements) {
        const member = session.members.find(({ invoice }) => invoice.sha256 === settlement.sha256);
        if (member !== undefined) settleOne(session, member.invoice, settlement, counts, at);
      }
      endWhereDone(session, receiptsDueAt);
      return counts;
    },
    async failSession(id, verdict, at) {
      const session = sessionOf(state, id);
      if (session.state === 'abandoned') return moveSession(session, 'settled');
      if (session.state !== 'closed') return;
      for (const invoice of bound(session)) again(invoice, verdict, at);
      moveSession(session, 'failed');
    },
    async hashOfKsefNumber(ksefNumber) {
      return [...state.invoices.values()].find((each) => each.ksefNumber === ksefNumber)?.sha256 ?? null;
    },
    async receiptSource() {
      return null;
    },
    async saveInvoiceReceipt() {},
    async refuseInvoiceReceipt() {},
    async confirmationSource() {
      return null;
    },
    async saveConfirmation() {},
  };
}

function isFollowed({ state, receiptsDue }: ModelSession): boolean {
  return state === 'closed' || state === 'abandoned' || receiptsDue;
}

function settleOne(
  session: ModelSession,
  invoice: ModelInvoice,
  { outcome }: InvoiceSettlement,
  counts: { cleared: number; rejected: number; held: number; again: number },
  at: Date,
): void {
  if (['cleared', 'rejected', 'withdrawn'].includes(invoice.state)) return;
  const inSession = session.state === 'closed' && bound(session).includes(invoice);
  if (outcome.state !== 'cleared' && !inSession) return;
  counts[outcome.state] += 1;
  if (outcome.state === 'again') again(invoice, outcome.verdict, at);
  else if (outcome.state === 'held') hold(invoice, outcome.cause);
  else moveInvoice(invoice, outcome.state);
  if (outcome.state === 'cleared') {
    invoice.ksefNumber = outcome.ksefNumber;
    invoice.receiptPage = outcome.receiptPage;
    invoice.holdCause = null;
  } else invoice.verdict = outcome.verdict;
}

function endWhereDone(session: ModelSession, receiptsDueAt: Date | null): void {
  const ends = session.state === 'abandoned' || (session.state === 'closed' && bound(session).length === 0);
  if (ends) moveSession(session, 'settled');
  if (session.state !== 'settled') return;
  session.receiptsDue = receiptsDueAt !== null;
  session.nextPollAt = receiptsDueAt;
}

export function rescuing(state: LedgerState): RescueLedger {
  return {
    async lanesDue(now) {
      const due = [...state.invoices.values()].some(
        (each) => each.state === 'accepted' && each.notBefore <= now,
      );
      return due ? [LANE] : [];
    },
    async lanesAwaitingConsent() {
      return [];
    },
    async sessionsToSend(now) {
      const free = (until: Date | null) => until === null || until <= now;
      return [...state.sessions.values()]
        .filter((session) => SENDER_SESSION_STATES.includes(session.state))
        .filter(({ leaseUntil, sendAfter }) => free(leaseUntil) && free(sendAfter))
        .map(({ id }) => id);
    },
    async sessionsToFollow(now) {
      return [...state.sessions.values()]
        .filter((session) => isFollowed(session))
        .filter(({ nextPollAt }) => nextPollAt !== null && nextPollAt <= now)
        .map(({ id }) => id);
    },
    async certificatesRunningOut() {
      return [];
    },
    async tidy() {},
  };
}

/** Nothing to watch, until a test says so. */
export function watching(): WatchLedger {
  return {
    takeTurn: async () => true,
    putOffTurn: async () => {},
    probeIsDue: async () => false,
    warnOfDeadlines: async () => [],
    recordLatarnia: async () => {},
    recordLatarniaFailure: async () => 1,
  };
}

/** This ledger knows everything that KSeF got. */
export function reconciling(): ReconcilingLedger {
  return {
    takeReconciliations: async () => [],
    recordListed: async () => {},
    foundSessions: async () => [],
    recordFoundLook: async () => {},
    recordRegistrations: async () => 0,
    recordUnreadable: async () => {},
    nextFoundLookAt: async () => null,
    putOffReconciliation: async () => {},
    finishReconciliation: async () => ({ sessions: 0, registrations: 0, cleared: 0, lanes: [] }),
  };
}

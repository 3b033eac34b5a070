/** Stop 7: asks KSeF about one session until it is done, then settles what it holds. */
import {
  backoffMs,
  done,
  type FollowedSession,
  judgeSession,
  KsefFault,
  LimitReached,
  NO_SUCH_SESSION,
  type Outcome,
  type SessionStatus,
  snooze,
  tellJobFailure,
} from '@wsad/domain';
import { withAccess } from './access.ts';
import { largeSettlement, smallFirst } from './large-work.ts';
import { knowledgeOf, rememberJudged } from './look-memory.ts';
import { holdSeller, LoginHeld, outcomeOf, shutOutBy } from './outcomes.ts';
import {
  nextLookDelayMs,
  nextPollDelayMs,
  nextReceiptLookMs,
  SHUT_OUT_LOOK_MS,
  steadyLookDelayMs,
} from './poll-schedule.ts';
import type { World } from './ports.ts';
import { holdUnknownSession, settleFailed, settleJudged } from './settle.ts';

const BACKOFF_MS_MAX = 300_000;
/** An abandoned session ends by itself after hours: it is asked after seldom. */
const ABANDONED_LOOK_MS = 600_000;
/** A session whose closing KSeF answered well, and that is open all the same, is closed again at every tenth look. */
const LOOKS_PER_CLOSE = 10;
/** KSeF says so often in a row, over more than an hour, that there is no such session before that is believed. */
const UNKNOWN_LOOKS_MIN = 20;

export async function followSession(world: World, sessionId: string): Promise<Outcome> {
  const session = await world.ledger.followedSession(sessionId);
  if (session === null) return done;
  const { nip, origins, kind, reference } = session;
  const work = {
    name: 'session.follow',
    of: { nip, sessionId, origins },
    facts: { kind, reference, attempt: session.polls + session.pollFailures + 1 },
  } as const;
  const followed = () => world.observe(work, () => follow(world, session));
  return await smallFirst(world, session.invoiceCount, followed, sessionId);
}

async function follow(world: World, session: FollowedSession): Promise<Outcome> {
  const early = firstLookAt(world, session);
  if (early !== null && early > world.clock() && !closedAhead(world, session))
    return await lookAgain(world, session, null, early);
  try {
    return await look(world, session);
  } catch (error) {
    return await unanswered(world, session, error);
  }
}

async function look(world: World, session: FollowedSession): Promise<Outcome> {
  const status = await world.observe({ name: 'session.look' }, async (tell) => {
    const answer = await withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
      world.ksef.sessionStatus(session.nip, accessToken, session.reference),
    );
    tell({ code: answer.code });
    return answer;
  });
  const lookLater = () => lookAgain(world, session, status, nextLookAt(world, session, status));
  const settled = async (settle: typeof settleJudged): Promise<Outcome> => {
    const settlement = await largeSettlement(world, session.invoiceCount, () =>
      world.observe({ name: 'session.settle' }, () => settle(world, session, status, lookLater)),
    );
    return settlement ?? (await lookLater());
  };
  switch (judgeSession(status.code)) {
    case 'open':
      return await stillOpen(world, session, lookLater);
    case 'working':
      return await lookLater();
    case 'judged':
      rememberJudged(world, session);
      return await settled(settleJudged);
    case 'failed':
      return await settled(settleFailed);
  }
}

/** No answer can be there before this: asking sooner would only spend a call. */
function firstLookAt(world: World, session: FollowedSession): Date | null {
  if (session.polls > 0 || session.pollFailures > 0 || session.closedAt === null) return null;
  const nothing = { workedMs: 0, judged: 0, total: 0 };
  return new Date(session.closedAt.getTime() + nextLookDelayMs(knowledgeOf(world, session), nothing));
}

/** By a clock that was put back since. */
function closedAhead(world: World, { closedAt }: FollowedSession): boolean {
  return closedAt !== null && closedAt > world.clock();
}

function nextLookAt(world: World, session: FollowedSession, status: SessionStatus): Date {
  const now = world.clock();
  return new Date(now.getTime() + lookDelayMs(world, now, session, status));
}

function lookDelayMs(world: World, now: Date, session: FollowedSession, status: SessionStatus): number {
  const { state, polls, receiptsDue, judgedAt, closedAt } = session;
  const sinceMs = (moment: Date | null): number =>
    moment === null ? 0 : Math.max(0, now.getTime() - moment.getTime());
  if (receiptsDue && judgedAt !== null) return nextReceiptLookMs(sinceMs(judgedAt));
  if (state === 'abandoned') return ABANDONED_LOOK_MS;
  // The rhythm by the clock would start over at every look until closing comes again.
  if (closedAt === null || closedAhead(world, session)) return nextPollDelayMs(polls + 1);
  const seen = judgeSession(status.code);
  if (seen !== 'working') return steadyLookDelayMs(sinceMs(seen === 'open' ? closedAt : judgedAt));
  const { invoiceCount, successfulInvoiceCount, failedInvoiceCount } = status;
  return nextLookDelayMs(knowledgeOf(world, session), {
    workedMs: sinceMs(closedAt),
    judged: (successfulInvoiceCount ?? 0) + (failedInvoiceCount ?? 0),
    total: invoiceCount ?? session.invoiceCount,
  });
}

/** Closing was answered well, yet the session is open. An abandoned one is only waited for. */
async function stillOpen(
  world: World,
  session: FollowedSession,
  lookLater: () => Promise<Outcome>,
): Promise<Outcome> {
  if (session.state === 'closed' && session.polls % LOOKS_PER_CLOSE === 1) {
    await withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
      session.kind === 'batch'
        ? world.ksef.closeBatch(session.nip, accessToken, session.reference)
        : world.ksef.closeOnline(session.nip, accessToken, session.reference),
    ).catch((error: unknown) => {
      if (!(error instanceof KsefFault)) throw error;
    });
  }
  return await lookLater();
}

/** The ledger is told when the next look is due, so that no bell rings through it. */
async function lookAgain(
  world: World,
  session: FollowedSession,
  status: SessionStatus | null,
  at: Date,
): Promise<Outcome> {
  if (status !== null) await world.ledger.recordPoll(session.id, world.clock(), status.code, at);
  return snooze(at, status === null ? 'KSeF has only just begun' : `KSeF says ${status.code}`);
}

async function unanswered(world: World, session: FollowedSession, error: unknown): Promise<Outcome> {
  if (isUnknown(error) && session.unknownLooks >= UNKNOWN_LOOKS_MIN)
    return await holdUnknownSession(world, session);
  if (error instanceof LimitReached) return await notAsked(world, session, error);
  if (error instanceof LoginHeld) await holdSeller(world, session.nip, error);
  const now = world.clock();
  const shutOut = shutOutBy(error);
  if (shutOut !== null) await world.ledger.recordShutOut(session.id, shutOut, now);
  const later = laterBy(now, session, shutOut === null ? BACKOFF_MS_MAX : SHUT_OUT_LOOK_MS);
  const outcome = error instanceof LoginHeld ? snooze(later, error.message) : outcomeOf(error, now);
  const until = outcome.kind === 'snooze' ? outcome.until : later;
  const why = error instanceof Error ? error.message : String(error);
  if (outcome.kind === 'retry') tellJobFailure(world.emit, 'follow', error);
  await world.ledger.recordPoll(session.id, now, null, until, { unknown: isUnknown(error) });
  return snooze(until, why);
}

async function notAsked(world: World, session: FollowedSession, why: LimitReached): Promise<Outcome> {
  await world.ledger.postponePoll(session.id, why.at);
  return snooze(why.at, why.message);
}

function laterBy(now: Date, session: FollowedSession, mostMs: number): Date {
  return new Date(now.getTime() + backoffMs(session.pollFailures + 1, mostMs));
}

function isUnknown(error: unknown): boolean {
  return error instanceof KsefFault && error.fault.code === NO_SUCH_SESSION;
}

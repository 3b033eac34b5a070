/** Stop 7: asks KSeF about one session until it is done, then settles what it holds. */
import { done, type FollowedSession, judgeSession, KsefFault, type Outcome, snooze } from '@wsad/domain';
import { withAccess } from './access.ts';
import { holdSeller, LoginHeld, outcomeOf } from './outcomes.ts';
import { nextPollDelayMs } from './poll-schedule.ts';
import type { SessionStatus, World } from './ports.ts';
import { settleFailed, settleJudged } from './settle.ts';

export async function followSession(world: World, sessionId: string): Promise<Outcome> {
  const session = await world.ledger.followedSession(sessionId);
  if (session === null) return done;
  try {
    return await look(world, session);
  } catch (error) {
    if (error instanceof LoginHeld) await holdSeller(world, session.nip, error);
    const outcome =
      error instanceof LoginHeld ? later(world, session, error.message) : outcomeOf(error, world.clock());
    if (outcome.kind === 'snooze')
      await world.ledger.recordPoll(session.id, world.clock(), null, outcome.until);
    return outcome;
  }
}

async function look(world: World, session: FollowedSession): Promise<Outcome> {
  const early = firstLookAt(session);
  if (early !== null && early > world.clock()) return snooze(early, 'KSeF has only just begun');
  const status = await withAccess(world, session.nip, ({ accessToken }) =>
    world.ksef.sessionStatus(session.nip, accessToken, session.reference),
  );
  switch (judgeSession(status.code)) {
    case 'open':
      return await stillOpen(world, session, status);
    case 'working':
      return await lookLater(world, session, status);
    case 'judged':
      return await settleJudged(world, session, status, () => lookLater(world, session, status));
    case 'failed':
      return await settleFailed(world, session, status);
  }
}

/** No answer can be there before this: asking sooner would only spend a call. */
function firstLookAt(session: FollowedSession): Date | null {
  if (session.polls > 0 || session.closedAt === null) return null;
  return new Date(session.closedAt.getTime() + nextPollDelayMs(0));
}

/** Closing was answered well, yet the session is open: closing again is harmless, so is waiting for an abandoned one. */
async function stillOpen(world: World, session: FollowedSession, status: SessionStatus): Promise<Outcome> {
  if (session.state === 'closed' && session.polls > 0) {
    await withAccess(world, session.nip, ({ accessToken }) =>
      session.kind === 'batch'
        ? world.ksef.closeBatch(session.nip, accessToken, session.reference)
        : world.ksef.closeOnline(session.nip, accessToken, session.reference),
    ).catch((error: unknown) => {
      if (!(error instanceof KsefFault)) throw error;
    });
  }
  return await lookLater(world, session, status);
}

async function lookLater(world: World, session: FollowedSession, status: SessionStatus): Promise<Outcome> {
  const outcome = later(world, session, `KSeF says ${status.code}`);
  if (outcome.kind === 'snooze') {
    await world.ledger.recordPoll(session.id, world.clock(), status.code, outcome.until);
  }
  return outcome;
}

/** An abandoned session ends by itself after hours: it is asked after seldom. */
function later(world: World, session: FollowedSession, why: string): Outcome {
  const delayMs = session.state === 'abandoned' ? ABANDONED_POLL_MS : nextPollDelayMs(session.polls + 1);
  return snooze(new Date(world.clock().getTime() + delayMs), why);
}

const ABANDONED_POLL_MS = 600_000;

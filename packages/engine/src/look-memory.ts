/** What a process remembers of its looks at sessions: how long KSeF took to judge those of each size. */
import type { FollowedSession } from '@wsad/domain';
import { byWorld } from './by-world.ts';
import { type JudgingTime, withJudged } from './judging-time.ts';
import type { Knowledge } from './poll-schedule.ts';
import type { World } from './ports.ts';

/** What takes longer than the usual says nothing of the next: KSeF has a bad day, or nobody looked. */
const LEARNT_MS_MAX = 60_000;
/** By kind and size of session. */
type JudgingTimes = Map<string, JudgingTime>;

const memoryOf = byWorld((): JudgingTimes => new Map());

export function knowledgeOf(world: World, session: FollowedSession): Knowledge {
  const usual = memoryOf(world).get(sizeOf(session)) ?? null;
  return { usual, ...world.ksef.looksLeft(session.nip) };
}

/** The look at which the session was first seen to be judged. */
export function rememberJudged(world: World, session: FollowedSession): void {
  const { state, closedAt, judgedAt, pollFailures } = session;
  if (state !== 'closed' || closedAt === null || judgedAt !== null || pollFailures > 0) return;
  const tookMs = world.clock().getTime() - closedAt.getTime();
  if (tookMs < 0 || tookMs > LEARNT_MS_MAX) return;
  const judging = memoryOf(world);
  const size = sizeOf(session);
  judging.set(size, withJudged(judging.get(size) ?? null, tookMs));
}

/** Of one kind, and of a number of invoices that twice as many would not be in. */
function sizeOf({ kind, invoiceCount }: FollowedSession): string {
  return `${kind} ${Math.floor(Math.log2(Math.max(invoiceCount, 1)))}`;
}

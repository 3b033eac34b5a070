/** What a process remembers of its looks at sessions: how long KSeF took, and how many calls of a seller they cost of late. */
import type { FollowedSession } from '@wsad/domain';
import { type JudgingTime, withJudged } from './judging-time.ts';
import type { Knowledge } from './poll-schedule.ts';
import type { World } from './ports.ts';

/**
 * Until a seller's looks are so many, more may be made than the steady rhythm has: a sixth of KSeF's usual 120 a minute and
 * 1,200 an hour. The rest is for the rhythm of as many sessions as are opened in that time, and for other processes.
 */
const CLOSE_PER_MINUTE = 20;
const CLOSE_PER_HOUR = 200;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What takes longer than the usual says nothing of the next: KSeF has a bad day, or nobody looked. */
const LEARNT_MS_MAX = 60_000;
/** More sellers than this and all are counted anew. */
const SELLERS_MAX = 10_000;

interface Spent {
  readonly minute: number;
  readonly inMinute: number;
  readonly hour: number;
  readonly inHour: number;
}

interface LookMemory {
  readonly judging: Map<string, JudgingTime>;
  readonly spent: Map<string, Spent>;
}

const memories = new WeakMap<World, LookMemory>();

function memoryOf(world: World): LookMemory {
  const known = memories.get(world) ?? { judging: new Map(), spent: new Map() };
  memories.set(world, known);
  return known;
}

export function knowledgeOf(world: World, session: FollowedSession): Knowledge {
  const { judging, spent } = memoryOf(world);
  const { inMinute, inHour } = spentBy(spent.get(session.nip), world.clock().getTime());
  return {
    usual: judging.get(sizeOf(session)) ?? null,
    spare: inMinute < CLOSE_PER_MINUTE && inHour < CLOSE_PER_HOUR,
  };
}

export function rememberLook(world: World, { nip }: FollowedSession): void {
  const { spent } = memoryOf(world);
  if (spent.size >= SELLERS_MAX) spent.clear();
  const sofar = spentBy(spent.get(nip), world.clock().getTime());
  spent.set(nip, { ...sofar, inMinute: sofar.inMinute + 1, inHour: sofar.inHour + 1 });
}

/** The look at which the session was first seen to be judged. */
export function rememberJudged(world: World, session: FollowedSession): void {
  const { state, closedAt, judgedAt, pollFailures } = session;
  if (state !== 'closed' || closedAt === null || judgedAt !== null || pollFailures > 0) return;
  const tookMs = world.clock().getTime() - closedAt.getTime();
  if (tookMs < 0 || tookMs > LEARNT_MS_MAX) return;
  const { judging } = memoryOf(world);
  const size = sizeOf(session);
  judging.set(size, withJudged(judging.get(size) ?? null, tookMs));
}

/** Of one kind, and of a number of invoices that twice as many would not be in. */
function sizeOf({ kind, invoiceCount }: FollowedSession): string {
  return `${kind} ${Math.floor(Math.log2(Math.max(invoiceCount, 1)))}`;
}

function spentBy(known: Spent | undefined, now: number): Spent {
  const minute = Math.floor(now / MINUTE_MS);
  const hour = Math.floor(now / HOUR_MS);
  return {
    minute,
    inMinute: known?.minute === minute ? known.inMinute : 0,
    hour,
    inHour: known?.hour === hour ? known.inHour : 0,
  };
}

/** The rounds beside the path: whether KSeF is back, what its status service says, and whose deadlines are near. */
import { KsefFault, LimitReached } from '@wsad/domain';
import type { World } from './ports.ts';

const DEADLINES_EVERY_MS = 60_000;
const LATARNIA_EVERY_MS = 60_000;
const LATARNIA_PAUSE_MS_MAX = 1_800_000;

/** While KSeF is away nothing is begun, so somebody has to ask. What the call shows, its pacer has noted. */
export async function probeKsef(world: World): Promise<void> {
  if (!(await world.ledger.probeIsDue(world.clock()))) return;
  try {
    await world.ksef.probe();
  } catch (error) {
    if (!(error instanceof KsefFault || error instanceof LimitReached)) throw error;
  }
}

export async function warnOfDeadlines(world: World): Promise<void> {
  const now = world.clock();
  if (!(await world.ledger.takeTurn('deadlines', now, DEADLINES_EVERY_MS))) return;
  for (const { nip, threshold, deadlineAt, invoices } of await world.ledger.warnOfDeadlines(now))
    world.emit({ type: 'deadline.near', nip, threshold, deadlineAt, invoices });
}

/** Its own outages change nothing: it is asked ever less often, and what it said last stays. */
export async function readLatarnia(world: World): Promise<void> {
  const { latarnia, ledger, clock, emit } = world;
  if (latarnia === null || !(await ledger.takeTurn('latarnia', clock(), LATARNIA_EVERY_MS))) return;
  try {
    const reading = await latarnia.read();
    await ledger.recordLatarnia(reading, clock());
    emit({ type: 'latarnia.said', status: reading.status, messages: reading.messages.length });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failures = await ledger.recordLatarniaFailure(message, clock());
    const pauseMs = Math.min(LATARNIA_PAUSE_MS_MAX, LATARNIA_EVERY_MS * 2 ** Math.min(failures, 10));
    await ledger.putOffTurn('latarnia', new Date(clock().getTime() + pauseMs));
    emit({ type: 'latarnia.failed', message });
  }
}

/** Closing hands the session over to KSeF. It is the one call whose lost answer must be asked after, never guessed. */
import { judgeSession, KsefFault, type SendingSession } from '@wsad/domain';
import { withAccess } from './access.ts';
import { NotClosed } from './outcomes.ts';
import type { World } from './ports.ts';

export async function closeSession(
  world: World,
  session: SendingSession,
  known: { mayHaveClosed: boolean },
): Promise<void> {
  const { reference } = session;
  if (reference === null) throw new Error(`session ${session.id} has no reference to close`);
  if (!known.mayHaveClosed) await world.ledger.recordClosing(session.id, session.fence, world.clock());
  const alreadyClosed = known.mayHaveClosed && !(await isStillOpen(world, session.nip, reference));
  if (!alreadyClosed) await closeOrAsk(world, session, reference);
  await world.ledger.recordClosed(session.id, session.fence, world.clock());
  world.emit({
    type: 'session.closed',
    nip: session.nip,
    sessionId: session.id,
    kind: session.kind,
    reference,
  });
  await world.doorbell.follow(session.id);
}

/** After a bad answer KSeF is asked what became of the session; only one that is still open is an error. */
async function closeOrAsk(world: World, session: SendingSession, reference: string): Promise<void> {
  try {
    await withAccess(world, session.nip, ({ accessToken }) =>
      session.kind === 'batch'
        ? world.ksef.closeBatch(session.nip, accessToken, reference)
        : world.ksef.closeOnline(session.nip, accessToken, reference),
    );
  } catch (error) {
    const doubtful =
      error instanceof KsefFault && ['ask-session', 'new-session', 'stop'].includes(error.treatment);
    if (!doubtful) throw error;
    if (await isStillOpen(world, session.nip, reference)) throw new NotClosed(error);
  }
}

async function isStillOpen(world: World, nip: string, reference: string): Promise<boolean> {
  const status = await withAccess(world, nip, ({ accessToken }) =>
    world.ksef.sessionStatus(nip, accessToken, reference),
  );
  return judgeSession(status.code) === 'open';
}

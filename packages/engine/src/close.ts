/**
 * Closing hands the session over to KSeF. Once it has begun there is no way back: whatever a call answers, the session
 * is asked after and closed again until KSeF says that it is closed. Nothing of it goes anywhere else meanwhile.
 */
import { judgeSession, KsefFault, NO_SUCH_SESSION, type SendingSession } from '@wsad/domain';
import { type Access, withAccess } from './access.ts';
import { expectNext, largeInTurnAnyway } from './large-work.ts';
import { StillOpen } from './outcomes.ts';
import type { World } from './ports.ts';

export async function closeSession(
  world: World,
  session: SendingSession,
  known: { mayHaveClosed: boolean; access?: Access },
): Promise<void> {
  await world.observe({ name: 'session.close' }, () => close(world, session, known));
}

async function close(
  world: World,
  session: SendingSession,
  known: { mayHaveClosed: boolean; access?: Access },
): Promise<void> {
  const { reference } = session;
  if (reference === null) throw new Error(`session ${session.id} has no reference to close`);
  if (!known.mayHaveClosed) await world.ledger.recordClosing(session.id, session.fence, world.clock());
  const alreadyClosed = known.mayHaveClosed && !(await isStillOpen(world, session, reference));
  if (!alreadyClosed) await closeOrAsk(world, session, reference, known.access ?? null);
  await largeInTurnAnyway(world, 'sending', session.invoiceCount, () =>
    world.ledger.recordClosed(session.id, session.fence, world.clock()),
  );
  world.emit({
    type: 'session.closed',
    nip: session.nip,
    sessionId: session.id,
    kind: session.kind,
    reference,
  });
  expectNext(world, session.id, session.invoiceCount);
  await world.doorbell.follow(session.id);
}

/** After any answer but a good one KSeF is asked what became of the session. */
async function closeOrAsk(
  world: World,
  session: SendingSession,
  reference: string,
  access: Access | null,
): Promise<void> {
  const { nip, kind, credentialId } = session;
  try {
    await withAccess(
      world,
      nip,
      credentialId,
      ({ accessToken }) =>
        kind === 'batch'
          ? world.ksef.closeBatch(nip, accessToken, reference)
          : world.ksef.closeOnline(nip, accessToken, reference),
      access,
    );
  } catch (error) {
    if (!(error instanceof KsefFault) || error.treatment === 'wait') throw error;
    if (await isStillOpen(world, session, reference)) throw new StillOpen(error);
  }
}

/** A session that KSeF does not know is not open either: the poller asks on, for longer, and closes it where need be. */
async function isStillOpen(world: World, session: SendingSession, reference: string): Promise<boolean> {
  try {
    const status = await withAccess(world, session.nip, session.credentialId, ({ accessToken }) =>
      world.ksef.sessionStatus(session.nip, accessToken, reference),
    );
    return judgeSession(status.code) === 'open';
  } catch (error) {
    if (error instanceof KsefFault && error.fault.code === NO_SUCH_SESSION) return false;
    throw error;
  }
}

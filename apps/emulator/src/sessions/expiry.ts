import type { World } from '../world.ts';
import { finishOnline } from './finish-online.ts';
import { plusMinutes, SESSION_HOURS, type Session, uploadedTooLate } from './model.ts';

/**
 * A session left open ends by itself after 12 hours: a batch is cancelled, an interactive session closed. Looked at
 * whenever the session is touched, by the emulator's clock.
 */
export function expireSession(world: World, session: Session): void {
  const until = plusMinutes(session.createdAt, SESSION_HOURS * 60);
  if (session.status.code !== 100 || world.clock() < until) return;
  session.updatedAt = until;
  if (session.kind === 'Batch') session.status = uploadedTooLate;
  else finishOnline(world, session);
}

import { strikeOnline } from '../faults/troubles.ts';
import { issueUpo } from '../processing/issue-upo.ts';
import type { World } from '../world.ts';
import type { OnlineSession } from './model.ts';

/** Closes an interactive session; its end comes when the last invoice is judged. */
export function finishOnline(world: World, session: OnlineSession): void {
  session.status = { code: 170 };
  session.closedAt = world.clock();
  session.updatedAt = session.closedAt;
  concludeOnline(world, session);
}

/** Brings a closed session with nothing left to judge to its final status. */
export function concludeOnline(world: World, session: OnlineSession): void {
  if (session.status.code !== 170 || session.pending > 0) return;
  world.background.start(async () => {
    await world.background.wait(world.pace.onlineCloseMs);
    session.status = strikeOnline(world.troubles, session) ?? (await finalStatus(world, session));
    session.updatedAt = world.clock();
  });
}

async function finalStatus(world: World, session: OnlineSession): Promise<OnlineSession['status']> {
  await issueUpo(world, session);
  if (session.invoices.length === 0) return { code: 440, details: ['Nie przesłano faktur'] };
  return session.upoPages.length > 0 ? { code: 200 } : { code: 445 };
}

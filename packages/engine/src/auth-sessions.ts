/** Authentication sessions at KSeF, listed and revoked when somebody asked for it; what came is kept for who asked. */
import { done, type Outcome } from '@wsad/domain';
import { withAccess } from './access.ts';
import { orRefusal, outcomeOf, type Refusal } from './outcomes.ts';
import type { World } from './ports.ts';

export async function tendAuthSessions(world: World, nip: string): Promise<Outcome> {
  const { revocations, listWanted } = await world.ledger.authSessionWork(nip);
  try {
    for (const reference of revocations) await revoke(world, nip, reference);
    if (listWanted) await list(world, nip);
    return done;
  } catch (error) {
    return outcomeOf(error, world.clock());
  }
}

async function list(world: World, nip: string): Promise<void> {
  const listed = () =>
    withAccess(world, nip, null, async ({ accessToken }) => ({
      sessions: await world.ksef.authSessions(nip, accessToken),
    }));
  const given = await orRefusal(listed, { heldToo: true });
  await world.ledger.saveAuthSessions(nip, given, world.clock());
}

async function revoke(world: World, nip: string, reference: string): Promise<void> {
  const came = await orRefusal(() => revokeAtKsef(world, nip, reference), { heldToo: true });
  await world.ledger.saveRevocation(nip, reference, came, world.clock());
}

/** KSeF says which one our token comes from; with one of another the login that is in use goes on. */
async function revokeAtKsef(
  world: World,
  nip: string,
  reference: string,
): Promise<{ ownedBy: string | null } | Refusal> {
  return await withAccess(world, nip, null, async ({ accessToken, credentialId }) => {
    const { ksef } = world;
    if (reference === 'current') {
      await ksef.revokeAuthSession(nip, accessToken, reference);
      return { ownedBy: credentialId };
    }
    const sessions = await ksef.authSessions(nip, accessToken);
    const named = sessions.find((each) => each.reference === reference);
    if (named === undefined) return { refusal: 'KSeF lists no active authentication session of this number' };
    await ksef.revokeAuthSession(nip, accessToken, reference);
    return { ownedBy: named.current ? credentialId : null };
  });
}

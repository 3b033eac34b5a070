/** Opens a seller's authentication session ahead of the first sending, so that "am I ready" has an answer. */
import { done, type Outcome } from '@wsad/domain';
import { openAccessToSend } from './access.ts';
import { holdSeller, LoginHeld, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

export async function logIn(world: World, nip: string): Promise<Outcome> {
  try {
    await openAccessToSend(world, nip);
    return done;
  } catch (error) {
    if (!(error instanceof LoginHeld)) return outcomeOf(error, world.clock());
    await holdSeller(world, nip, error);
    return done;
  }
}

/** A cleared invoice fetched back from KSeF by its number, when somebody first asks for it; what came is kept. */
import { done, type Outcome } from '@wsad/domain';
import { withAccess } from './access.ts';
import { orRefusal, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

export async function confirmInvoice(world: World, invoiceId: string): Promise<Outcome> {
  const source = await world.ledger.confirmationSource(invoiceId, world.clock());
  if (source === null) return done;
  try {
    const given = await orRefusal(
      () =>
        withAccess(world, source.nip, null, async ({ accessToken }) => {
          const { sha256 } = await world.ksef.downloadInvoice(source.nip, accessToken, source.ksefNumber);
          return { sha256 };
        }),
      { heldToo: true },
    );
    await world.ledger.saveConfirmation(invoiceId, given, world.clock());
    return done;
  } catch (error) {
    return outcomeOf(error, world.clock());
  }
}

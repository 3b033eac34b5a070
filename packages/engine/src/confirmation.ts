/** A cleared invoice fetched back from KSeF by its number, when somebody first asks for it; what came is kept. */
import { done, type Outcome } from '@wsad/domain';
import { withAccess } from './access.ts';
import { isRefusal, LoginHeld, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

export async function confirmInvoice(world: World, invoiceId: string): Promise<Outcome> {
  const source = await world.ledger.confirmationSource(invoiceId, world.clock());
  if (source === null) return done;
  try {
    const { sha256 } = await withAccess(world, source.nip, null, ({ accessToken }) =>
      world.ksef.downloadInvoice(source.nip, accessToken, source.ksefNumber),
    );
    await world.ledger.saveConfirmation(invoiceId, { sha256 }, world.clock());
    return done;
  } catch (error) {
    if (error instanceof LoginHeld) return done;
    if (!isRefusal(error)) return outcomeOf(error, world.clock());
    await world.ledger.saveConfirmation(invoiceId, { refusal: error.message }, world.clock());
    return done;
  }
}

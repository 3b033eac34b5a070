/** An invoice's own UPO, fetched when somebody first asks for it, and kept. */
import { done, type Outcome } from '@wsad/domain';
import { withAccess } from './access.ts';
import { isRefusal, LoginHeld, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

export async function fetchInvoiceReceipt(world: World, invoiceId: string): Promise<Outcome> {
  const source = await world.ledger.receiptSource(invoiceId);
  if (source === null || source.stored) return done;
  try {
    const { xml, sha256 } = await withAccess(world, source.nip, source.credentialId, ({ accessToken }) =>
      world.ksef.invoiceUpo(source.nip, accessToken, source.sessionReference, source.ksefNumber),
    );
    await world.ledger.saveInvoiceReceipt(invoiceId, xml, sha256, world.clock());
    return done;
  } catch (error) {
    if (error instanceof LoginHeld) return done;
    if (isRefusal(error)) {
      await world.ledger.refuseInvoiceReceipt(invoiceId, error.message, world.clock());
      return done;
    }
    return outcomeOf(error, world.clock());
  }
}

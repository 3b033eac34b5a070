/** Invoices that ruin every batch session they are sent in, and come to a verdict of their own interactively. */
import { contextNip } from '../auth/caller.ts';
import { readInvoiceFile } from '../processing/file-rules.ts';
import type { PackedFile } from '../processing/intake.ts';
import { readFacts } from '../processing/invoice-facts.ts';
import type { Session } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { aimsAt } from './armed.ts';
import type { BatchEnd, GuiltyProgram } from './troubles.ts';

/** What the session ends with where a guilty invoice is among its files. */
export async function strikeGuilty(
  world: World,
  session: Session,
  files: readonly PackedFile[],
): Promise<BatchEnd | null> {
  // Reading every file twice is for those alone who have armed it.
  if (world.troubles.guilty.list().length === 0) return null;
  for (const { document } of files) {
    const bytes = document === null ? null : await world.documents.read(document);
    const number = bytes === null ? null : numberIn(bytes, session);
    const struck = number === null ? null : strikeNumber(world, session, number);
    if (struck !== null) return struck.end;
  }
  return null;
}

export function strikeNumber(world: World, session: Session, number: string): GuiltyProgram | null {
  const seller = contextNip(session.owner.context);
  const struck = world.troubles.guilty.strike(
    (trouble) => aimsAt(trouble, seller) && trouble.invoiceNumbers.includes(number),
  );
  return struck === null ? null : struck.guilty;
}

function numberIn(bytes: Buffer, session: Session): string | null {
  const file = readInvoiceFile(bytes);
  if (file.faults !== null) return null;
  using document = file.document;
  return readFacts(document, session.form)?.number ?? null;
}

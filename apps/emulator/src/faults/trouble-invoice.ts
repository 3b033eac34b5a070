/** Invoices that come to another verdict than they deserve. */
import type { DocumentRef } from '../processing/documents.ts';
import type { InvoiceFacts } from '../processing/invoice-facts.ts';
import { duplicateOf, type Judgement } from '../processing/judge.ts';
import type { Session, Verdict } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { strikeNumber } from './guilty.ts';
import { type GoodInvoice, makeOriginal } from './make-original.ts';
import { type DuplicateProgram, strikeInvoice } from './troubles.ts';

/** What a struck good invoice comes to; every other keeps its judgement. */
export async function troubled(
  world: World,
  session: Session,
  document: DocumentRef,
  judged: Judgement,
): Promise<Judgement> {
  const { verdict, facts, mode } = judged;
  if (verdict.code !== 200 || facts === null || mode === null) return judged;
  const guilty = session.kind === 'Online' ? strikeNumber(world, session, facts.number) : null;
  if (guilty !== null) return { verdict: guilty.alone, facts: legible(guilty.alone, facts), mode };
  const program = strikeInvoice(world.troubles, session, facts);
  if (program === null) return judged;
  if ('verdict' in program) return { verdict: program.verdict, facts: legible(program.verdict, facts), mode };
  const good = { session, facts, mode, bytes: await world.documents.read(document) };
  return { verdict: await duplicateVerdict(world, good, program.duplicate), facts, mode };
}

/** Of a file that could not be opened or read, KSeF tells no number. */
function legible({ code }: Verdict, facts: InvoiceFacts): InvoiceFacts | null {
  return code === 430 || code === 435 ? null : facts;
}

async function duplicateVerdict(
  world: World,
  good: GoodInvoice,
  { original, extensions }: DuplicateProgram,
): Promise<Verdict> {
  const made = await makeOriginal(world, good, original);
  switch (extensions) {
    case 'right':
      return duplicateOf(made);
    case 'missing':
      return { code: 440 };
    case 'wrong':
      return duplicateOf({ session: world.references('SB'), ksefNumber: unknownNumber(made.ksefNumber) });
  }
}

/** A KSeF number of the same seller and day that nobody has: its last digit is another. */
function unknownNumber(ksefNumber: string): string {
  return `${ksefNumber.slice(0, -1)}${ksefNumber.endsWith('0') ? '1' : '0'}`;
}

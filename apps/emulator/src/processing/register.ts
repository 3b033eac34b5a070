import { troubled } from '../faults/trouble-invoice.ts';
import type { InvoiceRecord, Session } from '../sessions/model.ts';
import { warsawDay } from '../warsaw.ts';
import type { World } from '../world.ts';
import type { DocumentRef } from './documents.ts';
import { judge, type Submission } from './judge.ts';

/** Judges an invoice, writes the outcome into its record and, where it is good, into the registry. */
export async function settleInvoice(
  world: World,
  session: Session,
  record: InvoiceRecord,
  submission: Submission,
  document: DocumentRef,
): Promise<void> {
  const judged = judge(world, session, submission);
  const { verdict, facts, mode } = await troubled(world, session, document, judged);
  record.verdict = verdict;
  record.invoiceNumber = facts?.number ?? null;
  record.sellerNip = facts?.nip ?? null;
  record.issueDate = facts?.issueDate ?? null;
  if (verdict.code !== 200 || facts === null || mode === null) return;

  const acquisitionDate = world.clock();
  record.ksefNumber = world.ksefNumbers(facts.nip, warsawDay(acquisitionDate));
  record.acquisitionDate = acquisitionDate;
  record.mode = mode;
  world.registry.add({
    nip: facts.nip,
    kind: facts.kind,
    number: facts.number,
    sha256: record.invoiceHash,
    ksefNumber: record.ksefNumber,
    session: session.referenceNumber,
    mode,
    buyerNip: facts.buyerNip,
    form: session.form,
    issueDate: facts.issueDate,
    invoicingDate: record.invoicingDate,
    acquisitionDate,
    hasAttachment: facts.hasAttachment,
    document,
  });
}

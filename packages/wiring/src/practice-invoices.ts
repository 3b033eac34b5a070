/** Made-up invoices that a process practises on before real ones come: valid, varied, and kept to itself. */
import { makeInvoice } from '@wsad/samples';

const SELLER = '5265877635';
/** So many differ; making more would take longer than what is practised on them. */
const DIFFERENT = 50;

export interface PracticeInvoices {
  /** The NIP that all of them are of. */
  readonly nip: string;
  readonly xmls: readonly string[];
}

export function practiceInvoices(count: number, issueDate: string): PracticeInvoices {
  const different = Array.from({ length: Math.min(count, DIFFERENT) }, (_, seed) =>
    makeInvoice({ nip: SELLER, number: `${seed + 1}`, issueDate, seed }),
  );
  const xmls = Array.from({ length: Math.ceil(count / DIFFERENT) }, () => different).flat();
  return { nip: SELLER, xmls: xmls.slice(0, count) };
}

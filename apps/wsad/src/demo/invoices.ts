/** Who sells what in the demo: the same sellers every time, invoice numbers new with every run. */
import { makeInvoice, makeNip, seededRandom } from '@wsad/samples';

export interface DemoSeller {
  readonly nip: string;
  readonly xmls: readonly string[];
}

const SELLERS_SEED = 20_260_201;

/** Spreads the invoices evenly: the first sellers get the odd ones. `run` keeps numbers of one run apart from others'. */
export function demoSellers(invoices: number, sellers: number, issueDate: string, run: string): DemoSeller[] {
  const each = Math.floor(invoices / sellers);
  const larger = invoices % sellers;
  return differentNips(sellers).map((nip, index) => {
    const count = each + (index < larger ? 1 : 0);
    const xmls = Array.from({ length: count }, (_, position) =>
      makeInvoice({ nip, number: `FV/${run}/${position + 1}`, issueDate, seed: index * 100_003 + position }),
    );
    return { nip, xmls };
  });
}

function differentNips(count: number): string[] {
  const random = seededRandom(SELLERS_SEED);
  const nips = new Set<string>();
  while (nips.size < count) nips.add(makeNip(random));
  return [...nips];
}

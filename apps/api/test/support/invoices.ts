import { makeInvoice, type SampleInvoice } from '@wsad/samples';
import { NIP, TODAY } from './test-api.ts';

/** Well-formed, and no invoice. */
export const BAD_XML = '<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek/></Faktura>';

let seed = 0;

/** A good invoice, each with a number of its own. */
export function goodXml(sample: Partial<SampleInvoice> = {}): string {
  seed += 1;
  return makeInvoice({
    nip: NIP,
    number: `FV/${seed}/${process.pid}`,
    issueDate: TODAY,
    seed,
    lines: 1,
    ...sample,
  });
}

export function goodXmls(count: number): string[] {
  return Array.from({ length: count }, () => goodXml());
}

export function sellerPath(rest: string, nip: string = NIP): string {
  return `/v1/sellers/${nip}/${rest}`;
}

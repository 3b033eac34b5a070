/** Sellers and invoices for tests: every call of `newSeller` answers another NIP, every invoice is another one. */
import { createHash } from 'node:crypto';
import { makeInvoice, makeNip, type SampleInvoice, seededRandom } from '@wsad/samples';
import type { Entry } from './api-client.ts';
import { TODAY } from './system.ts';

const random = seededRandom(20_261_116);
const used = new Set<string>();

export function newSeller(): string {
  for (;;) {
    const nip = makeNip(random);
    if (used.has(nip)) continue;
    used.add(nip);
    return nip;
  }
}

/** One FA(3) invoice of the seller, issued today where nothing else is said. */
export function invoiceOf(nip: string, number: string, wish: Partial<SampleInvoice> = {}): Entry {
  return { xml: makeInvoice({ nip, number, issueDate: TODAY, seed: seedOf(number), lines: 2, ...wish }) };
}

/** `count` invoices, numbered `prefix/1` and so on. */
export function invoicesOf(
  nip: string,
  count: number,
  prefix: string,
  wish: Partial<SampleInvoice> = {},
): Entry[] {
  return Array.from({ length: count }, (_, index) => invoiceOf(nip, `${prefix}/${index + 1}`, wish));
}

/** The same in the older form FA(2), which the test environment takes: its one rate of 0 is written otherwise. */
export function inOlderForm({ xml }: Entry): Entry {
  return {
    xml: xml
      .replace('http://crd.gov.pl/wzor/2025/06/25/13775/', 'http://crd.gov.pl/wzor/2023/06/29/12648/')
      .replace('kodSystemowy="FA (3)"', 'kodSystemowy="FA (2)"')
      .replace('<WariantFormularza>3<', '<WariantFormularza>2<')
      .replaceAll('<P_12>0 KR<', '<P_12>0<')
      .replace(/\s*<JST>2<\/JST>\s*<GV>2<\/GV>/, ''),
  };
}

export function sha256Of(xml: string): string {
  return createHash('sha256').update(xml).digest('base64');
}

function seedOf(text: string): number {
  return [...text].reduce((seed, letter) => (Math.imul(seed, 31) + letter.charCodeAt(0)) | 0, 7);
}

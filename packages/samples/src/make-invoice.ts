import { attachment } from './attachment.ts';
import { type Body, bodies, type InvoiceKind } from './kinds.ts';
import { type Currency, decimal, sums } from './money.ts';
import { buyer, seller } from './parties.ts';
import { type Random, seededRandom } from './random.ts';
import { towns } from './words.ts';
import { type Child, type Element, element, xmlDocument } from './xml.ts';

// Namespace of FA(3), schema version 1-0E.
const FA3 = 'http://crd.gov.pl/wzor/2025/06/25/13775/';
const PLN: Currency = { code: 'PLN', plnPerUnit: null };

export interface SampleInvoice {
  /** The seller's NIP, ten digits. The seller's name and address follow from it. */
  nip: string;
  /** The invoice number (P_2), unescaped, up to 256 characters. */
  number: string;
  /** The issue date (P_1), `YYYY-MM-DD`, not before 2025-09-01. */
  issueDate: string;
  /** `VAT` by default. */
  kind?: InvoiceKind;
  /** How many lines; by default 1 to 30, mostly few. A correction rounds up to even, a simplified invoice has one. */
  lines?: number;
  /** With meter readings as Zalacznik; KSeF takes such an invoice by batch only. */
  attachment?: boolean;
  /** Same input, same bytes. */
  seed: number;
}

/** A made-up FA(3) invoice that is valid against the schema and adds up, as text (UTF-8, without BOM). */
export function makeInvoice(sample: SampleInvoice): string {
  const random = seededRandom(sample.seed);
  const kind = sample.kind ?? 'VAT';
  const currency = kind === 'VAT' && random.chance(10) ? euro(random) : PLN;
  const lineCount = sample.lines ?? someLines(random);
  const body = bodies[kind]({ ...sample, random, lineCount, currency });
  return xmlDocument(
    element(
      'Faktura',
      [
        header(random, sample.issueDate),
        seller(sample.nip),
        buyer(random, kind === 'UPR'),
        invoice(random, { ...sample, kind }, currency, body),
        random.chance(50) ? footer(random) : null,
        sample.attachment ? attachment(random, sample.issueDate) : null,
      ],
      { xmlns: FA3 },
    ),
  );
}

function header(random: Random, issueDate: string): Element {
  const minute = String(random.int(0, 59)).padStart(2, '0');
  return element('Naglowek', [
    element('KodFormularza', 'FA', { kodSystemowy: 'FA (3)', wersjaSchemy: '1-0E' }),
    element('WariantFormularza', '3'),
    element('DataWytworzeniaFa', `${issueDate}T08:${minute}:00Z`),
    element('SystemInfo', 'wsad'),
  ]);
}

function invoice(
  random: Random,
  { number, issueDate, kind }: { number: string; issueDate: string; kind: InvoiceKind },
  currency: Currency,
  body: Body,
): Element {
  return element('Fa', [
    element('KodWaluty', currency.code),
    element('P_1', issueDate),
    random.chance(60) ? element('P_1M', random.pick(towns)) : null,
    element('P_2', number),
    kind === 'VAT' && random.chance(70) ? element('P_6', issueDate) : null,
    sums(body.nets, currency),
    element('P_15', decimal(body.gross)),
    notes(body.nets.has('zw')),
    element('RodzajFaktury', kind),
    body.correction,
    random.chance(30) ? remark(random) : null,
    body.advances,
    body.lines,
    kind === 'KOR' ? null : payment(random, issueDate),
    body.order,
  ]);
}

/** Adnotacje: none of the special procedures, save the exemption where a line is exempt. */
function notes(exempt: boolean): Element {
  const exemption: Child[] = exempt
    ? [element('P_19', '1'), element('P_19A', 'art. 43 ust. 1 pkt 29 lit. c ustawy o VAT')]
    : [element('P_19N', '1')];
  return element('Adnotacje', [
    ...['P_16', 'P_17', 'P_18', 'P_18A'].map((field) => element(field, '2')),
    element('Zwolnienie', exemption),
    element('NoweSrodkiTransportu', [element('P_22N', '1')]),
    element('P_23', '2'),
    element('PMarzy', [element('P_PMarzyN', '1')]),
  ]);
}

function remark(random: Random): Element {
  return element('DodatkowyOpis', [
    element('Klucz', 'Numer zamówienia'),
    element('Wartosc', `ZAM/${random.digits(6)}`),
  ]);
}

function payment(random: Random, issueDate: string): Element {
  if (random.chance(25)) {
    const paid = [element('Zaplacono', '1'), element('DataZaplaty', issueDate)];
    return element('Platnosc', [...paid, element('FormaPlatnosci', random.pick(['1', '2']))]);
  }
  return element('Platnosc', [
    element('TerminPlatnosci', [element('Termin', daysAfter(issueDate, random.pick([7, 14, 21, 30])))]),
    element('FormaPlatnosci', '6'),
    element('RachunekBankowy', [
      element('NrRB', random.digits(26)),
      element('NazwaBanku', 'Bank Przykładowy S.A.'),
    ]),
  ]);
}

function footer(random: Random): Element {
  return element('Stopka', [
    element('Informacje', [element('StopkaFaktury', 'Dziękujemy za współpracę i terminową zapłatę.')]),
    element('Rejestry', [
      element('KRS', `0000${random.digits(6)}`),
      element('BDO', `000${random.digits(6)}`),
    ]),
  ]);
}

function someLines(random: Random): number {
  return random.chance(70) ? random.int(1, 8) : random.int(9, 30);
}

function euro(random: Random): Currency {
  return { code: 'EUR', plnPerUnit: random.int(41_500, 45_500) / 10_000 };
}

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

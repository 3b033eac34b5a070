import { decimal } from './money.ts';
import { farmBuyer, farmer } from './parties.ts';
import { type Random, seededRandom } from './random.ts';
import { digitNames, type FarmProduce, farmProduce, towns } from './words.ts';
import { type Child, type Element, element, xmlDocument } from './xml.ts';

// Namespace of FA_RR(1), schema version 1-1E.
const FA_RR = 'http://crd.gov.pl/wzor/2026/03/06/14189/';
/** The flat-rate refund, in percent. */
const REFUND = 7;

export interface SampleRrInvoice {
  /** NIP of the buyer, who issues the invoice for the farmer and sends it. */
  nip: string;
  /** NIP of the farmer; by default one that follows from the seed. */
  farmerNip?: string;
  /** The invoice number (P_4C), unescaped, up to 256 characters. */
  number: string;
  /** The issue date (P_4B), `YYYY-MM-DD`, not before 2026-01-01. */
  issueDate: string;
  /** `VAT_RR` by default. */
  kind?: 'VAT_RR' | 'KOR_VAT_RR';
  /** How many lines; by default 1 to 8. */
  lines?: number;
  /** Same input, same bytes. */
  seed: number;
}

interface Line {
  readonly produce: FarmProduce;
  readonly quantity: number;
  /** Hundredths of a złoty, as every amount here. */
  readonly price: number;
}

/** A made-up FA_RR(1) invoice, valid against the schema and adding up, as text (UTF-8, without BOM). */
export function makeRrInvoice(sample: SampleRrInvoice): string {
  const random = seededRandom(sample.seed);
  const lines = Array.from({ length: sample.lines ?? random.int(1, 8) }, () => someLine(random));
  return xmlDocument(
    element(
      'Faktura',
      [
        header(random, sample.issueDate),
        farmer(random, sample.farmerNip),
        farmBuyer(sample.nip),
        invoice(random, sample, lines),
      ],
      { xmlns: FA_RR },
    ),
  );
}

function header(random: Random, issueDate: string): Element {
  const minute = String(random.int(0, 59)).padStart(2, '0');
  return element('Naglowek', [
    element('KodFormularza', 'FA_RR', { kodSystemowy: 'FA_RR (1)', wersjaSchemy: '1-1E' }),
    element('WariantFormularza', '1'),
    element('DataWytworzeniaFa', `${issueDate}T08:${minute}:00Z`),
    element('SystemInfo', 'wsad'),
  ]);
}

function invoice(random: Random, sample: SampleRrInvoice, lines: readonly Line[]): Element {
  const { number, issueDate, kind = 'VAT_RR' } = sample;
  const value = sum(lines.map(worthOf));
  const refund = sum(lines.map(refundOf));
  return element('FakturaRR', [
    element('KodWaluty', 'PLN'),
    random.chance(60) ? element('P_1M', random.pick(towns)) : null,
    random.chance(70) ? element('P_4A', issueDate) : null,
    element('P_4B', issueDate),
    element('P_4C', number),
    element('P_11_1', decimal(value)),
    element('P_11_2', decimal(refund)),
    element('P_12_1', decimal(value + refund)),
    element('P_12_2', inWords(value + refund)),
    element('RodzajFaktury', kind),
    kind === 'KOR_VAT_RR' ? correction(random, issueDate) : null,
    ...lines.map((line, index) => lineElement(line, index + 1)),
    element('Platnosc', [element('FormaPlatnosci', '1'), account(random)]),
  ]);
}

function correction(random: Random, issueDate: string): Child[] {
  return [
    element('PrzyczynaKorekty', random.pick(['błędna waga', 'zła klasa jakości'])),
    element('TypKorekty', String(random.int(1, 3))),
    element('DaneFaKorygowanej', [
      element('DataWystFaKorygowanej', issueDate),
      element('NrFaKorygowanej', `RR/${random.digits(4)}/${issueDate.slice(0, 4)}`),
      element('NrKSeFN', '1'),
    ]),
  ];
}

function lineElement(line: Line, number: number): Element {
  const { produce, quantity, price } = line;
  return element('FakturaRRWiersz', [
    element('NrWierszaFa', String(number)),
    element('P_5', produce.name),
    element('P_6A', produce.unit),
    element('P_6B', String(quantity)),
    element('P_6C', produce.quality),
    element('P_7', decimal(price)),
    element('P_8', decimal(worthOf(line))),
    element('P_9', String(REFUND)),
    element('P_10', decimal(refundOf(line))),
    element('P_11', decimal(worthOf(line) + refundOf(line))),
  ]);
}

function account(random: Random): Element {
  return element('RachunekBankowy1', [
    element('NrRB', random.digits(26)),
    element('NazwaBanku', 'Bank Przykładowy S.A.'),
  ]);
}

function someLine(random: Random): Line {
  const produce = random.pick(farmProduce);
  return { produce, quantity: random.int(1, 400), price: random.int(produce.least, produce.most) };
}

function worthOf({ quantity, price }: Line): number {
  return quantity * price;
}

function refundOf(line: Line): number {
  return Math.round((worthOf(line) * REFUND) / 100);
}

/** Digit by digit, as on a money order: `jeden dwa zero zł 50/100`. */
function inWords(hundredths: number): string {
  const [zlotys = '', groszes = ''] = decimal(hundredths).split('.');
  return `${[...zlotys].map((digit) => digitNames[Number(digit)]).join(' ')} zł ${groszes}/100`;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

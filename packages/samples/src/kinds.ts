import { invoiceLine, type Line, makeLines, netByRate, orderLine } from './lines.ts';
import { addNet, type Currency, decimal, grossOf, type NetByRate } from './money.ts';
import { makeKsefNumber } from './nip.ts';
import type { Random } from './random.ts';
import type { Rate } from './words.ts';
import { type Child, element } from './xml.ts';

/** Kinds of FA(3) invoice (RodzajFaktury) that the samples know. */
export const invoiceKinds = ['VAT', 'KOR', 'ZAL', 'ROZ', 'UPR'] as const;

export type InvoiceKind = (typeof invoiceKinds)[number];

/** What a kind puts into the invoice: its amounts, and the elements before, in and after the lines. */
export interface Body {
  nets: NetByRate;
  gross: number;
  /** Directly after RodzajFaktury. */
  correction: Child[];
  /** Between the additional description and the lines. */
  advances: Child[];
  lines: Child[];
  /** After the conditions of the transaction. */
  order: Child[];
}

export interface BodyInput {
  random: Random;
  nip: string;
  issueDate: string;
  lineCount: number;
  currency: Currency;
}

const NOTHING = { correction: [], advances: [], lines: [], order: [] };

export const bodies: Record<InvoiceKind, (input: BodyInput) => Body> = { VAT: plain, KOR, ZAL, ROZ, UPR };

function plain({ random, lineCount, currency }: BodyInput): Body {
  const lines = makeLines(random, lineCount);
  const nets = netByRate(lines);
  return { ...NOTHING, nets, gross: grossOf(nets), lines: numbered(lines, currency) };
}

/** Fewer of each thing than invoiced before; the sums are the difference. Each thing takes two lines. */
function KOR({ random, nip, issueDate, lineCount, currency }: BodyInput): Body {
  const before = makeLines(random, Math.ceil(lineCount / 2));
  const after = before.map((line) => ({ ...line, quantityTenths: random.int(0, line.quantityTenths) }));
  const nets = netByRate(after);
  for (const [rate, net] of netByRate(before)) addNet(nets, rate, -net);
  const original = random.chance(60)
    ? [element('NrKSeF', '1'), element('NrKSeFFaKorygowanej', makeKsefNumber(random, nip, issueDate))]
    : [element('NrKSeFN', '1')];
  return {
    ...NOTHING,
    nets,
    gross: grossOf(nets),
    correction: [
      element('PrzyczynaKorekty', random.pick(['zwrot towaru', 'błędna ilość', 'reklamacja uznana'])),
      element('TypKorekty', String(random.int(1, 3))),
      element('DaneFaKorygowanej', [
        element('DataWystFaKorygowanej', issueDate),
        element('NrFaKorygowanej', `FV/${random.digits(4)}/${issueDate.slice(0, 4)}`),
        ...original,
      ]),
    ],
    lines: before.flatMap((line, index) => [
      invoiceLine(line, index + 1, currency, true),
      invoiceLine(after[index] ?? line, index + 1, currency),
    ]),
  };
}

/** An advance on an order: part of its value, at the one rate that the order has. */
function ZAL({ random, lineCount, issueDate }: BodyInput): Body {
  const lines = makeLines(random, lineCount, ['23']);
  const nets = share(netByRate(lines), random.int(10, 60));
  const gross = grossOf(nets);
  return {
    ...NOTHING,
    nets,
    gross,
    correction: [
      random.chance(50)
        ? element('ZaliczkaCzesciowa', [element('P_6Z', issueDate), element('P_15Z', decimal(gross))])
        : null,
    ],
    order: [
      element('Zamowienie', [
        element('WartoscZamowienia', decimal(grossOf(netByRate(lines)))),
        ...lines.map((line, index) => orderLine(line, index + 1)),
      ]),
    ],
  };
}

/** The rest of what an advance was paid for: all lines, and the sums less the advance. */
function ROZ({ random, nip, issueDate, lineCount, currency }: BodyInput): Body {
  const lines = makeLines(random, lineCount, ['23']);
  const nets = share(netByRate(lines), random.int(40, 90));
  const advance = random.chance(60)
    ? [element('NrKSeFFaZaliczkowej', makeKsefNumber(random, nip, issueDate))]
    : [element('NrKSeFZN', '1'), element('NrFaZaliczkowej', `ZAL/${random.digits(4)}`)];
  return {
    ...NOTHING,
    nets,
    gross: grossOf(nets),
    advances: [element('FakturaZaliczkowa', advance)],
    lines: numbered(lines, currency),
  };
}

/** A simplified invoice: at most 450 PLN gross, a buyer known by NIP alone, and no sums by rate. */
function UPR({ random, currency }: BodyInput): Body {
  const price = random.int(500, 30_000);
  const [line] = makeLines(random, 1, ['23']);
  const lines = line === undefined ? [] : [{ ...line, quantityTenths: 10, price }];
  return {
    ...NOTHING,
    nets: new Map(),
    gross: grossOf(netByRate(lines)),
    lines: numbered(lines, currency),
  };
}

function share(nets: NetByRate, percent: number): Map<Rate, number> {
  return new Map([...nets].map(([rate, net]) => [rate, Math.round((net * percent) / 100)]));
}

function numbered(lines: Line[], currency: Currency): Child[] {
  return lines.map((line, index) => invoiceLine(line, index + 1, currency));
}

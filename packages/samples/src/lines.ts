import { addNet, type Currency, decimal, taxOf } from './money.ts';
import type { Random } from './random.ts';
import { type Goods, goods, type Rate } from './words.ts';
import { type Element, element } from './xml.ts';

export interface Line {
  goods: Goods;
  /** In tenths of the unit. */
  quantityTenths: number;
  /** Net price of one unit, hundredths of the currency. */
  price: number;
}

export function makeLines(random: Random, count: number, rates?: readonly Rate[]): Line[] {
  return Array.from({ length: count }, () => makeLine(random, rates));
}

function makeLine(random: Random, rates: readonly Rate[] | undefined): Line {
  for (;;) {
    const chosen = random.pick(goods);
    if (rates !== undefined && !rates.includes(chosen.rate)) continue;
    const quantityTenths = random.chance(80) ? random.int(1, 40) * 10 : random.int(1, 300);
    return { goods: chosen, quantityTenths, price: random.int(chosen.least, chosen.most) };
  }
}

export function netOf(line: Line): number {
  return Math.round((line.quantityTenths * line.price) / 10);
}

export function netByRate(lines: Line[]): Map<Rate, number> {
  const nets = new Map<Rate, number>();
  for (const line of lines) addNet(nets, line.goods.rate, netOf(line));
  return nets;
}

/** One line of an invoice; `before` marks what stood on the invoice that is being corrected. */
export function invoiceLine(line: Line, number: number, currency: Currency, before = false): Element {
  return element('FaWiersz', [
    element('NrWierszaFa', String(number)),
    element('P_7', line.goods.name),
    element('P_8A', line.goods.unit),
    element('P_8B', tenths(line.quantityTenths)),
    element('P_9A', decimal(line.price)),
    element('P_11', decimal(netOf(line))),
    element('P_12', line.goods.rate),
    currency.plnPerUnit === null ? null : element('KursWaluty', currency.plnPerUnit.toFixed(4)),
    before ? element('StanPrzed', '1') : null,
  ]);
}

/** One line of the order that an advance invoice is for. */
export function orderLine(line: Line, number: number): Element {
  const net = netOf(line);
  return element('ZamowienieWiersz', [
    element('NrWierszaZam', String(number)),
    element('P_7Z', line.goods.name),
    element('P_8AZ', line.goods.unit),
    element('P_8BZ', tenths(line.quantityTenths)),
    element('P_9AZ', decimal(line.price)),
    element('P_11NettoZ', decimal(net)),
    element('P_11VatZ', decimal(taxOf(line.goods.rate, net))),
    element('P_12Z', line.goods.rate),
  ]);
}

function tenths(quantity: number): string {
  return quantity % 10 === 0 ? String(quantity / 10) : (quantity / 10).toFixed(1);
}

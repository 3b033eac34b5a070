import type { Rate } from './words.ts';
import { type Child, element } from './xml.ts';

/** Net amounts per rate, in hundredths of the invoice's currency. */
export type NetByRate = ReadonlyMap<Rate, number>;

/** The invoice's currency and what one unit of it is worth in PLN (null for PLN itself). */
export interface Currency {
  code: 'PLN' | 'EUR';
  plnPerUnit: number | null;
}

// Where the form wants each rate's sums: FA(3), fields P_13_* (net) and P_14_* (tax).
const TAXED: [Rate, string][] = [
  ['23', '1'],
  ['8', '2'],
  ['5', '3'],
];

const PERCENT: Record<Rate, number> = { '23': 23, '8': 8, '5': 5, '0 KR': 0, zw: 0 };

export function decimal(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : '';
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function taxOf(rate: Rate, net: number): number {
  return Math.round((net * PERCENT[rate]) / 100);
}

export function grossOf(nets: NetByRate): number {
  return [...nets].reduce((total, [rate, net]) => total + net + taxOf(rate, net), 0);
}

export function addNet(nets: Map<Rate, number>, rate: Rate, net: number): void {
  nets.set(rate, (nets.get(rate) ?? 0) + net);
}

/** The sums by rate, in the order of the form; tax also in PLN where the invoice is in another currency. */
export function sums(nets: NetByRate, currency: Currency): Child[] {
  const taxed = TAXED.map(([rate, field]) => {
    const net = nets.get(rate);
    if (net === undefined) return null;
    const tax = taxOf(rate, net);
    const inPln = currency.plnPerUnit === null ? null : Math.round(tax * currency.plnPerUnit);
    return [
      element(`P_13_${field}`, decimal(net)),
      element(`P_14_${field}`, decimal(tax)),
      inPln === null ? null : element(`P_14_${field}W`, decimal(inPln)),
    ];
  });
  return [...taxed, netOnly('P_13_6_1', nets.get('0 KR')), netOnly('P_13_7', nets.get('zw'))];
}

function netOnly(field: string, net: number | undefined): Child {
  return net === undefined ? null : element(field, decimal(net));
}

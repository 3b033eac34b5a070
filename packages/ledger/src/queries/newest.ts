/** The page of a list that is ordered by id, newest first, whoever may see how much of it. */
import type { VisibleSellers } from './visible.ts';

/** Whose rows are asked for: null, everybody's. */
export function nipsAskedFor(sellers: VisibleSellers, nip: string | undefined): readonly string[] | null {
  if (sellers === 'all') return nip === undefined ? null : [nip];
  return [...new Set(sellers)].filter((one) => nip === undefined || one === nip);
}

/**
 * SQL of the newest ids under the conditions; `nips` is the parameter that holds whose they may be. Each seller's newest
 * are taken from its own index: going through everybody's until enough of them are found would read all of history
 * for one who has sent little. That is why a seller is said as a range: only that index has such an order.
 */
export function newest(
  table: 'invoices' | 'sessions',
  where: readonly string[],
  nips: string | null,
  limit: number,
): string {
  const most = Math.trunc(limit);
  const select = (conditions: readonly string[], order: string): string =>
    `SELECT id FROM ${table} WHERE ${['true', ...conditions].join(' AND ')} ORDER BY ${order} LIMIT ${most}`;
  if (nips === null) return select(where, 'id DESC');
  return `SELECT each.id FROM unnest(${nips}::text[]) AS seller (nip) CROSS JOIN LATERAL (
      ${select([`${table}.nip BETWEEN seller.nip AND seller.nip`, ...where], `${table}.nip DESC, id DESC`)}
    ) AS each ORDER BY each.id DESC LIMIT ${most}`;
}

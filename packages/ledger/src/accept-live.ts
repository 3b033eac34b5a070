import type { IntakeInvoice, InvoiceState } from '@wsad/domain';
import { storable, type Tx } from './db.ts';

export interface LiveInvoice {
  readonly id: string;
  readonly nip: string;
  readonly sha256: string;
  readonly state: InvoiceState;
  readonly ksefNumber: string | null;
}

/** For each the live invoice with the same bytes or else the same identity, by position. */
export async function liveInvoices(
  tx: Tx,
  invoices: readonly IntakeInvoice[],
): Promise<Map<number, LiveInvoice>> {
  if (invoices.length === 0) return new Map();
  const { rows } = await tx.query<LiveInvoice & { position: number }>(
    `SELECT wanted.position, live.id, live.nip, live.sha256, live.state, live.ksef_number AS "ksefNumber"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[])
       AS wanted (position, sha256, number, issuer_nip, kind)
     CROSS JOIN LATERAL (
       (SELECT * FROM invoices WHERE sha256 = wanted.sha256 AND state NOT IN ('rejected', 'withdrawn') LIMIT 1)
       UNION ALL
       (SELECT * FROM invoices WHERE number = wanted.number AND issuer_nip = wanted.issuer_nip AND kind = wanted.kind
          AND state NOT IN ('rejected', 'withdrawn') LIMIT 1)
       LIMIT 1
     ) AS live`,
    [
      invoices.map((invoice) => invoice.position),
      invoices.map((invoice) => invoice.sha256),
      invoices.map((invoice) => storable(invoice.facts.number)),
      invoices.map((invoice) => invoice.facts.issuerNip),
      invoices.map((invoice) => invoice.facts.kind),
    ],
  );
  return new Map(rows.map(({ position, ...live }) => [position, live]));
}

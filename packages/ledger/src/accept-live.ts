import type { InvoiceState } from '@wsad/domain';
import type { Intake } from './accept-insert.ts';
import { storable, type Tx } from './db.ts';
import { LIVE } from './stages.ts';

export interface LiveInvoice {
  readonly id: string;
  readonly nip: string;
  readonly sha256: string;
  readonly state: InvoiceState;
  readonly ksefNumber: string | null;
  readonly inTheWay: 'bytes' | 'identity' | 'correction';
}

/** For each the live invoice with the same bytes, else the same identity, else correcting the same, by position. */
export async function liveInvoices(tx: Tx, intakes: readonly Intake[]): Promise<Map<number, LiveInvoice>> {
  if (intakes.length === 0) return new Map();
  const invoices = intakes.map(({ invoice }) => invoice);
  const { rows } = await tx.query<LiveInvoice & { position: number }>(
    `SELECT wanted.position, live.id, live.nip, live.sha256, live.state, live.ksef_number AS "ksefNumber",
       live.in_the_way AS "inTheWay"
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS wanted (position, sha256, number, issuer_nip, kind, corrected_sha256)
     CROSS JOIN LATERAL (
       (SELECT *, 'bytes' AS in_the_way FROM invoices WHERE sha256 = wanted.sha256 AND ${LIVE} LIMIT 1)
       UNION ALL
       (SELECT *, 'identity' FROM invoices WHERE number = wanted.number AND issuer_nip = wanted.issuer_nip AND kind = wanted.kind
          AND ${LIVE} LIMIT 1)
       UNION ALL
       (SELECT *, 'correction' FROM invoices WHERE corrected_sha256 = wanted.corrected_sha256
          AND ${LIVE} LIMIT 1)
       LIMIT 1
     ) AS live`,
    [
      invoices.map((invoice) => invoice.position),
      invoices.map((invoice) => invoice.sha256),
      invoices.map((invoice) => storable(invoice.facts.number)),
      invoices.map((invoice) => invoice.facts.issuerNip),
      invoices.map((invoice) => invoice.facts.kind),
      intakes.map(({ correctedSha256 }) => correctedSha256),
    ],
  );
  return new Map(rows.map(({ position, ...live }) => [position, live]));
}

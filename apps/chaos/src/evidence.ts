/** What is left when a run is over: the rows of the ledger, KSeF's registry, the answers and the logs. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { Client } from 'pg';
import type { Told } from './client.ts';
import type { Death } from './fleet.ts';
import type { MetTwice } from './ksef.ts';
import type { Promised } from './workload.ts';

export interface LedgerInvoice {
  readonly id: string;
  readonly nip: string;
  readonly sha256: string;
  readonly state: string;
  readonly holdCause: string | null;
  readonly verdictCode: number | null;
  readonly ksefNumber: string | null;
  readonly hasReceipt: boolean;
  /** Of the bytes that are stored for it. */
  readonly storedSha256: string | null;
}

export interface LedgerSession {
  readonly id: string;
  readonly reference: string | null;
  readonly state: string;
  /** It was given up, which does not keep a sender that lost it unawares from closing it late. */
  readonly abandoned: boolean;
}

export interface Registered {
  readonly nip: string;
  readonly kind: string;
  readonly number: string;
  readonly sha256: string;
  readonly ksefNumber: string;
  readonly session: string;
}

export interface Evidence {
  readonly promised: readonly Promised[];
  readonly handedIn: ReadonlySet<string>;
  readonly invoices: readonly LedgerInvoice[];
  readonly sessions: readonly LedgerSession[];
  readonly registry: readonly Registered[];
  readonly told: readonly Told[];
  readonly metTwice: readonly MetTwice[];
  readonly overLimit: readonly string[];
  readonly odd: readonly string[];
  /** Calls that the API did not answer however often they were repeated. */
  readonly unanswered: readonly string[];
  readonly deaths: readonly Death[];
  readonly logs: ReadonlyMap<string, string>;
  /** By what they are. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Nothing moved any more, yet not everything had ended. */
  readonly outOfPatience: boolean;
  readonly allowed: {
    readonly meetTwice: boolean;
    readonly ends: readonly string[];
  };
}

export async function readLedger(
  url: string,
): Promise<{ invoices: LedgerInvoice[]; sessions: LedgerSession[] }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Omit<LedgerInvoice, 'storedSha256'> & { deflated: Buffer | null }>(
      `SELECT id, nip, sha256, state, hold_cause AS "holdCause", verdict_code AS "verdictCode",
         ksef_number AS "ksefNumber", receipt_session_id IS NOT NULL AS "hasReceipt", deflated
       FROM invoices LEFT JOIN payloads ON invoice_id = id ORDER BY id`,
    );
    const invoices = rows.map(({ deflated, ...row }) => ({ ...row, storedSha256: hashOf(deflated) }));
    const sessions = await client.query<LedgerSession>(
      'SELECT id, reference, state, abandoned_why IS NOT NULL AS abandoned FROM sessions ORDER BY id',
    );
    return { invoices, sessions: sessions.rows };
  } finally {
    await client.end();
  }
}

function hashOf(deflated: Buffer | null): string | null {
  if (deflated === null) return null;
  try {
    return createHash('sha256').update(inflateRawSync(deflated)).digest('base64');
  } catch {
    return null;
  }
}

import type { CertificateFacts } from '@wsad/domain';
import {
  CERTIFICATE_COLUMNS,
  type CertificateRow,
  type CertificateSecret,
  certificateFacts,
  certificateValues,
  secretBytes,
  secretOf,
} from './certificates.ts';
import { type Db, inTransaction } from './db.ts';
import { recordEvent } from './events.ts';
import { ensureSeller } from './sellers.ts';

export interface PutOfflineCertificate {
  readonly nip: string;
  readonly secret: CertificateSecret;
  readonly facts: CertificateFacts;
  readonly actor: string;
  readonly now: Date;
}

/** Sets or replaces the certificate that signs KOD II for the seller, which is made where it is new. */
export async function putOfflineCertificate(db: Db, put: PutOfflineCertificate): Promise<void> {
  const { nip, secret, facts, actor, now } = put;
  await inTransaction(db.pool, async (tx) => {
    await ensureSeller(tx, nip, now);
    await tx.query(
      `INSERT INTO offline_certificates (nip, sealed, put_at, ${CERTIFICATE_COLUMNS})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (nip) DO UPDATE SET sealed = excluded.sealed, put_at = excluded.put_at, expiry_told_at = NULL,
         (${CERTIFICATE_COLUMNS}) = ROW ($4, $5, $6, $7, $8)`,
      [nip, db.vault.seal('offline-certificate', nip, secretBytes(secret)), now, ...certificateValues(facts)],
    );
    const detail = { serial: facts.serialNumber };
    await recordEvent(tx, { at: now, type: 'offline-certificate.put', actor, nip, detail });
  });
}

/** False where there is none. */
export async function deleteOfflineCertificate(
  db: Db,
  { nip, actor, now }: { readonly nip: string; readonly actor: string; readonly now: Date },
): Promise<boolean> {
  return inTransaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query('DELETE FROM offline_certificates WHERE nip = $1', [nip]);
    if (rowCount === 0) return false;
    await recordEvent(tx, { at: now, type: 'offline-certificate.deleted', actor, nip });
    return true;
  });
}

export interface OfflineCertificate extends CertificateSecret {
  readonly facts: CertificateFacts;
}

/** With its key; null where there is none. */
export async function offlineCertificate(db: Db, nip: string): Promise<OfflineCertificate | null> {
  const { rows } = await db.pool.query<CertificateRow & { sealed: Buffer }>(
    `SELECT sealed, ${CERTIFICATE_COLUMNS} FROM offline_certificates WHERE nip = $1`,
    [nip],
  );
  const [row] = rows;
  const facts = row === undefined ? null : certificateFacts(row);
  if (row === undefined || facts === null) return null;
  return { ...secretOf(db.vault.open('offline-certificate', nip, row.sealed)), facts };
}

import type { PartUpload, SessionOpened, SessionPart } from '@wsad/domain';
import { z } from 'zod';
import type { Db, Tx } from './db.ts';
import { kept } from './kept-plans.ts';

const uploadSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** The parts whose upload addresses are still kept: they are wiped when the session needs no sender any more. */
export async function readParts(db: Db, sessionId: string): Promise<SessionPart[]> {
  const { rows } = await db.pool.query<{
    ordinal: number;
    size_bytes: number;
    sha256: string;
    upload_sealed: Buffer;
    uploaded_at: Date | null;
  }>(
    kept(`SELECT ordinal, size_bytes::float8, sha256, upload_sealed, uploaded_at FROM session_parts
      WHERE session_id = $1 AND upload_sealed IS NOT NULL ORDER BY ordinal`),
    [sessionId],
  );
  return rows.map((row) => ({
    ordinal: row.ordinal,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    upload: unsealUpload(db, sessionId, row.ordinal, row.upload_sealed),
    uploadedAt: row.uploaded_at,
  }));
}

export async function insertParts(
  db: Db,
  tx: Tx,
  sessionId: string,
  parts: SessionOpened['parts'],
): Promise<void> {
  for (const part of parts) {
    const sealed = db.vault.seal(
      'part-upload',
      `${sessionId}/${part.ordinal}`,
      Buffer.from(JSON.stringify(part.upload)),
    );
    await tx.query(
      `INSERT INTO session_parts (session_id, ordinal, size_bytes, sha256, upload_sealed)
       VALUES ($1, $2, $3, $4, $5)`,
      [sessionId, part.ordinal, part.sizeBytes, part.sha256, sealed],
    );
  }
}

export async function wipeUploads(tx: Tx, sessionId: string): Promise<void> {
  await tx.query('UPDATE session_parts SET upload_sealed = NULL WHERE session_id = $1', [sessionId]);
}

function unsealUpload(db: Db, sessionId: string, ordinal: number, sealed: Buffer): PartUpload {
  const text = db.vault.open('part-upload', `${sessionId}/${ordinal}`, sealed).toString('utf8');
  return uploadSchema.parse(JSON.parse(text));
}

/** Makes PostgreSQL unable to read what it has stored, as a bad disk does. */
import { randomBytes } from 'node:crypto';
import type { Client, Pool } from 'pg';

/** Too long to lie in the row itself. */
const LONG_BYTES = 5_000;

/** The payloads of these invoices become long ones whose pieces (TOAST) are gone: whoever reads them gets an XX001. */
export async function breakPayloads(pool: Pool, ...invoiceIds: string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('UPDATE payloads SET deflated = $2 WHERE invoice_id = ANY ($1::uuid[])', [
      invoiceIds,
      randomBytes(LONG_BYTES),
    ]);
    await forgetPieces(client, invoiceIds);
  } finally {
    client.release();
  }
}

/** PostgreSQL lets nobody delete from where it keeps the pieces, so for a moment that is a table like others. */
async function forgetPieces(client: Pick<Client, 'query'>, invoiceIds: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT reltoastrelid::regclass::text AS name FROM pg_class WHERE oid = 'payloads'::regclass`,
  );
  const [{ name } = { name: '' }] = rows;
  const makeIt = (kind: 'r' | 't') =>
    client.query(`UPDATE pg_class SET relkind = '${kind}' WHERE oid = '${name}'::regclass`);
  await client.query('BEGIN');
  await client.query('SET LOCAL allow_system_table_mods = on');
  await makeIt('r');
  await client.query(
    `DELETE FROM ${name} WHERE chunk_id IN (
       SELECT pg_column_toast_chunk_id(deflated) FROM payloads WHERE invoice_id = ANY ($1::uuid[]))`,
    [invoiceIds],
  );
  await makeIt('t');
  await client.query('COMMIT');
  // Whoever has the row may read its pieces, deleted or not, for as long as they lie there.
  await client.query(`VACUUM ${name}`);
}

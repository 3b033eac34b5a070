import { Client } from 'pg';

export interface Server {
  port: number;
  role: string;
  password: string;
}

/** Makes the database where it is absent and returns its address. */
export async function ensureDatabase(server: Server, database: string): Promise<string> {
  const client = new Client({ connectionString: urlOf(server, 'postgres') });
  // One that breaks fails its query too; without a listener Node would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  return urlOf(server, database);
}

export function urlOf({ port, role, password }: Server, database: string): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

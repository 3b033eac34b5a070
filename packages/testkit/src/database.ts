import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { servers } from './servers.ts';

export interface TestDatabase {
  /** `postgres://…`, as superuser. */
  url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

export interface Template {
  /** One name per kind of prepared database. */
  template: string;
  /** Fills the template, once in a test run; close every connection to it before settling. */
  prepare: (url: string) => Promise<void>;
}

// Copying files takes half the time of the default, which writes the copy to the log, and fsync is off.
const QUICKLY = 'strategy file_copy';

/**
 * A fresh database on the one PostgreSQL server that the test run shares (fsync off). With a template it starts as a
 * copy of what `prepare` made, which is quicker than preparing again and safe from several test files at once.
 */
export async function testDatabase(template?: Template): Promise<TestDatabase> {
  const serverUrl = await servers('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    const source = template === undefined ? 'template1' : await preparedTemplate(client, serverUrl, template);
    await client.query(`create database ${name} template ${client.escapeIdentifier(source)} ${QUICKLY}`);
  });
  const drop = () =>
    withClient(serverUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`);
    });
  return { url: databaseUrl(serverUrl, name), drop };
}

/** The template's name, once it is whole: it is prepared under another and renamed, so a failure leaves none. */
async function preparedTemplate(client: Client, serverUrl: string, template: Template): Promise<string> {
  const name = `template_${template.template}`;
  const making = `${name}_making`;
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return name;
    await client.query(`drop database if exists ${client.escapeIdentifier(making)} with (force)`);
    await client.query(`create database ${client.escapeIdentifier(making)} template template1 ${QUICKLY}`);
    await template.prepare(databaseUrl(serverUrl, making));
    await client.query(
      `alter database ${client.escapeIdentifier(making)} rename to ${client.escapeIdentifier(name)}`,
    );
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name]);
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

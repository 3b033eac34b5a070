// Run as a process of its own by the tests: starts a server on the folder given, says so, and keeps it busy.
import { Client } from 'pg';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../src/index.ts';

const [, , dataDir = ''] = process.argv;
try {
  const { url } = await startEmbeddedPostgres({ dataDir });
  const busy = new Client({ connectionString: url });
  busy.on('error', () => {});
  await busy.connect();
  busy.query('select pg_sleep(600)').catch(() => {});
  process.stdout.write(`${JSON.stringify({ url })}\n`);
} catch (error) {
  const code = error instanceof EmbeddedPostgresError ? error.code : String(error);
  process.stdout.write(`${JSON.stringify({ code })}\n`);
}

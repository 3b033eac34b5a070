import {
  createPostgresBackend,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
  type Telemetry,
  withBackend,
} from 'bullmq';
import { Client, type ClientBase } from 'pg';
import { type QueueBackend, queueSettings } from './queue-backend.ts';

/** Few: BullMQ reads all kept jobs whenever one ends; a thousand kept make it three times slower. */
const KEPT_JOBS_MAX = 50;
const CONNECT_MS = 1_000;
const QUERY_MS = 5_000;
/** A job may be lost: what it rings for is in the ledger. So no change of the queue waits for the disk. */
const UNSYNCED = '-c synchronous_commit=off';
/** For all queues of a process together. */
const PRODUCER_CONNECTIONS = 4;
/** For each worker, besides the one on which it listens. */
const WORKER_CONNECTIONS = 3;

export interface PostgresBackendOptions {
  url: string;
  schema: string;
  onError: (error: Error) => void;
  telemetry?: Telemetry;
}

/**
 * BullMQ on PostgreSQL, in a schema of its own. A worker is woken by NOTIFY (no polling) and holds one connection to
 * listen on; the queues of a process share one small pool. Brings the schema up to date first.
 */
export async function postgresBackend(options: PostgresBackendOptions): Promise<QueueBackend> {
  const { url, schema, onError, ...told } = options;
  await migrate(url, schema);
  const limits = {
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: QUERY_MS,
    options: UNSYNCED,
    onConnect: outliveErrors,
  };
  const shared = new PostgresConnection({
    connectionString: url,
    schema,
    ...limits,
    max: PRODUCER_CONNECTIONS,
  });
  shared.on('error', onError);
  const producers = withBackend(
    (name: string, settings: ConstructorParameters<typeof PostgresQueueBackend>[2]) =>
      new PostgresQueueBackend(shared, name, settings, false),
  );
  const consumers = withBackend(createPostgresBackend);
  await shared.waitUntilReady();
  return {
    queue: (name) => new producers.Queue(name, { connection: url, ...told, ...queueSettings(KEPT_JOBS_MAX) }),
    worker: async (name, process, settings, onError) => {
      const connection = { connectionString: url, schema, ...limits, max: WORKER_CONNECTIONS };
      const worker = new consumers.Worker(name, process, {
        ...settings,
        ...told,
        connection,
        autorun: false,
      });
      worker.on('error', onError);
      try {
        await worker.waitUntilReady();
      } catch (error) {
        await worker.close(true);
        throw error;
      }
      // Only now: one that never got its connection would look for jobs without a pause, and nothing else would run.
      worker.run().catch(onError);
      return worker;
    },
    ping: () => shared.pool.query('SELECT'),
    close: () => shared.close(),
  };
}

async function migrate(url: string, schema: string): Promise<void> {
  const client = new Client({ connectionString: url });
  outliveErrors(client);
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}

/** A connection that breaks fails its query too; without a listener Node would end the process. */
function outliveErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}

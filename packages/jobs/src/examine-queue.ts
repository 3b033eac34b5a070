/** Looks into the store of the queue without connecting workers to it: is it there, and is it fit for BullMQ? */
import { Redis } from 'ioredis';
import { Client } from 'pg';

export interface QueueExamination {
  readonly store: 'redis' | 'postgres';
  /** As the store names it, such as `7.0.15`. */
  readonly version: string;
  /** Redis: what it does when its memory is full; null where it does not tell, and on PostgreSQL. */
  readonly maxmemoryPolicy: string | null;
}

const PATIENCE_MS = 5_000;

/** Rejects where the store does not answer. */
export async function examineQueue(url: string): Promise<QueueExamination> {
  return new URL(url).protocol.startsWith('redis') ? await examineRedis(url) : await examinePostgres(url);
}

async function examineRedis(url: string): Promise<QueueExamination> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  });
  let why: Error | null = null;
  redis.on('error', (error) => {
    why = error;
  });
  try {
    await redis.connect();
    const info = await redis.info();
    return {
      store: 'redis',
      version: lineOf(info, 'redis_version') ?? '',
      maxmemoryPolicy: lineOf(info, 'maxmemory_policy'),
    };
  } catch (error) {
    // "Connection is closed" alone would hide what the server or the network said.
    throw why ?? error;
  } finally {
    redis.disconnect();
  }
}

function lineOf(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? null;
}

async function examinePostgres(url: string): Promise<QueueExamination> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "SELECT current_setting('server_version') AS version",
    );
    return { store: 'postgres', version: rows[0]?.version ?? '', maxmemoryPolicy: null };
  } finally {
    await client.end().catch(() => undefined);
  }
}

import { done, type WsadEvent } from '@wsad/domain';
import {
  describeWithRedis,
  eventually,
  startPostgresGoingDown,
  startRedis,
  startTcpProxy,
  testDatabase,
} from '@wsad/testkit';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { connectQueue, createDoorbell, startWorkers } from '../src/index.ts';
import { type Inbox, inbox } from './inbox.ts';

const clock = (): Date => new Date();

async function workingQueue(url: string, events: Inbox<WsadEvent>) {
  const runs = inbox<string>();
  const connection = await connectQueue({ url, emit: events.put, clock });
  const doorbell = createDoorbell(connection, { emit: events.put });
  const handle = async ({ sessionId }: { sessionId: string }) => {
    runs.put(sessionId);
    return done;
  };
  const workers = await startWorkers(
    connection,
    { send: handle },
    { emit: events.put, clock, random: () => 0 },
  );
  const close = async (): Promise<void> => {
    await workers.close(5_000);
    await doorbell.close();
    await connection.close();
  };
  return { runs, connection, doorbell, close };
}

it('a PostgreSQL that goes down just as it lets one in is told to the caller', async () => {
  const server = await startPostgresGoingDown();
  await expect(connectQueue({ url: server.url, emit: () => undefined, clock })).rejects.toThrow();
  await server.close();
});

describeWithRedis('without Redis', () => {
  it('a ring resolves within a second with ring.failed, and all works again once Redis is back', async () => {
    const events = inbox<WsadEvent>();
    const first = await startRedis();
    const { runs, doorbell, close } = await workingQueue(first.url, events);
    await doorbell.send('before');
    expect(await runs.take()).toBe('before');
    expect(events.all).toEqual([]);

    await first.kill();
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 100 }, (_, index) => doorbell.send(`s-${index}`)));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(events.all.filter(({ type }) => type === 'ring.failed')).toHaveLength(100);

    const second = await startRedis({ port: first.port });
    await eventually(async () => {
      await doorbell.send('after');
      return runs.all.includes('after');
    });
    await close();
    await second.stop();
  });

  it('at the start, rings fail in time, and all works once Redis is there', async () => {
    const events = inbox<WsadEvent>();
    const redis = await startRedis();
    await redis.stop();
    const { runs, doorbell, close } = await workingQueue(redis.url, events);
    await doorbell.send('before');
    expect(events.all.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ring.failed', 'queue.failed']),
    );

    const back = await startRedis({ port: redis.port });
    await eventually(async () => {
      await doorbell.send('after');
      return runs.all.includes('after');
    });
    await close();
    await back.stop();
  });

  it('workers that never saw it can be closed', async () => {
    const redis = await startRedis();
    await redis.stop();
    const { close } = await workingQueue(redis.url, inbox<WsadEvent>());
    await close();
  });
});

describeWithRedis('a line to Redis that swallows everything', () => {
  it('is given up by workers and rings alike, for one that goes through', async () => {
    const events = inbox<WsadEvent>();
    const redis = await startRedis();
    const proxy = await startTcpProxy(redis.url);
    const { runs, doorbell, close } = await workingQueue(proxy.through(redis.url), events);
    await doorbell.send('before');
    expect(await runs.take()).toBe('before');

    proxy.freeze();
    await eventually(
      async () => {
        await doorbell.send('after');
        return runs.all.includes('after');
      },
      { timeoutMs: 40_000 },
    );
    await close();
    await proxy.close();
    await redis.stop();
  }, 60_000);
});

describe('PostgreSQL cuts every connection', () => {
  it('and all works again', async () => {
    const database = await testDatabase();
    const events = inbox<WsadEvent>();
    const { runs, doorbell, close } = await workingQueue(database.url, events);
    await doorbell.send('before');
    await runs.take();

    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await client.end();
    expect(rowCount).toBeGreaterThan(1);

    await eventually(async () => {
      await doorbell.send('after');
      return runs.all.includes('after');
    });
    await close();
    await database.drop();
  });
});

describe('PostgreSQL has no connection free', () => {
  it('workers fail to start, all of them, and leave the process alive', async () => {
    const database = await testDatabase();
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    const role = `narrow_${new URL(database.url).pathname.slice(1)}`;
    await owner.query(`create role ${role} login password 'narrow' connection limit 12`);
    await owner.query(`grant create on database ${new URL(database.url).pathname.slice(1)} to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'narrow';
    const events = inbox<WsadEvent>();
    const connection = await connectQueue({ url: url.href, emit: events.put, clock });
    const hogs = await takeEveryConnection(url.href);
    const handlers = { dispatch: async () => done, send: async () => done, follow: async () => done };
    const options = { emit: events.put, clock, random: () => 0 };
    await expect(startWorkers(connection, handlers, options)).rejects.toThrow(/too many connections/);
    const left = async () =>
      (await owner.query('select from pg_stat_activity where usename = $1', [role])).rowCount;
    await connection.close();
    await Promise.all(hogs.map((hog) => hog.end()));
    await eventually(async () => (await left()) === 0);
    await owner.query(`drop owned by ${role}`);
    await owner.query(`drop role ${role}`);
    await owner.end();
    await database.drop();
  });
});

/** As many as the server still gives; the callers end them. */
async function takeEveryConnection(url: string): Promise<Client[]> {
  const taken: Client[] = [];
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
    } catch {
      return taken;
    }
    taken.push(client);
  }
}

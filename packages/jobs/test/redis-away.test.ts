/** What a Redis that stays away costs in memory: nothing that grows with the time, however much is rung meanwhile. */
import { done, type WsadEvent } from '@wsad/domain';
import { describeWithRedis, eventually, startRedis } from '@wsad/testkit';
import { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { connectQueue, createDoorbell, startWorkers } from '../src/index.ts';
import { inbox } from './inbox.ts';

const clock = (): Date => new Date();
/** Attempts to connect, a second apart in the end; by then BullMQ's own rounds have all run into the outage. */
const SOON = 15;
const LATE = process.env.CI === 'true' ? 75 : 22;

describeWithRedis('while Redis stays away', () => {
  it('no connection gathers commands or listeners, though a job was running and rings go on', async () => {
    const connect = vi.spyOn(Redis.prototype, 'connect');
    const redis = await startRedis();
    const events = inbox<WsadEvent>();
    const connection = await connectQueue({ url: redis.url, emit: events.put, clock });
    const doorbell = createDoorbell(connection, { emit: events.put });
    const started = inbox<string>();
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    const handle = async ({ sessionId }: { sessionId: string }) => {
      started.put(sessionId);
      await gate;
      return done;
    };
    const workers = await startWorkers(
      connection,
      { send: handle, follow: handle, dispatch: async () => done, login: async () => done },
      { emit: events.put, clock, random: () => 0 },
    );
    await doorbell.send('running');
    await started.take();
    await redis.kill();

    const attempts = attemptsOn(connections(connect));
    const ringUntil = async (count: number): Promise<void> => {
      for (let attempt = attempts(); attempt < count; attempt = attempts()) {
        await doorbell.follow(`ring-${attempt}`);
        await eventually(() => attempts() > attempt, { what: 'another attempt to connect' });
      }
    };
    await ringUntil(SOON);
    const soon = sizes(connections(connect));
    await ringUntil(LATE);
    expect(sizes(connections(connect))).toEqual(soon);

    openGate();
    const back = await startRedis({ port: redis.port });
    await eventually(async () => {
      await doorbell.send('after');
      return started.all.includes('after');
    });
    await workers.close(5_000);
    await doorbell.close();
    await connection.close();
    connect.mockRestore();
    await back.stop();
  }, 120_000);
});

/** Every connection that was ever begun, the ones that BullMQ makes for itself included. */
function connections(connect: { mock: { contexts: unknown[] } }): Redis[] {
  return [...new Set(connect.mock.contexts)].filter((context) => context instanceof Redis);
}

/** How often the least eager of them has tried to come back from now on. */
function attemptsOn(all: readonly Redis[]): () => number {
  const tried = all.map(() => 0);
  for (const [place, each] of all.entries())
    each.on('reconnecting', () => {
      tried[place] = (tried[place] ?? 0) + 1;
    });
  return () => Math.min(...tried);
}

function sizes(all: readonly Redis[]): unknown[] {
  return all.map((each) => ({
    waiting: queued(each, 'offlineQueue') + queued(each, 'commandQueue'),
    listeners: each.eventNames().reduce((sum, name) => sum + each.listenerCount(name), 0),
  }));
}

/** ioredis tells it nowhere else. */
function queued(redis: Redis, name: 'offlineQueue' | 'commandQueue'): number {
  const queue: unknown = Reflect.get(redis, name);
  return typeof queue === 'object' && queue !== null && 'length' in queue ? Number(queue.length) : 0;
}

import type { WsadEvent } from '@wsad/domain';
import { describeWithRedis, testDatabase, testRedis } from '@wsad/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import {
  connectQueue,
  createDoorbell,
  type JobHandlers,
  type QueueConnection,
  type QueueDoorbell,
  startWorkers,
  type Workers,
} from '../src/index.ts';
import { type Inbox, inbox } from './inbox.ts';

export interface QueueUnderTest {
  url: () => string;
  connection: () => QueueConnection;
  doorbell: () => QueueDoorbell;
  events: () => Inbox<WsadEvent>;
  work: (
    handlers: JobHandlers,
    options?: { concurrency?: Record<string, number>; random?: () => number },
  ) => Promise<Workers>;
}

const clock = (): Date => new Date();

/** The same suite on both stores, each test with an empty queue of its own. */
export function onBothBackends(name: string, suite: (queue: QueueUnderTest) => void): void {
  describeWithRedis(`${name}, on Redis`, () => suite(prepare(redisStore)));
  describe(`${name}, on PostgreSQL`, () => suite(prepare(postgresStore)));
}

interface Store {
  url: string;
  drop(): Promise<void>;
}

async function redisStore(): Promise<Store> {
  const redis = await testRedis();
  return { url: redis.url, drop: redis.stop };
}

const postgresStore = (): Promise<Store> => testDatabase();

function prepare(openStore: () => Promise<Store>): QueueUnderTest {
  let store: Store;
  let connection: QueueConnection;
  let doorbell: QueueDoorbell;
  let events: Inbox<WsadEvent>;
  let workers: Workers[] = [];

  beforeAll(async () => {
    store = await openStore();
  });
  beforeEach(async () => {
    events = inbox();
    connection = await connectQueue({ url: store.url, emit: events.put, clock });
    doorbell = createDoorbell(connection, { emit: events.put });
  });
  afterEach(async () => {
    await Promise.all(workers.map((each) => each.close(0)));
    workers = [];
    await doorbell.close();
    await connection.clear();
    await connection.close();
  });
  afterAll(() => store.drop());

  return {
    url: () => store.url,
    connection: () => connection,
    doorbell: () => doorbell,
    events: () => events,
    work: async (handlers, options = {}) => {
      const started = await startWorkers(connection, handlers, {
        emit: events.put,
        clock,
        random: () => 0,
        ...options,
      });
      workers.push(started);
      return started;
    },
  };
}

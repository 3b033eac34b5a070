import { Queue, type Telemetry, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type QueueBackend, queueSettings } from './queue-backend.ts';

const RECONNECT_MAX_MS = 1_000;
const KEPT_JOBS_MAX = 1_000;
/** A line may swallow what is sent without ever breaking: whoever waits for longer than this connects anew. */
const SILENCE_MS = 5_000;
/** BullMQ's workers ask Redis to keep them waiting for a job, for up to 10 s. */
const BLOCKING_SILENCE_MS = 15_000;

export interface RedisBackendOptions {
  url: string;
  prefix: string;
  onError: (error: Error) => void;
  telemetry?: Telemetry;
}

/**
 * BullMQ on Redis. Producers fail at once while Redis is away, since a ring is best effort; workers wait for it.
 * Needs no Redis at the start: it is connected to as soon as it is there.
 */
export function redisBackend({ url, prefix, onError, ...told }: RedisBackendOptions): QueueBackend {
  const reconnect = { retryStrategy: (times: number) => Math.min(times * 50, RECONNECT_MAX_MS) };
  const producer = new Redis(url, {
    ...reconnect,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: SILENCE_MS,
    socketTimeout: SILENCE_MS,
  });
  producer.on('error', onError);
  let consumer: Redis | undefined;
  const consumerOnce = (): Redis => {
    if (consumer === undefined) {
      consumer = new Redis(url, {
        ...reconnect,
        maxRetriesPerRequest: null,
        socketTimeout: BLOCKING_SILENCE_MS,
      });
      consumer.on('error', onError);
    }
    return consumer;
  };
  return {
    queue: (name) =>
      new Queue(name, { connection: producer, prefix, ...told, ...queueSettings(KEPT_JOBS_MAX) }),
    worker: async (name, process, settings, onError) => {
      const worker = new Worker(name, process, { ...settings, ...told, connection: consumerOnce(), prefix });
      worker.on('error', onError);
      return worker;
    },
    ping: () => producer.ping(),
    close: async () => {
      producer.disconnect();
      consumer?.disconnect();
    },
  };
}

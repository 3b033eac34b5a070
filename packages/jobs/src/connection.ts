import type { EmitEvent } from '@wsad/domain';
import { type JobName, jobNames } from './catalogue.ts';
import { postgresBackend } from './postgres-backend.ts';
import type { JobQueue, QueueBackend } from './queue-backend.ts';
import { redisBackend } from './redis-backend.ts';
import { sparingly } from './sparingly.ts';
import { within } from './within.ts';

export interface QueueOptions {
  /** `redis://`, `rediss://`, `postgres://` or `postgresql://`. */
  url: string;
  /** Keeps several installations apart: the key prefix on Redis (`{wsad}`), the schema on PostgreSQL (`wsad_queue`). */
  namespace?: string;
  emit: EmitEvent;
  clock: () => Date;
  /** Rings and runs become spans, and a run continues the trace of its ring. */
  traced?: boolean;
}

export interface QueueConnection {
  readonly backend: QueueBackend;
  queue(name: JobName): JobQueue;
  /** Tells of a fault of the queue itself, the same one at most every ten seconds. */
  readonly report: (queue: string, error: Error) => void;
  /** Whether the store of the queue is there; known within a second. */
  answers(): Promise<boolean>;
  /** Jobs in each queue by state, for metrics. Rejects while the queue is away. */
  counts(): Promise<QueueCounts>;
  /** Removes every job of every queue; for tests. */
  clear(): Promise<void>;
  /** Close workers and doorbell first. */
  close(): Promise<void>;
}

const PING_MS_MAX = 1_000;
const COUNTED = ['waiting', 'active', 'delayed', 'failed'] as const;
export type CountedState = (typeof COUNTED)[number];
export type QueueCounts = Record<JobName, Record<CountedState, number>>;

/** On PostgreSQL the server must be there; Redis may come later, since a ring is best effort. */
export async function connectQueue(options: QueueOptions): Promise<QueueConnection> {
  let closed = false;
  const report = sparingly(options.clock, (queue: string, message: string) => {
    if (!closed) options.emit({ type: 'queue.failed', queue, message });
  });
  const reportError = (queue: string, error: Error): void => report(queue, messageOf(error));
  const backend = await backendFor(options, (error) => reportError('all', error));
  const open = (name: JobName): JobQueue => {
    const queue = backend.queue(name);
    queue.on('error', (error) => reportError(name, error));
    return queue;
  };
  const queues: Record<JobName, JobQueue> = {
    dispatch: open('dispatch'),
    send: open('send'),
    follow: open('follow'),
    login: open('login'),
    receipt: open('receipt'),
    confirmation: open('confirmation'),
    authSessions: open('authSessions'),
    webhook: open('webhook'),
  };
  const each = <T>(work: (queue: JobQueue) => Promise<T>): Promise<T[]> =>
    Promise.all(jobNames.map((name) => work(queues[name])));
  return {
    backend,
    queue: (name) => queues[name],
    report: reportError,
    answers: () =>
      within(PING_MS_MAX, backend.ping()).then(
        () => true,
        () => false,
      ),
    counts: async () => countsOf(queues),
    clear: async () => {
      await each((queue) => queue.obliterate({ force: true }));
    },
    close: async () => {
      closed = true;
      await each((queue) => queue.close());
      await backend.close();
    },
  };
}

async function backendFor(options: QueueOptions, onError: (error: Error) => void): Promise<QueueBackend> {
  const { url, namespace, traced = false } = options;
  const told = traced ? { telemetry: (await import('./queue-telemetry.ts')).queueTelemetry() } : {};
  const { protocol } = new URL(url);
  if (protocol === 'postgres:' || protocol === 'postgresql:')
    return postgresBackend({ url, schema: namespace ?? 'wsad_queue', onError, ...told });
  if (protocol === 'redis:' || protocol === 'rediss:')
    // The braces keep all keys of an installation in one slot of a Redis cluster.
    return redisBackend({ url, prefix: namespace ?? '{wsad}', onError, ...told });
  throw new Error(`a queue is redis://, rediss:// or postgres://, not ${protocol}//`);
}

async function countsOf(queues: Record<JobName, JobQueue>): Promise<QueueCounts> {
  const count = async (name: JobName): Promise<Record<CountedState, number>> => {
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = await queues[name].getJobCounts(...COUNTED);
    return { waiting, active, delayed, failed };
  };
  const [dispatch, send, follow, login, receipt, confirmation, authSessions, webhook] = await Promise.all([
    count('dispatch'),
    count('send'),
    count('follow'),
    count('login'),
    count('receipt'),
    count('confirmation'),
    count('authSessions'),
    count('webhook'),
  ]);
  return { dispatch, send, follow, login, receipt, confirmation, authSessions, webhook };
}

function messageOf(error: Error): string {
  // Node answers an AggregateError without a message when every address of a host refuses.
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}

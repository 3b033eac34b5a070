import type { EmitEvent, Outcome } from '@wsad/domain';
import { backoffMs } from './backoff.ts';
import { type JobName, type JobPayloads, jobCatalogue, jobNames } from './catalogue.ts';
import type { QueueConnection } from './connection.ts';
import { processJob } from './process-job.ts';
import type { JobWorker, WorkerSettings } from './queue-backend.ts';
import { within } from './within.ts';

export type JobHandlers = {
  readonly [Name in JobName]?: (payload: JobPayloads[Name]) => Promise<Outcome>;
};

export interface WorkerOptions {
  /** Jobs at once in this process, by kind; the catalogue's where nothing is said. */
  concurrency?: Partial<Record<JobName, number>>;
  emit: EmitEvent;
  clock: () => Date;
  /** [0, 1), for the spread of retries. */
  random: () => number;
  /** Runs each job, told whose it is. */
  around?: <T>(of: JobIds, work: () => Promise<T>) => Promise<T>;
}

/** The kind of job, and what its payload names. */
export type JobIds = Readonly<Record<string, string>> & { readonly job: JobName };

export interface Workers {
  /**
   * Takes no more jobs, and waits at most `drainMs` for those that run. Then it asks for them to be interrupted, gives
   * them a moment to end, and lets go of the rest: others take them over.
   */
  close(drainMs: number, interrupt?: () => Promise<void>): Promise<void>;
}

/**
 * A dead worker's lock ends within LOCK_MS and is found at the next check: its job is taken over after at most 7 s.
 * A live one renews in time even when its event loop is blocked for 3 s.
 */
const LOCK_MS = 5_000;
const LOCK_RENEW_MS = 1_250;
const STALLED_CHECK_MS = 1_500;
/** Takeovers are not the job's fault. */
const STALLED_MAX = 1_000;
const STORE_RETRY_MS = 1_000;

/** Starts a worker for every kind of job that has a handler: all of them, or none. */
export async function startWorkers(
  connection: QueueConnection,
  handlers: JobHandlers,
  options: WorkerOptions,
): Promise<Workers> {
  const started = await Promise.allSettled(
    jobNames.map((name) => startWorker(name, connection, handlers, options)),
  );
  const workers = started.flatMap((worker) => (worker.status === 'fulfilled' ? (worker.value ?? []) : []));
  const close: Workers['close'] = (drainMs, interrupt) => drain(workers, drainMs, interrupt);
  const failed = started.find((worker) => worker.status === 'rejected');
  if (failed === undefined) return { close };
  await close(0);
  throw failed.reason;
}

async function startWorker<Name extends JobName>(
  name: Name,
  connection: QueueConnection,
  handlers: JobHandlers,
  options: WorkerOptions,
): Promise<JobWorker | null> {
  const handle = handlers[name];
  if (handle === undefined) return null;
  const { emit, clock } = options;
  const kind = jobCatalogue[name];
  const around = <T>(payload: JobPayloads[Name], work: () => Promise<T>): Promise<T> =>
    options.around?.({ ...payload, job: name }, work) ?? work();
  const context = { queue: connection.queue(name), kind, handle, emit, clock, around };
  return await connection.backend.worker(
    name,
    (job) => processJob(job, context),
    settingsOf(name, options),
    (error) => connection.report(name, error),
  );
}

function settingsOf(name: JobName, { concurrency, random }: WorkerOptions): WorkerSettings {
  return {
    concurrency: concurrency?.[name] ?? jobCatalogue[name].concurrency,
    lockDuration: LOCK_MS,
    lockRenewTime: LOCK_RENEW_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: STALLED_MAX,
    runRetryDelay: STORE_RETRY_MS,
    settings: { backoffStrategy: (attemptsMade) => backoffMs(attemptsMade, random) },
  };
}

/** A lease that was handed over is noticed within 2 s. */
const INTERRUPTED_MS = 3_000;

async function drain(
  workers: readonly JobWorker[],
  drainMs: number,
  interrupt?: () => Promise<void>,
): Promise<void> {
  const pauses = workers.map((worker) => worker.pause());
  if (!(await allWithin(drainMs, pauses)) && interrupt !== undefined) {
    await interrupt();
    await allWithin(INTERRUPTED_MS, pauses);
  }
  await Promise.all(
    workers.map(async (worker, index) => worker.close(!(await allWithin(0, pauses.slice(index, index + 1))))),
  );
}

function allWithin(limitMs: number, promises: readonly Promise<unknown>[]): Promise<boolean> {
  return within(limitMs, Promise.all(promises)).then(
    () => true,
    () => false,
  );
}

/** What this package needs of BullMQ, whichever store is behind it. */
import type { JobsOptions, JobType, QueueOptions, WorkerOptions } from 'bullmq';

export interface JobQueue {
  readonly name: string;
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  getJobCounts(...types: JobType[]): Promise<Record<string, number>>;
  obliterate(options: { force: boolean }): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

export interface RunningJob {
  readonly name: string;
  readonly data: unknown;
}

export interface JobWorker {
  pause(doNotWaitActive?: boolean): Promise<void>;
  close(force?: boolean): Promise<void>;
}

export type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;

export interface QueueBackend {
  queue(name: string): JobQueue;
  /** Resolves once the worker listens, where its store must be there at the start; rejects where it cannot. */
  worker(
    name: string,
    process: (job: RunningJob) => Promise<void>,
    settings: WorkerSettings,
    onError: (error: Error) => void,
  ): Promise<JobWorker>;
  /** Rejects while the store does not answer. */
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

/** The reconciler rings anew for what even this many tries did not mend. */
const ATTEMPTS_MAX = 1_000;

/** `keptMax` completed and failed jobs stay for Bull Board. */
export function queueSettings(keptMax: number): Omit<QueueOptions, 'connection' | 'prefix'> {
  return {
    defaultJobOptions: {
      attempts: ATTEMPTS_MAX,
      backoff: { type: 'custom' },
      stackTraceLimit: 1,
      removeOnComplete: { count: keptMax },
      removeOnFail: { count: keptMax },
    },
    // Nobody reads BullMQ's event streams here; short ones keep the store small.
    streams: { events: { maxLen: 100 } },
  };
}

/** api, worker and poller in one process, on embedded PostgreSQL where no database is named. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type RunningApi, startApi } from '@wsad/api';
import { type Config, type Secrets, writableFolder } from '@wsad/config';
import { startEmbeddedPostgres } from '@wsad/embedded';
import { startPoller } from '@wsad/poller';
import type { Telemetry } from '@wsad/telemetry';
import { gaugeProcess, type Opened, openCommon, practiseSending, tellBadSpool, worldOf } from '@wsad/wiring';
import { startWorker } from '@wsad/worker';

export interface Services {
  readonly api: RunningApi;
  /** Drains: at once no more calls and no more jobs, then the ledger, PostgreSQL last. */
  close(): Promise<void>;
}

const clock = (): Date => new Date();

export async function startServices(
  config: Config,
  secrets: Secrets,
  telemetry: Telemetry,
): Promise<Services> {
  const closing: (() => Promise<unknown>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const databaseUrl = config.databaseUrl ?? (await embedded(config, closing));
    const opened = await openCommon(config, secrets, databaseUrl, telemetry.emit, clock);
    closing.push(() => opened.close());
    if (config.databaseUrl === null) await takeOver(opened, config);
    gaugeProcess(telemetry, config.role, opened.ledger.pool);
    const wired = worldOf(config, opened, telemetry.emit, clock);
    closing.push(() => wired.close());
    await tellBadSpool(config.spoolDir, telemetry.emit);
    // By itself: it keeps the event loop, and connections to a queue are given a second.
    if (config.practises) await practiseSending(wired.world);
    // All at once, so that they share one span of time.
    const draining: (() => Promise<void>)[] = [];
    closing.push(() => Promise.all(draining.map((drain) => drain())));
    const poller = await startPoller(wired.world, opened.queue);
    draining.push(() => poller.close(config.shutdownMs, wired.interrupt));
    const worker = await startWorker(wired.world, opened.queue, config.workerConcurrency);
    draining.push(() => worker.close(config.shutdownMs, wired.interrupt));
    const api = await startApi({ config, secrets, opened, telemetry, clock, randomBytes });
    draining.push(() => api.close());
    return { api, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function embedded(config: Config, closing: (() => Promise<unknown>)[]): Promise<string> {
  const dataDir = await writableFolder(join(config.dataDir, 'postgres'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  let stopping = false;
  closing.push(() => {
    stopping = true;
    return postgres.stop();
  });
  // Without its database this process can do nothing; whoever supervises it starts both again.
  void postgres.exited.then(() => {
    if (!stopping) endWithout('the embedded PostgreSQL has ended');
  });
  return postgres.url;
}

/**
 * The embedded database is ours alone: what still looks taken was left by the process before us, and need not run out
 * first. Nor need the jobs in it: the ledger knows what is to be done, and the poller rings for it within a second.
 */
async function takeOver({ ledger, queue }: Opened, config: Config): Promise<void> {
  await ledger.releaseEveryLease(clock());
  if (config.queueUrl === null) await queue.clear();
}

function endWithout(why: string): void {
  console.error(`wsad ends: ${why}`);
  process.exit(1);
}

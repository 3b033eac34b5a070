/** What every process of wsad opens first and closes last: the ledger, the queue and its doorbell. */
import type { Config, Secrets } from '@wsad/config';
import { createRightOfWay, type EmitEvent, type RightOfWay } from '@wsad/domain';
import { connectQueue, createDoorbell, type QueueConnection, type QueueDoorbell } from '@wsad/jobs';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { watchClock } from './clock-watch.ts';
import { createWorld, type WiredWorld } from './world.ts';

/** KSeF's longest window: what waits for longer was planned by a clock that ran ahead, maybe of a process that is no more. */
const PLANNED_MS_MOST = 3_600_000;

export interface Opened {
  readonly ledger: PostgresLedger;
  readonly queue: QueueConnection;
  readonly doorbell: QueueDoorbell;
  readonly rightOfWay: RightOfWay;
  close(): Promise<void>;
}

/** The schema is brought up to date, and the ledger is held to its environment and its vault key, before anything runs. */
export async function openCommon(
  config: Config,
  secrets: Secrets,
  databaseUrl: string,
  emit: EmitEvent,
  clock: () => Date,
): Promise<Opened> {
  const rightOfWay = createRightOfWay();
  const ledger = createLedger({
    databaseUrl,
    vaultKey: secrets.vaultKey,
    earlierVaultKeys: secrets.earlierVaultKeys,
    connectionsMax: connectionsOf(config),
    egress: config.egress,
    giveWay: rightOfWay.giveWay,
  });
  try {
    await ledger.refuseUnfinishedRestore();
    await ledger.migrate();
    await ledger.bindEnvironment(config.ksef.environment);
    await ledger.verifyVaultKey();
    await ledger.clockPutBack(clock(), { spareMs: PLANNED_MS_MOST });
    const queue = await connectQueue({
      url: config.queueUrl ?? databaseUrl,
      traced: config.traces.url !== null,
      ...{ emit, clock },
    });
    const doorbell = createDoorbell(queue, { emit });
    return {
      ledger,
      queue,
      doorbell,
      rightOfWay,
      async close() {
        await doorbell.close();
        await queue.close();
        await ledger.close();
      },
    };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** A ledger that is away would keep a process from ending. */
const WATCH_STOPS_MS = 1_000;

export function worldOf(config: Config, opened: Opened, emit: EmitEvent, clock: () => Date): WiredWorld {
  const wired = createWorld({
    ledger: opened.ledger,
    doorbell: opened.doorbell,
    rightOfWay: opened.rightOfWay,
    emit,
    clock,
    ksefBaseUrl: config.ksef.baseUrl,
    latarniaUrl: config.ksef.latarniaUrl,
    webhookHosts: config.webhookHosts,
    egress: config.egress,
    spoolDirectory: config.spoolDir,
    compression: config.compression,
  });
  const steadyMs = (): number => performance.now();
  const { forgetKsefClock: moved, clockPutBack: putBack } = opened.ledger;
  const watch = watchClock({ clock, steadyMs, moved, putBack }, emit);
  return {
    ...wired,
    async close() {
      await watch.stop(WATCH_STOPS_MS);
      await wired.close();
    },
  };
}

/** A few for each sending at once, and some for everything else. */
function connectionsOf(config: Config): number {
  const sending = config.role === 'worker' || config.role === 'all' ? config.workerConcurrency : 0;
  return 8 + sending;
}

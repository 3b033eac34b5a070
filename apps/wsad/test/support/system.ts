/** The whole of wsad in one process for a test: API, workers and pollers, each with connections and a world of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '@wsad/api';
import { type Config, type Role, readConfig, resolveSecrets } from '@wsad/config';
import type { WsadEvent } from '@wsad/domain';
import { type Emulator, type EmulatorOptions, type Exchange, startEmulator } from '@wsad/emulator';
import { createLedger } from '@wsad/ledger';
import { startPoller } from '@wsad/poller';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { testDatabase, testRedis } from '@wsad/testkit';
import { type Opened, openCommon, type WiredWorld, worldOf } from '@wsad/wiring';
import { startWorker } from '@wsad/worker';
import { type ApiClient, createApiClient } from './api-client.ts';
import type { Wire } from './wire.ts';

/** An exchange, and when it was answered, in ms from an unnamed beginning. */
export type Seen = Exchange & { readonly atMs: number };

/** The day on which every test begins, at eleven in Warsaw: no test runs over midnight. */
export const TODAY = '2026-11-16';
const BEGINNING = Date.parse(`${TODAY}T10:00:00Z`);
const DRAIN_MS = 2_000;

export type QueueKind = 'redis' | 'postgres';

export interface SystemOptions {
  readonly queue: QueueKind;
  /** How many workers and pollers run from the start; one of each where nothing is said. */
  readonly workers?: number;
  readonly pollers?: number;
  readonly lingerMs?: number;
  readonly emulator?: EmulatorOptions;
  readonly wire: Wire;
}

export interface System {
  readonly emulator: Emulator;
  readonly api: ApiClient;
  /** What went over the wire between wsad and this emulator, in order. */
  readonly exchanges: readonly Seen[];
  /** What all processes told, in order. */
  readonly events: readonly WsadEvent[];
  /** The time of wsad and of the emulator. */
  readonly now: () => Date;
  /** Moves that time ahead for both. */
  advance(ms: number): void;
  startWorker(): Promise<void>;
  startPoller(): Promise<void>;
  /** Everything in the queue is gone, as if its server had started anew. */
  loseQueue(): Promise<void>;
  /** Told of every event from now on. */
  onEvent(listen: (event: WsadEvent) => void): void;
  close(): Promise<void>;
}

type Closing = (() => Promise<unknown>)[];

export async function startSystem(options: SystemOptions): Promise<System> {
  const closing: Closing = [];
  try {
    return await start(options, closing);
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

async function start(options: SystemOptions, closing: Closing): Promise<System> {
  const time = createTime();
  const exchanges: Seen[] = [];
  const onExchange = (exchange: Exchange): void => {
    exchanges.push({ ...exchange, atMs: performance.now() });
    options.wire.onExchange(exchange);
  };
  const emulator = await startEmulator({ clock: time.now, onExchange, ...options.emulator });
  closing.push(() => emulator.close());
  const stores = await openStores(options.queue, closing);
  const told = createEvents();
  const processes = await prepareProcesses(options, emulator, stores, told, time.now, closing);
  const api = await processes.api();
  await repeated(options.pollers ?? 1, processes.poller);
  await repeated(options.workers ?? 1, processes.worker);
  return {
    emulator,
    api,
    exchanges,
    ...{ events: told.events, onEvent: told.listen },
    ...{ now: time.now, advance: time.advance },
    startWorker: processes.worker,
    startPoller: processes.poller,
    loseQueue: stores.loseQueue,
    close: () => closeAll(closing),
  };
}

/** Runs at the pace of the real clock from a fixed beginning on. */
function createTime(): { now: () => Date; advance: (ms: number) => void } {
  let shiftMs = BEGINNING - Date.now();
  return {
    now: () => new Date(Date.now() + shiftMs),
    advance: (ms) => {
      shiftMs += ms;
    },
  };
}

interface Events {
  readonly events: WsadEvent[];
  tell(event: WsadEvent): void;
  listen(listener: (event: WsadEvent) => void): void;
}

function createEvents(): Events {
  const events: WsadEvent[] = [];
  const listeners: ((event: WsadEvent) => void)[] = [];
  return {
    events,
    tell(event) {
      events.push(event);
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => void listeners.push(listener),
  };
}

interface Stores {
  readonly databaseUrl: string;
  /** Empty where the queue is the database. */
  readonly queueUrl: string;
  loseQueue(): Promise<void>;
}

async function openStores(queue: QueueKind, closing: Closing): Promise<Stores> {
  const database = await testDatabase({ template: 'ledger', prepare: migrated });
  closing.push(() => database.drop());
  if (queue === 'postgres') {
    const loseQueue = () => Promise.reject(new Error('this queue is lost with the ledger alone'));
    return { databaseUrl: database.url, queueUrl: '', loseQueue };
  }
  const redis = await testRedis();
  closing.push(() => redis.stop());
  return { databaseUrl: database.url, queueUrl: redis.url, loseQueue: redis.flush };
}

async function migrated(databaseUrl: string): Promise<void> {
  const ledger = createLedger({ databaseUrl, vaultKey: randomBytes(32) });
  await ledger.migrate();
  await ledger.close();
}

/** What starts each kind of process; each opens the ledger and the queue for itself, as it would on a node of its own. */
async function prepareProcesses(
  { lingerMs }: SystemOptions,
  emulator: Emulator,
  stores: Stores,
  told: Events,
  clock: () => Date,
  closing: Closing,
) {
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'wsad-test-'));
  closing.push(() => rm(spoolDirectory, { recursive: true, force: true }));
  const environment = {
    KSEF_BASE_URL: `${emulator.url}/v2`,
    DATABASE_URL: stores.databaseUrl,
    QUEUE_URL: stores.queueUrl,
    API_PORT: '0',
    VAULT_KEY: randomBytes(32).toString('base64'),
    ADMIN_TOKEN: `admin-${randomBytes(8).toString('hex')}`,
    WSAD_SPOOL_DIR: spoolDirectory,
    WSAD_LOG_LEVEL: 'silent',
    // Few at once, and so few connections: many systems share one PostgreSQL.
    WSAD_WORKER_CONCURRENCY: '2',
    WSAD_WEBHOOK_HOSTS: '127.0.0.1',
    WSAD_PRACTICE: 'off',
    ...(lingerMs === undefined ? {} : { WSAD_LINGER_MS: String(lingerMs) }),
  };
  const open = (role: Role) => openProcess(readConfig(environment, { role }), told, clock, closing);
  return {
    async api(): Promise<ApiClient> {
      const { config, secrets, opened, telemetry } = await open('api');
      const api = await startApi({ config, secrets, opened, telemetry, clock, randomBytes });
      closing.push(() => api.close());
      return createApiClient(api.url, environment.ADMIN_TOKEN);
    },
    async worker(): Promise<void> {
      const { config, opened, wired } = await open('worker');
      const worker = await startWorker(wired.world, opened.queue, config.workerConcurrency);
      closing.push(() => worker.close(DRAIN_MS));
    },
    async poller(): Promise<void> {
      const { opened, wired } = await open('poller');
      const poller = await startPoller(wired.world, opened.queue);
      closing.push(() => poller.close(DRAIN_MS));
    },
  };
}

async function openProcess(config: Config, told: Events, clock: () => Date, closing: Closing) {
  const secrets = await resolveSecrets(config, { randomBytes });
  const own = createTelemetry({ logger: createLogger({ level: config.logLevel }) });
  const emit = (event: WsadEvent): void => {
    own.emit(event);
    told.tell(event);
  };
  const { databaseUrl } = config;
  if (databaseUrl === null) throw new Error('a process of its own needs a database');
  const opened: Opened = await openCommon(config, secrets, databaseUrl, emit, clock);
  closing.push(() => opened.close());
  const wired: WiredWorld = worldOf(config, opened, emit, clock);
  closing.push(() => wired.close());
  return { config, secrets, opened, wired, telemetry: { ...own, emit } };
}

async function repeated(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time += 1) await work();
}

async function closeAll(closing: Closing): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Everything that one run consists of, wired together: servers, KSeF, the parts of wsad and the ways between them. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { findFreePort } from '@wsad/embedded';
import { type Client, createClient } from './client.ts';
import { type Clocks, createClocks } from './clocks.ts';
import type { Part, Upstream } from './faults.ts';
import { createFleet, type Fleet, type Plant } from './fleet.ts';
import { type Ksef, startKsef } from './ksef.ts';
import type { Plan } from './plan.ts';
import { type Link, openLink } from './proxy.ts';
import type { Stores } from './stores.ts';

export interface Rig {
  readonly stores: Stores;
  readonly ksef: Ksef;
  readonly clocks: Clocks;
  readonly fleet: Fleet;
  readonly client: Client;
  /** The ledger, past all proxies. */
  readonly databaseUrl: string;
  /** What must stand in no log, by what it is. */
  readonly secrets: Map<string, string>;
  /** The part that does this part's work in this run; null where it has none such. */
  partOf(part: Part): Part | null;
  linksTo(upstream: Upstream): readonly Link[];
  linkOf(part: Part, upstream: Upstream): Link;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly plan: Plan;
  readonly stores: Stores;
  /** For clocks and logs. */
  readonly folder: string;
  readonly plants?: readonly Plant[];
}

const PROGRAMS: Readonly<Record<Part, string>> = {
  api: 'apps/api/src/main.ts',
  worker: 'apps/worker/src/main.ts',
  worker2: 'apps/worker/src/main.ts',
  poller: 'apps/poller/src/main.ts',
};
const TOGETHER = 'apps/wsad/src/main.ts';

export async function openRig({ plan, stores, folder, plants = [] }: RigOptions): Promise<Rig> {
  await mkdir(folder, { recursive: true });
  const name = `run_${randomBytes(6).toString('hex')}`;
  const [databaseUrl, isEmpty] = await Promise.all([stores.postgres.database(name), stores.redis.flush()]);
  if (!isEmpty) throw new Error('there is no Redis to begin with');
  const clocks = createClocks(folder, stores.postgres.clockFile(name));
  const storageTo = await findFreePort();
  const ways = new Map<string, Link>();
  const ksef = await startKsef({
    clock: clocks.ksef,
    port: storageTo,
    uploadHost: await opened(ways, 'storage', storageTo),
    speed: plan.seed % 2 === 0 ? 'instant' : 'realistic',
  });
  const programs = programsOf(plan);
  for (const part of programs.keys()) {
    await opened(ways, `${part} postgres`, stores.postgres.port);
    await opened(ways, `${part} redis`, stores.redis.port);
    await opened(ways, `${part} ksef`, ksef.emulator.port);
  }
  const linkOf = (part: Part, upstream: Upstream): Link => {
    const link = ways.get(upstream === 'storage' ? upstream : `${part} ${upstream}`);
    if (link === undefined) throw new Error(`there is no way from ${part} to ${upstream}`);
    return link;
  };
  const secrets = new Map<string, string>();
  const secret = (what: string, bytes: number): string => {
    const text = randomBytes(bytes).toString('base64');
    secrets.set(text, what);
    return text;
  };
  const apiPort = await findFreePort();
  const adminToken = secret('ADMIN_TOKEN', 24);
  const password = new URL(databaseUrl).password;
  secrets.set(password, 'the password of PostgreSQL');
  const shared = {
    VAULT_KEY: secret('VAULT_KEY', 32),
    ADMIN_TOKEN: adminToken,
    API_PORT: String(apiPort),
    WSAD_SPOOL_DIR: folder,
    WSAD_WORKER_CONCURRENCY: '4',
    WSAD_SHUTDOWN_MS: '5000',
    // Parts start again and again; what is together practises, as it does at home.
    WSAD_PRACTICE: plan.shape === 'apart' ? 'off' : 'on',
  };
  const environmentOf = (part: Part): Record<string, string> => ({
    ...shared,
    KSEF_BASE_URL: `http://127.0.0.1:${linkOf(part, 'ksef').port}/v2`,
    DATABASE_URL: throughPort(databaseUrl, linkOf(part, 'postgres').port),
    ...(plan.queue === 'redis' ? { QUEUE_URL: `redis://127.0.0.1:${linkOf(part, 'redis').port}` } : {}),
  });
  const fleet = createFleet({ programs, environmentOf, clockFile: clocks.file, folder, plants });
  return {
    ...{ stores, ksef, clocks, fleet, databaseUrl, secrets, linkOf },
    client: createClient(`http://127.0.0.1:${apiPort}`, adminToken),
    partOf: (part) => (programs.has(part) ? part : plan.shape === 'together' ? 'api' : null),
    linksTo: (upstream) => [...ways].filter(([way]) => way.endsWith(upstream)).map(([, link]) => link),
    async close() {
      await fleet.end();
      for (const link of ways.values()) await link.close();
      await ksef.emulator.close();
      await stores.postgres.drop(name);
    },
  };
}

function programsOf({ shape, workers }: Plan): Map<Part, string> {
  if (shape === 'together') return new Map([['api', TOGETHER]]);
  const parts: readonly Part[] = [
    'api',
    'worker',
    ...(workers === 2 ? (['worker2'] as const) : []),
    'poller',
  ];
  return new Map(parts.map((part) => [part, PROGRAMS[part]]));
}

/** Opens a way and answers its near end. */
async function opened(ways: Map<string, Link>, name: string, port: number): Promise<string> {
  const link = await openLink(port);
  ways.set(name, link);
  return `http://127.0.0.1:${link.port}`;
}

function throughPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}

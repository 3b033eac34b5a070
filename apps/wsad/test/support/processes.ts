/** wsad as it runs in production: each role a process of its own, over one database, one queue and one KSeF. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '@wsad/config';
import { warsawDay } from '@wsad/domain';
import { type Emulator, type EmulatorOptions, startEmulator } from '@wsad/emulator';
import type { SampleInvoice } from '@wsad/samples';
import { compileCache, eventually, repoRoot, testDatabase } from '@wsad/testkit';
import { expect, onTestFinished } from 'vitest';
import { type ApiClient, createApiClient, type Entry } from './api-client.ts';
import type { Ended } from './npm-group.ts';
import { invoicesOf, newSeller } from './sellers.ts';

export interface RoleProcess {
  readonly ended: Promise<Ended>;
  readonly output: () => string;
  signal(signal: NodeJS.Signals): void;
  /** The first group of the pattern, once the output matches; throws where the process ends without. */
  saying(pattern: RegExp): Promise<string>;
}

export interface ApiProcess extends RoleProcess {
  readonly client: ApiClient;
  readonly url: string;
  readonly adminToken: string;
}

export interface Installation {
  readonly emulator: Emulator;
  readonly databaseUrl: string;
  readonly spoolDirectory: string;
  /** Settles once it works. `root` is another version's tree, `env` what differs from the others. */
  start(role: Exclude<Role, 'all' | 'api'>, at?: StartOptions): Promise<RoleProcess>;
  startApi(at?: StartOptions): Promise<ApiProcess>;
}

interface StartOptions {
  readonly root?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Takes what has to be done at the end. */
type AtEnd = (work: () => Promise<unknown>) => void;

interface Given {
  readonly databaseUrl?: string;
  readonly queueUrl?: string;
  readonly emulator?: EmulatorOptions;
  readonly atEnd?: AtEnd;
}

/** Lets a process start sooner, and changes nothing that it does. The version before knows no such setting. */
const SOONER = { WSAD_PRACTICE: 'off', NODE_COMPILE_CACHE: compileCache };

const atEndOfTest: AtEnd = (work) => onTestFinished(async () => void (await work()));

/**
 * `databaseUrl` and `queueUrl` where they are to be others than a fresh database. Everything of it ends with the test,
 * where nothing else is said.
 */
export async function installation(given: Given = {}): Promise<Installation> {
  const { atEnd = atEndOfTest } = given;
  const emulator = await startEmulator({ speed: 'instant', ...given.emulator });
  atEnd(() => emulator.close());
  const databaseUrl = given.databaseUrl ?? (await freshDatabase(atEnd));
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'wsad-processes-'));
  atEnd(() => rm(spoolDirectory, { recursive: true, force: true }));
  const adminToken = `admin-${randomBytes(8).toString('hex')}`;
  const env = {
    KSEF_BASE_URL: `${emulator.url}/v2`,
    DATABASE_URL: databaseUrl,
    QUEUE_URL: given.queueUrl ?? '',
    API_PORT: '0',
    VAULT_KEY: randomBytes(32).toString('base64'),
    ADMIN_TOKEN: adminToken,
    WSAD_SPOOL_DIR: spoolDirectory,
    WSAD_WORKER_CONCURRENCY: '2',
    WSAD_LINGER_MS: '0',
  };
  const run = (role: Role, { root, env: own = {} }: StartOptions = {}) =>
    runRole(role, root ?? repoRoot, { ...env, ...(root === undefined ? SOONER : {}), ...own }, atEnd);
  return {
    emulator,
    databaseUrl,
    spoolDirectory,
    async start(role, at) {
      const started = run(role, at);
      await started.saying(/"msg":"(working)"/);
      return started;
    },
    async startApi(at) {
      const started = run('api', at);
      const url = await started.saying(/"url":"([^"]+)","msg":"the API listens"/);
      return { ...started, url, adminToken, client: createApiClient(url, adminToken) };
    },
  };
}

async function freshDatabase(atEnd: AtEnd): Promise<string> {
  const database = await testDatabase();
  atEnd(() => database.drop());
  return database.url;
}

/** Nothing of the machine's own settings reaches it. */
function runRole(role: Role, root: string, env: Record<string, string>, atEnd: AtEnd): RoleProcess {
  const child = spawn(process.execPath, [join(root, `apps/${role}/src/main.ts`)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const output = gathered(child);
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    output,
    signal: (signal) => void child.kill(signal),
    saying: (pattern) => said(child, output, pattern),
  };
}

function gathered({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

async function said(child: ChildProcess, output: () => string, pattern: RegExp): Promise<string> {
  const look = () => {
    const found = pattern.exec(output())?.[1];
    return found ?? (child.exitCode === null && child.signalCode === null ? null : { ended: output() });
  };
  const found = await eventually(look, { what: `${pattern}`, timeoutMs: 60_000 });
  if (typeof found !== 'string') throw new Error(`it ended without ${pattern}: ${found.ended}`);
  return found;
}

/** A seller with credentials. */
export async function sellerOf(client: ApiClient): Promise<string> {
  const nip = newSeller();
  await client.putToken(nip);
  return nip;
}

/** Invoices of today, by the clock that the processes have. */
export function todays(
  nip: string,
  count: number,
  prefix: string,
  wish: Partial<SampleInvoice> = {},
): Entry[] {
  return invoicesOf(nip, count, prefix, { issueDate: warsawDay(new Date()), ...wish });
}

/** Each is cleared, and KSeF holds each once. */
export async function allRegisteredOnce(
  { emulator }: Installation,
  client: ApiClient,
  nip: string,
  count: number,
): Promise<void> {
  const ours = await client.invoices(nip);
  expect(ours.map(({ state }) => state)).toEqual(Array(count).fill('cleared'));
  const registered = emulator.control.registry().filter((each) => each.nip === nip);
  expect(registered.map(({ ksefNumber }) => ksefNumber).sort()).toEqual(
    ours.map(({ ksefNumber }) => ksefNumber ?? '').sort(),
  );
}

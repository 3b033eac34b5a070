/** `npm start` against an emulator, with a data folder that outlives it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@wsad/testkit';
import { onTestFinished } from 'vitest';
import { createDemoClient, type DemoClient } from '../../src/demo/client.ts';
import type { KsefProcess } from './ksef-process.ts';
import { type NpmGroup, processesOf, startNpm } from './npm-group.ts';

export interface StartedWsad extends NpmGroup {
  readonly client: DemoClient;
  readonly url: string;
  readonly adminToken: string;
  /** Settles once nothing of it runs any more, PostgreSQL and its backends included. */
  gone(): Promise<void>;
}

export interface Installation {
  readonly env: Readonly<Record<string, string>>;
  /** Settles when it listens. The token is known where it was not printed: the first start tells it. */
  start(adminToken?: string): Promise<StartedWsad>;
}

export async function install(
  ksef: Pick<KsefProcess, 'baseUrl'>,
  own: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wsad-start-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const env = {
    KSEF_BASE_URL: ksef.baseUrl,
    WSAD_DATA_DIR: dataDir,
    // What a killed process leaves behind goes with the data.
    WSAD_SPOOL_DIR: dataDir,
    // Each start takes a free one: between two starts another process could take the old one.
    API_PORT: '0',
    WSAD_LOG_LEVEL: 'warn',
    WSAD_PRACTICE: 'off',
    ...own,
  };
  return { env, start: (adminToken) => start(env, adminToken) };
}

async function start(env: Record<string, string>, knownToken?: string): Promise<StartedWsad> {
  const group = startNpm('start', [], env);
  const url = await group.saying(/wsad listens on (\S+)/);
  const adminToken = knownToken ?? (await group.saying(/shown this once: (\S+)/));
  const mainPid = await pidOf(group.pid, 'apps/wsad/src/main.ts');
  return {
    ...group,
    client: createDemoClient(url, adminToken),
    url,
    adminToken,
    async gone() {
      // PostgreSQL is in a group of its own and carries its owner's process id in its name.
      const left = () => processesOf(group.pid, new RegExp(`\\bwsad-${mainPid}\\b`));
      await eventually(async () => (await left()).length === 0, { what: 'the end of the whole group' });
    },
  };
}

async function pidOf(group: number, command: string): Promise<string> {
  const lines = await processesOf(group);
  return lines.find((line) => line.includes(command))?.split(' ')[0] ?? 'unknown';
}

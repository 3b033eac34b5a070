/** `npm start` on an embedded database that was put back by copying its folder: the lost hour comes back from KSeF. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { warsawDay } from '@wsad/domain';
import { makeInvoice } from '@wsad/samples';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import type { DemoClient } from '../src/demo/client.ts';
import { startKsef } from './support/ksef-process.ts';
import { install } from './support/npm-start.ts';
import { runCommand } from './support/run-command.ts';

const NIP = '5265877635';
const run = promisify(execFile);

function xmls(prefix: string, count: number): string[] {
  const issueDate = warsawDay(new Date());
  return Array.from({ length: count }, (_, seed) =>
    makeInvoice({ nip: NIP, number: `${prefix}/${seed + 1}`, issueDate, seed }),
  );
}

async function cleared(client: DemoClient, invoices: readonly string[]): Promise<void> {
  const { submissionId } = await client.submit(NIP, invoices);
  const { byState } = await eventually(
    async () => {
      const submission = await client.submission(submissionId);
      return submission.done ? submission : null;
    },
    { timeoutMs: 30_000, intervalMs: 50, what: 'the end of the submission' },
  );
  expect(byState).toEqual({ cleared: invoices.length });
}

async function numbersOf(client: DemoClient): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { ksefNumber } of client.invoices(NIP)) numbers.push(ksefNumber ?? 'none');
  return numbers.sort();
}

it('asks KSeF first, and registers nothing twice', { timeout: 120_000 }, async () => {
  const ksef = await startKsef();
  const { env, start } = await install(ksef);
  const folder = join(env.WSAD_DATA_DIR ?? '', 'postgres');
  const [kept, lost, fewLost] = [xmls('kept', 6), xmls('lost', 7), xmls('few', 2)];
  const first = await start();
  const { adminToken } = first;
  await first.client.putToken(NIP, 'token-of-the-seller');
  await cleared(first.client, kept);
  first.signal('SIGTERM', 'npm');
  await first.gone();
  await run('cp', ['-a', folder, `${folder}-copy`]);

  const second = await start(adminToken);
  await cleared(second.client, lost);
  await cleared(second.client, fewLost);
  const numbers = await numbersOf(second.client);
  const { sessions } = await ksef.stats();
  second.signal('SIGKILL', 'group');
  await second.gone();
  await run('rm', ['-rf', folder]);
  await run('mv', [`${folder}-copy`, folder]);

  const marked = await runCommand('restore', env, '--mark');
  expect([marked.code, marked.errors]).toEqual([0, '']);
  const third = await start(adminToken);
  await cleared(third.client, [...lost, ...fewLost]);
  expect(await numbersOf(third.client)).toEqual(numbers);
  const after = await ksef.stats();
  expect([after.sessions, after.registered]).toEqual([sessions, numbers.length]);
  third.signal('SIGTERM', 'npm');
  await third.gone();
});

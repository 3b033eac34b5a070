import { warsawDay } from '@wsad/domain';
import { makeInvoice } from '@wsad/samples';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import type { DemoClient } from '../src/demo/client.ts';
import { type KsefProcess, startKsef } from './support/ksef-process.ts';
import { startNpm } from './support/npm-group.ts';
import { install } from './support/npm-start.ts';

const NIP = '5265877635';
const NOWHERE = { baseUrl: 'http://127.0.0.1:9/v2' };

/** When the whole group is killed: as soon as KSeF has been called so, the call having worked, its answer never coming. */
interface Moment {
  readonly name: string;
  readonly invoices: number;
  readonly lostAnswer: string;
}

const MOMENTS: readonly Moment[] = [
  { name: 'logging in', invoices: 60, lostAnswer: 'POST /auth/challenge' },
  { name: 'uploading', invoices: 60, lostAnswer: 'PUT /storage/{session}/{part}' },
  { name: 'closing', invoices: 60, lostAnswer: 'POST /sessions/batch/{referenceNumber}/close' },
  { name: 'sending one', invoices: 5, lostAnswer: 'POST /sessions/online/{referenceNumber}/invoices' },
  { name: 'waiting for KSeF', invoices: 60, lostAnswer: 'GET /sessions/{referenceNumber}' },
];

/** Far more than it takes; a lease that had to run out first would show. */
const FINISHED_WITHIN_MS = 20_000;

async function submit(client: DemoClient, prefix: string, count: number): Promise<string> {
  const issueDate = warsawDay(new Date());
  const xmls = Array.from({ length: count }, (_, index) =>
    makeInvoice({ nip: NIP, number: `${prefix}/${index + 1}`, issueDate, seed: index }),
  );
  const { submissionId, accepted } = await client.submit(NIP, xmls);
  expect(accepted).toBe(count);
  return submissionId;
}

async function reached(ksef: KsefProcess, operation: string, before: number): Promise<void> {
  await eventually(async () => (await ksef.calls(operation)) > before, { intervalMs: 5, what: operation });
}

async function allCleared(client: DemoClient, submissionId: string): Promise<void> {
  const ended = await eventually(
    async () => {
      const submission = await client.submission(submissionId);
      return submission.done ? submission : null;
    },
    { timeoutMs: FINISHED_WITHIN_MS, intervalMs: 50, what: 'the end of the submission' },
  );
  expect(ended.byState).toMatchObject({ cleared: ended.total });
}

/** Each invoice is registered once, and wsad knows it by the very number that KSeF gave. */
async function sameNumbers(client: DemoClient, ksef: KsefProcess): Promise<void> {
  const ours: (string | null)[] = [];
  for await (const { ksefNumber } of client.invoices(NIP)) ours.push(ksefNumber);
  const registered = await ksef.registry();
  expect(new Set(registered.map(({ number }) => number)).size).toBe(registered.length);
  expect(ours.sort()).toEqual(registered.map(({ ksefNumber }) => ksefNumber).sort());
}

it('finishes what a SIGKILL of the whole group interrupted, whenever it comes', {
  timeout: 180_000,
}, async () => {
  const ksef = await startKsef();
  const installation = await install(ksef);
  let wsad = await installation.start();
  await wsad.client.putToken(NIP, 'token-of-the-seller');
  for (const { name, invoices, lostAnswer } of MOMENTS) {
    const before = await ksef.calls(lostAnswer);
    await ksef.loseAnswer(lostAnswer);
    const submissionId = await submit(wsad.client, name, invoices);
    await reached(ksef, lostAnswer, before);
    wsad.signal('SIGKILL', 'group');
    const killed = wsad;
    wsad = await installation.start(killed.adminToken);
    await killed.gone();
    await allCleared(wsad.client, submissionId);
    await sameNumbers(wsad.client, ksef);
  }
  expect(await ksef.stats()).toMatchObject({ rateLimited: 0, registered: 245 });
});

it('drains on SIGTERM, to npm or to the whole group, ends with 0 and leaves nothing running', {
  timeout: 90_000,
}, async () => {
  const ksef = await startKsef();
  const installation = await install(ksef);
  let wsad = await installation.start();
  await wsad.client.putToken(NIP, 'token-of-the-seller');
  for (const to of ['npm', 'group'] as const) {
    const before = await ksef.calls('POST /sessions/batch');
    const submissionId = await submit(wsad.client, to, 60);
    await reached(ksef, 'POST /sessions/batch', before);
    wsad.signal('SIGTERM', to);
    expect(await wsad.ended).toEqual({ code: 0, signal: null });
    await wsad.gone();
    expect(await ksef.calls('POST /sessions/batch/{referenceNumber}/close')).toBe(before + 1);
    wsad = await installation.start(wsad.adminToken);
    await allCleared(wsad.client, submissionId);
  }
  expect(await ksef.stats()).toMatchObject({ registered: 120, sessions: { batch: 2, online: 0 } });
});

it('ends in time where KSeF does not answer, and the next start goes on with the same session', {
  timeout: 90_000,
}, async () => {
  const ksef = await startKsef();
  const installation = await install(ksef, { WSAD_SHUTDOWN_MS: '300' });
  let wsad = await installation.start();
  await wsad.client.putToken(NIP, 'token-of-the-seller');
  const upload = 'PUT /storage/{session}/{part}';
  await ksef.loseAnswer(upload);
  const submissionId = await submit(wsad.client, 'U', 60);
  await reached(ksef, upload, 0);
  wsad.signal('SIGTERM', 'npm');
  expect(await wsad.ended).toEqual({ code: 0, signal: null });
  await wsad.gone();
  wsad = await installation.start(wsad.adminToken);
  await allCleared(wsad.client, submissionId);
  await sameNumbers(wsad.client, ksef);
  expect(await ksef.stats()).toMatchObject({ registered: 60, sessions: { batch: 1 } });
});

it('shares neither folder nor port, and ends on Ctrl+C, which reaches the whole group', {
  timeout: 60_000,
}, async () => {
  const first = await install(NOWHERE);
  const wsad = await first.start();

  const sameFolder = startNpm('start', [], first.env);
  expect(await sameFolder.ended).toEqual({ code: 1, signal: null });
  expect(lines(sameFolder.output())).toEqual([expect.stringMatching(/another process \(\d+\) already runs/)]);

  const { env } = await install(NOWHERE);
  const samePort = startNpm('start', [], { ...env, API_PORT: new URL(wsad.url).port });
  expect(await samePort.ended).toEqual({ code: 1, signal: null });
  expect(lines(samePort.output()).at(-1)).toMatch(/address already in use 127\.0\.0\.1:\d+: set API_PORT/);

  await wsad.client.putToken(NIP, 'token-of-the-seller');
  wsad.signal('SIGINT', 'group');
  expect(await wsad.ended).toEqual({ code: 0, signal: null });
  await wsad.gone();
});

it('refuses wrong settings in one clear line', async () => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ KSEF_ENV: 'PROD' }, /^KSEF_ENV must be TEST, DEMO or PRD, for example KSEF_ENV=TEST$/],
    [{ KSEF_BASE_URL: 'http://example.com/v2' }, /^KSEF_BASE_URL must be an https address/],
    [{ DATABASE_URL: 'postgres://db/wsad', ADMIN_TOKEN: 'x' }, /^VAULT_KEY or VAULT_KEY_FILE is required/],
  ];
  const refused = wrong.map(([env, line]) => ({ wsad: startNpm('start', [], env), line }));
  for (const { wsad, line } of refused) {
    expect(await wsad.ended).toEqual({ code: 1, signal: null });
    expect(lines(wsad.output())).toEqual([expect.stringMatching(line)]);
  }
});

function lines(output: string): string[] {
  return output.trimEnd().split('\n');
}

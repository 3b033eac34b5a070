import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { eventually } from '@wsad/testkit';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Ended } from './support/npm-group.ts';
import {
  type ApiProcess,
  allRegisteredOnce,
  type Installation,
  installation,
  type RoleProcess,
  sellerOf,
  todays,
} from './support/processes.ts';

const UPLOAD = 'PUT /storage/{session}/{part}';
const SEND = 'POST /sessions/online/{referenceNumber}/invoices';
const STATUS = 'GET /sessions/{referenceNumber}';
const NEVER_MS = 600_000;
const PATIENCE_MS = 40_000;
const DRAINED = { code: 0, signal: null };
const TIMEOUT = { timeout: 120_000 };

/** As many as asked for, each cut off in the middle of this call of KSeF. */
async function caughtIn(install: Installation, api: ApiProcess, operation: string, invoices: number) {
  const { control } = install.emulator;
  const calls = () => control.stats().calls[operation] ?? 0;
  const before = calls();
  const nip = await sellerOf(api.client);
  const { submissionId } = await api.client.submit(nip, todays(nip, invoices, 'FV'));
  await eventually(() => calls() > before, { timeoutMs: PATIENCE_MS, intervalMs: 5, what: operation });
  return {
    nip,
    async settled(): Promise<void> {
      await api.client.atRest(submissionId, PATIENCE_MS);
      await allRegisteredOnce(install, api.client, nip, invoices);
    },
  };
}

const told = z.object({ events: z.array(z.object({ event: z.string() })) });

/** How the seller's sessions came to their next sender, where the first one did not finish. */
async function changesOfSender({ client }: ApiProcess, nip: string): Promise<string[]> {
  const sessions = await client.sessions(nip);
  const answers = await Promise.all(sessions.map(({ id }) => client.call('GET', `/v1/sessions/${id}`)));
  const events = await Promise.all(answers.map(async (answer) => told.parse(await answer.json()).events));
  return events.flat().flatMap(({ event }) => (/freed|takenOver/.test(event) ? event : []));
}

async function terminated(process: RoleProcess): Promise<Ended> {
  process.signal('SIGTERM');
  return await process.ended;
}

it('a worker finishes what it is at, and takes nothing more', TIMEOUT, async () => {
  const install = await installation();
  const api = await install.startApi();
  await install.start('poller');
  for (const [operation, invoices] of [
    [UPLOAD, 8],
    [SEND, 3],
  ] as const) {
    const worker = await install.start('worker');
    install.emulator.control.addFault({ operation, delayMs: 700 });
    const { nip, settled } = await caughtIn(install, api, operation, invoices);
    expect(await terminated(worker)).toEqual(DRAINED);
    await settled();
    expect(await changesOfSender(api, nip)).toEqual([]);
  }
});

it(
  'what a worker cannot finish in time another takes at once, without its lease running out',
  TIMEOUT,
  async () => {
    const install = await installation();
    const api = await install.startApi();
    await install.start('poller');
    for (const [operation, invoices] of [
      [UPLOAD, 8],
      [SEND, 3],
    ] as const) {
      const worker = await install.start('worker', { env: { WSAD_SHUTDOWN_MS: '300' } });
      install.emulator.control.addFault({ operation, delayMs: NEVER_MS, afterEffect: true });
      const { nip, settled } = await caughtIn(install, api, operation, invoices);
      expect(await terminated(worker)).toEqual(DRAINED);
      const next = await install.start('worker');
      await settled();
      expect(await changesOfSender(api, nip)).toEqual(['session.freed']);
      expect(await terminated(next)).toEqual(DRAINED);
    }
    expect(install.emulator.control.stats()).toMatchObject({
      sessions: { batch: 1, online: 1 },
      registered: 11,
    });
  },
);

it('a poller that waits for KSeF leaves its sessions to another', TIMEOUT, async () => {
  const install = await installation();
  const api = await install.startApi();
  await install.start('worker');
  const poller = await install.start('poller', { env: { WSAD_SHUTDOWN_MS: '300' } });
  install.emulator.control.addFault({ operation: STATUS, delayMs: NEVER_MS });
  const { settled } = await caughtIn(install, api, STATUS, 8);
  expect(await terminated(poller)).toEqual(DRAINED);
  await install.start('poller');
  await settled();
});

it('the API answers the call it is at, durably, and takes no other', TIMEOUT, async () => {
  const install = await installation();
  const api = await install.startApi();
  const nip = await sellerOf(api.client);
  const body = JSON.stringify({ invoices: todays(nip, 3, 'FV') });
  // Kept by its caller, the connection would hold up the end.
  const agent = new Agent({ keepAlive: true });
  const call = request(`${api.url}/v1/sellers/${nip}/invoices`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${api.adminToken}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  });
  const answered = once(call, 'response');
  await new Promise((written) => call.write(body.slice(0, 1000), written));
  // Whoever was answered on the same server was heard after the half of a body.
  await api.client.status(nip);
  api.signal('SIGTERM');
  await api.saying(/"msg":"(draining)"/);
  await eventually(() => refused(api.url), { what: 'the end of listening' });
  call.end(body.slice(1000));
  const [response] = await answered;
  expect([response.statusCode, response.headers.connection]).toEqual([202, 'close']);
  response.resume();
  expect(await api.ended).toEqual(DRAINED);
  const other = await install.startApi();
  expect((await other.client.invoices(nip)).map(({ state }) => state)).toEqual(Array(3).fill('accepted'));
});

async function refused(url: string): Promise<boolean> {
  return await fetch(url).then(
    () => false,
    () => true,
  );
}

it('asked a second time it ends at once, and others go on as after a crash', TIMEOUT, async () => {
  const install = await installation();
  const api = await install.startApi();
  await install.start('poller');
  const worker = await install.start('worker', { env: { WSAD_SHUTDOWN_MS: '600000' } });
  install.emulator.control.addFault({ operation: UPLOAD, delayMs: NEVER_MS, afterEffect: true });
  const { settled } = await caughtIn(install, api, UPLOAD, 8);
  worker.signal('SIGTERM');
  await worker.saying(/"msg":"(draining)"/);
  await eventually(() => {
    worker.signal('SIGTERM');
    return worker.output().includes('asked twice');
  });
  expect(await worker.ended).toEqual({ code: 1, signal: null });
  await install.start('worker');
  await settled();
});

import { checkOut, describeWithPreviousVersion, eventually, type PreviousTree } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
const NEVER_MS = 600_000;
const PATIENCE_MS = 60_000;

/** Hands in for a new seller and answers how to await that all of it is registered once. */
async function handIn(install: Installation, { client }: ApiProcess, count: number) {
  const nip = await sellerOf(client);
  const { submissionId } = await client.submit(nip, todays(nip, count, 'FV'));
  return async (asked: ApiProcess): Promise<void> => {
    await asked.client.atRest(submissionId, PATIENCE_MS);
    await allRegisteredOnce(install, asked.client, nip, count);
  };
}

describeWithPreviousVersion('two versions on one ledger', (previous) => {
  let tree: PreviousTree;
  beforeAll(async () => {
    tree = await checkOut(previous);
  });
  afterAll(() => tree.remove());

  it('take the work on from each other while one replaces the other', { timeout: 180_000 }, async () => {
    const install = await installation();
    const old = { root: tree.root };
    const oldApi = await install.startApi(old);
    const olds = [oldApi, await install.start('worker', old), await install.start('poller', old)];
    const before = await handIn(install, oldApi, 8);
    // The schema is brought up to date under the feet of the old ones, by three who begin at once.
    const [api, worker, poller] = await Promise.all([
      install.startApi(),
      install.start('worker'),
      install.start('poller'),
    ]);
    await before(api);
    const beside = [
      await handIn(install, oldApi, 8),
      await handIn(install, api, 8),
      await handIn(install, oldApi, 3),
      await handIn(install, api, 3),
    ];
    for (const settled of beside) await settled(api);
    for (const settled of beside) await settled(oldApi);
    await ended(olds);
    const after = await handIn(install, api, 8);
    await after(api);
    await ended([api, worker, poller]);
    expect(install.emulator.control.stats()).toMatchObject({ rateLimited: 0, registered: 38 });
  });

  // Each makes other bytes of the package: the session is given up before it is closed, and another takes its place.
  it.each([
    ['the new one what the old one began', true],
    ['the old one what the new one began', false],
  ])('send once what a sender died on: %s', { timeout: 120_000 }, async (_name, oldFirst) => {
    const install = await installation();
    const [first, second] = oldFirst ? [{ root: tree.root }, {}] : [{}, { root: tree.root }];
    const api = await install.startApi();
    await install.start('poller');
    const dying = await install.start('worker', first);
    install.emulator.control.addFault({ operation: UPLOAD, delayMs: NEVER_MS, afterEffect: true });
    const calls = () => install.emulator.control.stats().calls[UPLOAD] ?? 0;
    const settled = await handIn(install, api, 8);
    await eventually(() => calls() > 0, { timeoutMs: PATIENCE_MS, what: 'the upload' });
    dying.signal('SIGKILL');
    await dying.ended;
    await install.start('worker', second);
    await settled(api);
    expect(install.emulator.control.stats()).toMatchObject({ sessions: { batch: 2 }, registered: 8 });
  });
});

async function ended(processes: readonly RoleProcess[]): Promise<void> {
  for (const process of processes) process.signal('SIGTERM');
  for (const process of processes) expect(await process.ended).toEqual({ code: 0, signal: null });
}

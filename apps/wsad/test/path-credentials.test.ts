import { eventually } from '@wsad/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blockContext } from './support/elsewhere.ts';
import { expectRegisteredOnce } from './support/registered.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import { describeOnBoth } from './support/suites.ts';
import { type QueueKind, type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();

function credentials(queue: QueueKind): void {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queue, lingerMs: 20, wire });
  });
  afterAll(() => system.close());

  it('holds what comes before the credentials, and sends it by itself when they come', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = invoicesOf(nip, 6, 'FV');
    const { submissionId, invoices } = await api.submit(nip, entries);
    expect(invoices.map(({ state, errors }) => ({ state, errors }))).toEqual(
      entries.map(() => ({ state: 'held', errors: [] })),
    );
    expect(await api.submission(submissionId)).toMatchObject({ byState: { held: 6 }, done: true });
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({
      held: { cause: 'no_credentials' },
      error: { code: 'no_credentials' },
    });
    expect(await api.status(nip)).toMatchObject({ ready: false, held: 6, authentication: { state: 'none' } });
    await api.putToken(nip);
    expect((await cleared(system, submissionId, 6)).sessions).toMatchObject([{ kind: 'batch' }]);
    await expectRegisteredOnce(system, nip, entries);
  });

  it('holds with the words of KSeF what a bad token cannot send, until the token is replaced', async () => {
    const { api } = system;
    const nip = newSeller();
    const entries = invoicesOf(nip, 3, 'FV');
    await api.putToken(nip, 'bad token');
    const { submissionId, invoices } = await api.submit(nip, entries);
    await api.atRest(submissionId);
    const words = expect.stringMatching(/^450 Uwierzytelnianie zakończone niepowodzeniem/);
    expect(await api.status(nip)).toMatchObject({
      ready: false,
      authentication: { state: 'refused', lastError: words },
    });
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({
      state: 'held',
      held: { cause: 'login_refused', detail: words },
    });
    const later = await api.submit(nip, invoicesOf(nip, 1, 'LATER'));
    expect(later.invoices).toMatchObject([{ state: 'held' }]);
    await api.putToken(nip, 'a good one');
    await cleared(system, submissionId, 3);
    await cleared(system, later.submissionId, 1);
    await expectRegisteredOnce(system, nip, [...entries, ...invoicesOf(nip, 1, 'LATER')]);
    expect(await api.status(nip)).toMatchObject({ ready: true, authentication: { state: 'active' } });
  });

  it('holds what a blocked context cannot send, until it is unblocked and credentials are put again', async () => {
    const { api } = system;
    const nip = newSeller();
    await blockContext(system, nip, true);
    await api.putToken(nip);
    const { submissionId, invoices } = await api.submit(nip, invoicesOf(nip, 2, 'FV'));
    await api.atRest(submissionId);
    expect(await api.invoice(invoices[0]?.id ?? '')).toMatchObject({ held: { cause: 'login_blocked' } });
    expect((await api.status(nip)).authentication.state).toBe('blocked');
    await blockContext(system, nip, false);
    await api.putToken(nip);
    await cleared(system, submissionId, 2);
  });

  it('lets two sellers share credentials: both are held by bad ones and go on with good ones', async () => {
    const { api } = system;
    const sellers = [newSeller(), newSeller()];
    await api.putSharedToken('office', 'bad token of the office');
    for (const nip of sellers) await api.useShared(nip, 'office');
    const answers = await Promise.all(sellers.map((nip) => api.submit(nip, invoicesOf(nip, 6, 'FV'))));
    await Promise.all(answers.map(({ submissionId }) => api.atRest(submissionId)));
    for (const nip of sellers) expect((await api.status(nip)).held).toBe(6);
    await api.putSharedToken('office', 'good token of the office');
    await Promise.all(answers.map(({ submissionId }) => cleared(system, submissionId, 6)));
    for (const nip of sellers) await expectRegisteredOnce(system, nip, invoicesOf(nip, 6, 'FV'));
  });

  it('follows a session to its end with the credentials that opened it, whatever replaced them', async () => {
    const { api, emulator } = system;
    const nip = newSeller();
    const entries = invoicesOf(nip, 6, 'FV');
    await api.putToken(nip, 'the first');
    emulator.control.addFault({ operation: 'GET /sessions/{ref}', status: 502, body: '<html>' });
    const { submissionId } = await api.submit(nip, entries);
    await eventually(async () => (await api.submission(submissionId)).byState.processing === 6);
    await api.putToken(nip, 'the second');
    await cleared(system, submissionId, 6);
    await expectRegisteredOnce(system, nip, entries);
  });

  it('sends nothing of a paused seller, goes on with the others, and goes on with it when resumed', async () => {
    const { api } = system;
    const [paused, other] = [newSeller(), newSeller()];
    for (const nip of [paused, other]) await api.putToken(nip);
    await api.sending('pause', paused);
    const waiting = await api.submit(paused, invoicesOf(paused, 6, 'FV'));
    expect(waiting.accepted).toBe(6);
    await cleared(system, (await api.submit(other, invoicesOf(other, 6, 'FV'))).submissionId, 6);
    expect((await api.submission(waiting.submissionId)).byState).toEqual({ accepted: 6 });
    expect(await api.status(paused)).toMatchObject({ ready: false, pending: 6 });
    await api.sending('resume', paused);
    await cleared(system, waiting.submissionId, 6);
  });

  it('sends nothing at all while everything is paused', async () => {
    const { api, emulator } = system;
    const [one, two, bystander] = [newSeller(), newSeller(), newSeller()];
    await loggedIn(system, one);
    await loggedIn(system, two);
    await api.sending('pause');
    const before = emulator.control.stats().sessions;
    const answers = [
      await api.submit(one, invoicesOf(one, 6, 'FV')),
      await api.submit(two, invoicesOf(two, 2, 'FV'), '?urgent=true'),
    ];
    // A login is no sending: once it is through, the worker has long been asked to send as well.
    await loggedIn(system, bystander);
    expect(emulator.control.stats().sessions).toEqual(before);
    expect(await api.status(one)).toMatchObject({ ready: false, pending: 6 });
    await api.sending('resume');
    await cleared(system, answers[0]?.submissionId ?? '', 6);
    await cleared(system, answers[1]?.submissionId ?? '', 2);
  });
}

async function loggedIn({ api }: System, nip: string): Promise<void> {
  await api.putToken(nip);
  await eventually(async () => (await api.status(nip)).authentication.state === 'active');
}

/** The submission once all of its invoices are cleared. */
async function cleared({ api }: System, submissionId: string, count: number) {
  return await eventually(
    async () => {
      const now = await api.submission(submissionId);
      return now.byState.cleared === count && now;
    },
    { timeoutMs: 20_000, what: `${count} cleared invoices` },
  );
}

describeOnBoth('credentials and pauses', credentials);
describeWire(wire);

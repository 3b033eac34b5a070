import { KsefFault, type ListedSession, type SessionKind } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { type ReconcilingLedger, reconcile, type World } from '../src/index.ts';
import { answered, before, inTurn, overLimit, type Strike, treated } from './support/faults.ts';
import { reconciling } from './support/following-ledger.ts';
import { openSession, receiveInvoice, register } from './support/ksef-state.ts';
import { NIP, sha256 } from './support/state.ts';
import { START, testWorld } from './support/world.ts';

/** One seller whose turn it is, and what becomes of its turn. */
function behind(options: Parameters<typeof testWorld>[0] = {}) {
  const test = testWorld(options);
  const found = new Map<string, { kind: 'batch' | 'interactive'; read: string[] | null; looks: number }>();
  const putOff: { until: Date; why: string }[] = [];
  const listUntil: Record<SessionKind, Date | null> = { batch: START, interactive: START };
  let finished = 0;
  const ledger: ReconcilingLedger = {
    ...reconciling(),
    takeReconciliations: async () => [
      { nip: NIP, askedAt: START, since: START, listUntil: { ...listUntil }, tries: 1 },
    ],
    async recordListed(_due, _credentialId, { kind, sessions, stillUntil }) {
      for (const { reference } of sessions) found.set(reference, { kind, read: null, looks: 0 });
      listUntil[kind] = stillUntil;
    },
    foundSessions: async () =>
      [...found].flatMap(([reference, { kind, read, looks }]) =>
        read === null ? [{ nip: NIP, reference, kind, credentialId: 'credential-1', looks }] : [],
      ),
    async recordFoundLook(reference) {
      const session = found.get(reference);
      if (session !== undefined) session.looks += 1;
    },
    async recordRegistrations({ reference }, _code, registrations) {
      const session = found.get(reference);
      if (session !== undefined) session.read = registrations.map((each) => each.sha256);
      return 0;
    },
    nextFoundLookAt: async () => ([...found.values()].some(({ read }) => read === null) ? START : null),
    async putOffReconciliation(_nip, until, why) {
      putOff.push({ until, why });
    },
    async finishReconciliation() {
      finished += 1;
      return { sessions: found.size, registrations: 0, cleared: 0, lanes: [] };
    },
  };
  const world: World = { ...test.world, ledger: { ...test.world.ledger, ...ledger } };
  return { ...test, world, found, putOff, finished: () => finished };
}

/** The call of listing goes wrong so, the first times. */
const striking = (...strikes: Strike[]) => ({ strike: inTurn({ listSessions: strikes }) });

describe('reconciling a seller', () => {
  it('reads what its sessions registered, and finishes', async () => {
    const { world, model, found, finished, events } = behind();
    const session = openSession(model, 'interactive');
    for (const text of ['FV/1', 'FV/2 450']) receiveInvoice(model, session, text);
    session.code = 200;
    await reconcile(world);
    expect([...found.values()].map(({ read }) => read)).toEqual([[sha256(Buffer.from('FV/1'))]]);
    expect(finished()).toBe(1);
    expect(events).toContainEqual(expect.objectContaining({ type: 'seller.reconciled', nip: NIP }));
    expect(model.calls.filter((call) => call === 'listSessions')).toHaveLength(2);
    expect(model.calls).not.toContain('sessionInvoices');
  });

  it('waits for a session in the works, and lists no second time', async () => {
    const { world, model, found, putOff, finished } = behind();
    const session = openSession(model, 'interactive');
    receiveInvoice(model, session, 'FV/1');
    session.code = 150;
    await reconcile(world);
    expect([finished(), putOff.map(({ why }) => why)]).toEqual([0, [expect.stringMatching(/still working/)]]);
    expect([...found.values()]).toMatchObject([{ read: null, looks: 1 }]);
    await reconcile(world);
    expect(finished()).toBe(1);
    expect(model.calls.filter((call) => call === 'listSessions')).toHaveLength(2);
  });

  it('waits for a window to be free, and counts nothing against KSeF', async () => {
    const { world, putOff, events, finished } = behind(striking(before(overLimit(START))));
    await reconcile(world);
    expect(putOff).toEqual([{ until: new Date(START.getTime() + 1_000), why: expect.any(String) }]);
    expect(events.filter(({ type }) => type === 'job.failed')).toEqual([]);
    await reconcile(world);
    expect(finished()).toBe(1);
  });

  it('lists more sessions than fit a turn from where it stopped', async () => {
    const { world, putOff, found, finished } = behind();
    const asked: Date[] = [];
    const older = new Date(START.getTime() - 1_000);
    const listed = (reference: string): ListedSession => ({
      ...{ reference, kind: 'batch', openedAt: older, updatedAt: older, statusCode: 440 },
      ...{ invoiceCount: 0, successfulInvoiceCount: 0, failedInvoiceCount: 0 },
    });
    const listSessions: World['ksef']['listSessions'] = async (_nip, _token, { kind, openedUntil }) => {
      if (kind === 'interactive') return { sessions: [], complete: true };
      asked.push(openedUntil);
      return { sessions: [listed(`batch ${asked.length}`)], complete: asked.length > 1 };
    };
    const sessionStatus: World['ksef']['sessionStatus'] = async () => ({
      ...{ code: 440, description: '', details: [], upoPages: [] },
      ...{ invoiceCount: 0, successfulInvoiceCount: 0, failedInvoiceCount: 0 },
    });
    const large = { ...world, ksef: { ...world.ksef, listSessions, sessionStatus } };
    await reconcile(large);
    expect([finished(), putOff.map(({ why }) => why)]).toEqual([0, [expect.stringMatching(/more sessions/)]]);
    await reconcile(large);
    expect([finished(), asked, found.size]).toEqual([1, [START, older], 2]);
  });

  it('tries again after a fault, later each time', async () => {
    const { world, putOff, events, finished } = behind(striking(before(answered('listSessions', 500))));
    await reconcile(world);
    expect(putOff[0]?.until.getTime()).toBeGreaterThan(START.getTime());
    expect([finished(), events.map(({ type }) => type)]).toEqual([0, expect.arrayContaining(['job.failed'])]);
  });

  it.each([
    ['may not list them', treated('hold-permission', 'listSessions', 403)],
    ['is refused', new KsefFault('hold-login', { ...treated('hold-login', 'login', 200).fault, code: 450 })],
  ])('holds its invoices where its login %s', async (_, fault) => {
    const strike = inTurn(
      fault.treatment === 'hold-login' ? { login: [before(fault)] } : { listSessions: [before(fault)] },
    );
    const { world, acceptMany, putOff, finished } = behind({ strike });
    const invoices = acceptMany(3);
    await reconcile(world);
    expect(invoices.map(({ state }) => state)).toEqual(Array(3).fill('held'));
    expect([finished(), putOff.length]).toEqual([0, 1]);
  });

  it('does not take for its own what others registered in no session of its', async () => {
    const { world, model, found, finished } = behind();
    register(model, 'FV/9');
    await reconcile(world);
    expect([found.size, finished()]).toEqual([0, 1]);
  });
});

import { KsefFault } from '@wsad/domain';
import { openAccess, type World, withAccess } from '@wsad/engine';
import { makeInvoice } from '@wsad/samples';
import { eventually } from '@wsad/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newSeller } from './support/sellers.ts';
import { startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const MINUTE_MS = 60_000;
const CHALLENGE = 'POST /auth/challenge';
const REFRESH = 'POST /auth/token/refresh';
const STATUS = 'GET /auth/{referenceNumber}';

/** One path for all tests, and a seller of its own for each. */
let path: VirtualPath;
let nip: string;
let before: { logins: number; refreshes: number };
beforeAll(async () => {
  path = await startVirtualPath();
});
beforeEach(() => {
  nip = newSeller();
  before = { logins: calls(CHALLENGE), refreshes: calls(REFRESH) };
});
afterEach(() => path.emulator.control.clearFaults());
afterAll(() => path.close());

/** As many processes: only the ledger is theirs together. */
function processes(count: number): World[] {
  return Array.from({ length: count }, (_, index) => ({ ...path.world, owner: `process ${index}` }));
}

const calls = (operation: string) => path.emulator.control.calls()[operation] ?? 0;
/** Since the test began. */
const accesses = () => ({
  logins: calls(CHALLENGE) - before.logins,
  refreshes: calls(REFRESH) - before.refreshes,
});
const registered = () => path.emulator.control.registry().filter((each) => each.nip === nip).length;

/** As the queue does it: one that is busy elsewhere comes again. */
const again = <T extends object>(work: () => Promise<T>) => eventually(work);

const expired = () =>
  new KsefFault('relogin', {
    ...{ operation: 'rateLimits', status: 401, code: null, description: 'expired', details: [] },
    ...{ retryAfterMs: null, mayHaveWorked: false },
  });

const invoices = (count: number) =>
  Array.from({ length: count }, (_, seed) =>
    makeInvoice({ nip, number: `FV/${seed + 1}`, issueDate: '2026-11-16', seed }),
  );

describe('many processes over one ledger', () => {
  it('log in once and refresh once between them', async () => {
    await path.putToken(nip, 'token');
    const worlds = processes(8);
    const first = await Promise.all(worlds.map((world) => again(() => openAccess(world, nip))));
    expect(new Set(first.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(accesses()).toEqual({ logins: 1, refreshes: 0 });
    path.time.advance(14.5 * MINUTE_MS);
    const second = await Promise.all(worlds.map((world) => again(() => openAccess(world, nip))));
    expect(new Set(second.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(accesses()).toEqual({ logins: 1, refreshes: 1 });
  });

  it('that looked before another was done use what it opened', async () => {
    await path.putToken(nip, 'token');
    const [early, late] = processes(2);
    if (early === undefined || late === undefined) throw new Error('two processes are wanted');
    const { ledger } = late;
    const overtaken: World = {
      ...late,
      ledger: {
        ...ledger,
        beginLogin: async (...of) => {
          await openAccess(early, nip);
          return await ledger.beginLogin(...of);
        },
      },
    };
    const access = await openAccess(overtaken, nip);
    expect(access).toEqual(await openAccess(early, nip));
    expect(accesses()).toEqual({ logins: 1, refreshes: 0 });
    path.time.advance(15 * MINUTE_MS);
    await openAccess(early, nip);
    expect(accesses()).toEqual({ logins: 1, refreshes: 1 });
  });

  it('that hear 401 for the same token renew it once between them', async () => {
    await path.putToken(nip, 'token');
    const { accessToken: old } = await openAccess(path.world, nip);
    const work = (world: World) =>
      withAccess(world, nip, null, async ({ accessToken }) => {
        if (accessToken === old) throw expired();
        return { accessToken };
      });
    const used = await Promise.all(processes(4).map((world) => again(() => work(world))));
    expect(new Set(used.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(accesses()).toEqual({ logins: 1, refreshes: 1 });
  });
});

describe('a token refused a second time', () => {
  it('is not asked for again and again', async () => {
    await path.putToken(nip, 'token');
    await openAccess(path.world, nip);
    const asking = calls('GET /rate-limits');
    path.emulator.control.addFault({ operation: 'GET /rate-limits', status: 401, times: 100 });
    const asked = withAccess(path.world, nip, null, ({ accessToken }) =>
      path.world.ksef.rateLimits(nip, accessToken),
    );
    await expect(asked).rejects.toMatchObject({ treatment: 'relogin' });
    expect(calls('GET /rate-limits') - asking).toBe(2);
    expect(accesses()).toEqual({ logins: 1, refreshes: 1 });
  });
});

describe('a refresh that fails', () => {
  it.each([
    ['400', { status: 400, body: { exception: { exceptionDetailList: [{ exceptionCode: 21301 }] } } }],
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['404', { status: 404 }],
    ['500', { status: 500 }],
    ['502 in HTML', { status: 502, body: '<html>', contentType: 'text/html' }],
    ['503', { status: 503 }],
    ['200 in HTML', { status: 200, body: '<html>', contentType: 'text/html' }],
    ['another shape', { status: 200, body: { accessToken: null } }],
    ['nothing: the line is cut', { drop: true }],
  ])('with %s is followed by a full login', async (_, fault) => {
    await path.putToken(nip, 'token');
    await openAccess(path.world, nip);
    path.time.advance(15 * MINUTE_MS);
    path.emulator.control.addFault({ operation: REFRESH, ...fault });
    await expect(openAccess(path.world, nip)).resolves.toMatchObject({ accessToken: expect.any(String) });
    expect(accesses()).toEqual({ logins: 2, refreshes: 1 });
  });
});

const verdict = (code: number) => ({
  operation: STATUS,
  status: 200,
  body: {
    startDate: '2026-11-16T10:00:00+00:00',
    authenticationMethod: 'Token',
    authenticationMethodInfo: { category: 'Token', code: 'token.ksef', displayName: 'Token KSeF' },
    status: { code, description: `słowa ${code}`, details: ['szczegół pierwszy', 'szczegół drugi'] },
  },
});

describe.each([415, 425, 450, 460, 470, 480])('a login refused with %i', (code) => {
  it.each([
    ['own', null],
    ['shared', `office ${code}`],
  ])('holds what waits with the words of KSeF until %s credentials are put', async (_, sharedName) => {
    const owner = sharedName === null ? { nip } : { sharedName };
    const put = (token: string) => {
      const now = path.world.clock();
      return path.ledger.putCredentials({ owner, secret: { type: 'ksefToken', token }, actor: 'test', now });
    };
    await put('first');
    if (sharedName !== null)
      await path.ledger.bindSharedCredentials({
        ...{ nip, sharedName, actor: 'test' },
        now: path.world.clock(),
      });
    path.emulator.control.addFault(verdict(code));
    await path.submit(nip, invoices(6));
    await path.rest(60 * MINUTE_MS);
    const words = `${code} słowa ${code}; szczegół pierwszy; szczegół drugi`;
    expect(await path.ledger.sellerStatus(nip, path.world.clock())).toMatchObject({
      held: 6,
      authentication: { state: code === 480 ? 'blocked' : 'refused', lastError: words },
    });
    expect(accesses()).toEqual({ logins: 1, refreshes: 0 });
    await put('second');
    await path.rest(60 * MINUTE_MS);
    expect(registered()).toBe(6);
  });
});

describe('a login that is not through yet', () => {
  it.each([
    ['500', verdict(500)],
    ['550', verdict(550)],
    ['a long 100', { ...verdict(100), times: 40 }],
    ['100 beyond our patience', { ...verdict(100), times: 100 }],
  ])('(%s) is no refusal: nothing is held and it goes on by itself', async (_, fault) => {
    await path.putToken(nip, 'token');
    path.emulator.control.addFault(fault);
    await path.submit(nip, invoices(6));
    await path.rest(60 * MINUTE_MS);
    expect(registered()).toBe(6);
    const refused = path.events.filter(
      (event) => (event.type === 'invoices.held' || event.type === 'login.refused') && event.nip === nip,
    );
    expect(refused).toEqual([]);
  });
});

/** The database is lost, and the same invoices are handed in again: KSeF has them, and says so, one way or the other. */
import { rateLimits280 } from '@wsad/emulator';
import { reconcile } from '@wsad/engine';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  begin,
  claimedIn,
  dyingAt,
  numbered,
  numbersByHash,
  told,
  untilReconciled,
} from './support/losing.ts';
import { type SharedParts, startShared } from './support/path.ts';
import { newSeller } from './support/sellers.ts';
import { createVirtualTime, startVirtualPath, type VirtualPath } from './support/virtual-path.ts';

const HOUR_MS = 3_600_000;
const FAILED_LIST = 'GET /sessions/{referenceNumber}/invoices/failed';
const LIST = 'GET /sessions';
const STATUS = 'GET /sessions/{referenceNumber}';
const PAGE = { contentType: 'text/html', body: '<html>busy</html>' };

const time = createVirtualTime();
let shared: SharedParts & { close(): Promise<void> };
beforeAll(async () => {
  shared = await startShared(time.now);
});
afterAll(() => shared.close());

let nip: string;
let batch: string[];
let few: string[];
let since: Date;
let anew: VirtualPath;
let registered: Map<string, string>;
let callsBefore: Readonly<Record<string, number>>;
beforeEach(() => {
  nip = newSeller();
  [batch, few] = [numbered(nip, 7, 'B'), numbered(nip, 3, 'I')];
  since = time.now();
});
afterEach(async () => {
  shared.emulator.control.clearFaults();
  await anew.close();
});

/** One ledger sends, as far as `work` goes, and is lost; the other one begins anew. */
async function lose(work: (lost: VirtualPath) => Promise<void>, forMs = HOUR_MS): Promise<void> {
  const lost = await startVirtualPath({ shared }, time);
  await lost.putToken(nip, 'token');
  await work(lost);
  await lost.close();
  registered = numbersByHash(shared, nip);
  callsBefore = shared.emulator.control.stats().calls;
  time.advance(forMs);
  anew = await startVirtualPath({ shared }, time);
}

const bothKinds = async (lost: VirtualPath): Promise<void> => {
  for (const xmls of [batch, few]) {
    await lost.submit(nip, xmls);
    await lost.rest(HOUR_MS);
  }
};

const ask = () => anew.ledger.askReconciliation({ nip: nip, since, actor: 'test', now: time.now() });
/** Since the ledger was lost. */
const calls = (operation: string): number =>
  (shared.emulator.control.stats().calls[operation] ?? 0) - (callsBefore[operation] ?? 0);

describe('without any mark', () => {
  it('what is sent again is a duplicate, and cleared by its hash, in a batch as interactively', async () => {
    await lose(bothKinds);
    await anew.putToken(nip, 'token');
    for (const xmls of [batch, few]) {
      await anew.submit(nip, xmls);
      await anew.rest(HOUR_MS);
    }
    expect(claimedIn(anew)).toBe(10);
    expect(registered.size).toBe(10);
    expect(await told(anew, nip)).toEqual(registered);
    expect(numbersByHash(shared, nip)).toEqual(registered);
  });

  it('a verdict that names no original is held, until KSeF is asked for its sessions', async () => {
    await lose(bothKinds);
    await anew.putToken(nip, 'token');
    const set = Object.fromEntries(batch.map((_, place) => [`invoices.${place}.status.extensions`, null]));
    shared.emulator.control.addFault({ operation: FAILED_LIST, times: 100, edit: { set } });
    for (const xmls of [batch, few]) {
      await anew.submit(nip, xmls);
      await anew.rest(HOUR_MS);
    }
    expect([...(await told(anew, nip)).values()]).toEqual(Array(10).fill('held'));
    await ask();
    await untilReconciled(anew);
    expect(await told(anew, nip)).toEqual(registered);
    expect(claimedIn(anew)).toBe(10);
  });
});

describe('asked for its sessions first', () => {
  it('KSeF tells of all by a few calls, and nothing is sent', async () => {
    await lose(bothKinds);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch, ...few]);
    await untilReconciled(anew);
    expect(await told(anew, nip)).toEqual(registered);
    expect(claimedIn(anew)).toBe(0);
    expect(calls(LIST)).toBe(2);
    expect(calls(FAILED_LIST)).toBe(0);
  });

  it('what is handed in later is cleared when its turn comes, with its receipt', async () => {
    await lose(bothKinds);
    await ask();
    await anew.putToken(nip, 'token');
    await untilReconciled(anew);
    await anew.submit(nip, few);
    await anew.rest(HOUR_MS);
    await anew.submit(nip, batch);
    await anew.rest(HOUR_MS);
    expect(await told(anew, nip)).toEqual(registered);
    expect(claimedIn(anew)).toBe(0);
    const { items } = await anew.ledger.invoicesPage({ nip: nip }, 'all', null, 100);
    expect(items.map(({ upoAvailable }) => upoAvailable)).toEqual(Array(10).fill(true));
    const sessions = await anew.ledger.sessionsPage({ nip: nip }, 'all', null, 10);
    expect(sessions.items.map(({ kind, state }) => [kind, state]).sort()).toEqual([
      ['batch', 'settled'],
      ['interactive', 'settled'],
    ]);
  });

  it('a session that KSeF still works on is waited for before anything is begun', async () => {
    await lose(bothKinds);
    const working = { set: { 'sessions.0.status.code': 150, 'status.code': 150 } };
    const { control } = shared.emulator;
    control.addFault({ operation: LIST, times: 2, edit: working });
    control.addFault({ operation: STATUS, times: 4, edit: working });
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch, ...few, ...numbered(nip, 6, 'new')]);
    await untilReconciled(anew);
    expect(calls(STATUS)).toBeGreaterThan(4);
    await anew.rest(HOUR_MS);
    expect(claimedIn(anew)).toBe(6);
    expect(await told(anew, nip)).toEqual(numbersByHash(shared, nip));
    expect(numbersByHash(shared, nip).size).toBe(16);
  });

  it('an interactive session that nobody closed is read while it is open, its receipt when KSeF has closed it', async () => {
    await lose(async (lost) => {
      await lost.submit(nip, few);
      await begin(lost, dyingAt(lost.world, 'recordClosing'), nip);
    });
    expect(registered.size).toBe(3);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, few);
    await untilReconciled(anew);
    expect(await told(anew, nip)).toEqual(registered);
    const upos = async () => {
      const { items } = await anew.ledger.invoicesPage({ nip: nip }, 'all', null, 100);
      return items.filter(({ upoAvailable }) => upoAvailable).length;
    };
    expect(await upos()).toBe(0);
    time.advance(13 * HOUR_MS);
    await anew.rest(HOUR_MS);
    expect(await upos()).toBe(3);
  });

  it('a batch session that nobody closed holds nothing: its invoices go', async () => {
    await lose(async (lost) => {
      await lost.submit(nip, batch);
      await begin(lost, dyingAt(lost.world, 'recordClosing'), nip);
    });
    expect(registered.size).toBe(0);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, batch);
    await untilReconciled(anew);
    await anew.rest(HOUR_MS);
    expect(claimedIn(anew)).toBe(7);
    expect(await told(anew, nip)).toEqual(numbersByHash(shared, nip));
  });

  it('a session of which not everything is handed in again has its receipt all the same, and rests', async () => {
    await lose(bothKinds);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch.slice(1), ...few.slice(0, 1)]);
    await untilReconciled(anew);
    await anew.rest(HOUR_MS);
    const { items } = await anew.ledger.invoicesPage({ nip: nip }, 'all', null, 100);
    expect(items.map(({ state, upoAvailable }) => [state, upoAvailable])).toEqual(
      Array(7).fill(['cleared', true]),
    );
    expect(await anew.ledger.sessionsToFollow(new Date(time.now().getTime() + 24 * HOUR_MS), 10)).toEqual([]);
    await anew.submit(nip, batch.slice(0, 1));
    await anew.rest(HOUR_MS);
    expect([...(await told(anew, nip)).values()].every((number) => number.startsWith(nip))).toBe(true);
    expect(claimedIn(anew)).toBe(0);
  });

  it('a UPO that cannot be had is no hindrance: the list tells', async () => {
    await lose(bothKinds);
    shared.emulator.control.addFault({
      ...{ operation: 'GET /storage/upo/{session}/{page}', times: 2 },
      ...{ status: 200, ...PAGE },
    });
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch, ...few]);
    await untilReconciled(anew);
    expect(await told(anew, nip)).toEqual(registered);
    expect(claimedIn(anew)).toBe(0);
  });
});

describe('where KSeF cannot be asked', () => {
  it('for want of a good login the invoices are held, and go on by themselves', async () => {
    await lose(bothKinds);
    await ask();
    await anew.putToken(nip, 'bad token');
    await anew.submit(nip, batch);
    await reconcile(anew.world);
    expect([...(await told(anew, nip)).values()]).toEqual(Array(7).fill('held'));
    await anew.putToken(nip, 'token');
    await untilReconciled(anew);
    for (const [sha256, number] of await told(anew, nip)) expect(registered.get(sha256)).toBe(number);
    expect(claimedIn(anew)).toBe(0);
  });

  it('for want of a right to see one session the seller goes on: its invoices are duplicates', async () => {
    await lose(bothKinds);
    const anyOf = ['Introspection'];
    shared.emulator.control.addFault({
      ...{ operation: STATUS, times: 5, refusal: { kind: 'missingPermissions', anyOf } },
    });
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch, ...few]);
    await untilReconciled(anew);
    await anew.rest(HOUR_MS);
    expect(claimedIn(anew)).toBe(7);
    expect(await told(anew, nip)).toEqual(registered);
    expect(numbersByHash(shared, nip)).toEqual(registered);
    const { rows } = await anew.ledger.pool.query(
      `SELECT detail FROM events WHERE type = 'session.unreadable' AND nip = $1`,
      [nip],
    );
    expect(rows).toMatchObject([{ detail: { why: expect.stringMatching(/403.*Introspection/) } }]);
  });

  it('for a fault it is asked again, and nothing is begun before', async () => {
    await lose(bothKinds);
    shared.emulator.control.addFault({ operation: LIST, times: 3, status: 500, ...PAGE });
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, batch);
    await untilReconciled(anew);
    expect(claimedIn(anew)).toBe(0);
    expect(calls(LIST)).toBe(5);
  });

  it('a person may say that it is not to be waited for: then the duplicates tell', async () => {
    await lose(bothKinds);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, batch);
    await anew.rest(HOUR_MS);
    expect(claimedIn(anew)).toBe(0);
    await anew.ledger.skipReconciliation({ nip: nip, actor: 'test', now: time.now() });
    await anew.rest(HOUR_MS);
    expect(claimedIn(anew)).toBe(7);
    expect(numbersByHash(shared, nip)).toEqual(registered);
    for (const [sha256, number] of await told(anew, nip)) expect(registered.get(sha256)).toBe(number);
  });
});

describe('a ledger that was marked as a whole', () => {
  it('asks for a seller that it comes to know later too, and again for new credentials', async () => {
    await lose(bothKinds);
    await anew.ledger.askReconciliation({ nip: null, since, actor: 'test', now: time.now() });
    await anew.putToken(nip, 'token of somebody else');
    await untilReconciled(anew);
    expect(calls(LIST)).toBe(2);
    await anew.putToken(nip, 'token');
    await anew.submit(nip, [...batch, ...few]);
    await untilReconciled(anew);
    await anew.rest(HOUR_MS);
    expect(calls(LIST)).toBe(4);
    expect(claimedIn(anew)).toBe(0);
    expect(await told(anew, nip)).toEqual(registered);
  });
});

describe('the calls of the time that is lost', () => {
  it('are in the windows of the new ledger, so that KSeF has no reason to answer 429', async () => {
    const limits = { ...rateLimits280, onlineSession: { perSecond: 2, perMinute: 4, perHour: 4 } };
    const usual = shared;
    shared = await startShared(time.now, { limits });
    await lose(async (lost) => {
      for (const prefix of ['P', 'Q', 'R', 'S']) {
        // Urgent ones wait for no pace.
        await lost.submit(nip, numbered(nip, 1, prefix), { urgent: true });
        await lost.rest(60_000);
      }
    }, 60_000);
    expect(registered.size).toBe(4);
    await ask();
    await anew.putToken(nip, 'token');
    await anew.submit(nip, numbered(nip, 1, 'T'));
    await untilReconciled(anew);
    await anew.rest(2 * HOUR_MS);
    expect(numbersByHash(shared, nip).size).toBe(5);
    expect(shared.emulator.control.stats().rateLimited).toBe(0);
    await shared.close();
    shared = usual;
  });
});

describe('whatever KSeF answers when it is asked', () => {
  it('every fault of its lists and of its sessions is waited out, and nothing is sent', async () => {
    const { faults } = shared.emulator.control;
    const names = faults.catalogue().map(({ name }) => name);
    // A second page is only asked for after a thousand sessions.
    const struck = names.filter((name) => /^session-(list|status)-(?!21418)/.test(name));
    expect(struck.length).toBeGreaterThan(30);
    const sellers = struck.map((name) => ({ name, seller: newSeller() }));
    await lose(async (lost) => {
      for (const { seller } of sellers) {
        await lost.putToken(seller, 'token');
        await lost.submit(seller, numbered(seller, 2, 'F'));
        await lost.rest(60_000);
      }
    });
    for (const { name, seller } of sellers) await faults.enable(name, { nip: seller });
    await anew.ledger.askReconciliation({ nip: null, since, actor: 'test', now: time.now() });
    for (const { seller } of sellers) {
      await anew.putToken(seller, 'token');
      await anew.submit(seller, numbered(seller, 2, 'F'));
    }
    await untilReconciled(anew);
    for (const { name, seller } of sellers)
      expect([name, await told(anew, seller)]).toEqual([name, numbersByHash(shared, seller)]);
    expect(claimedIn(anew)).toBe(0);
    expect(faults.armed()).toEqual([]);
  }, 120_000);
});

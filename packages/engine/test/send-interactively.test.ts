import { describe, expect, it } from 'vitest';
import { dispatchLane, openAccess, sendSession } from '../src/index.ts';
import {
  after,
  answered,
  before,
  inTurn,
  type Operation,
  refusedLogin,
  type Strike,
  unanswered,
} from './support/faults.ts';
import { putCredential } from './support/login-ledger.ts';
import { LANE, NIP } from './support/state.ts';
import { type TestWorld, testWorld } from './support/world.ts';

const MAINTENANCE = before(answered('sendInvoice', 400, 21184));

type Strikes = Partial<Record<Operation, (Strike | null)[]>>;

async function claimed(count: number, strikes: Strikes = {}): Promise<TestWorld> {
  const test = testWorld({ strike: inTurn(strikes) });
  test.acceptMany(count);
  await dispatchLane(test.world, LANE);
  return test;
}

function count({ model }: TestWorld, operation: Operation): number {
  return model.calls.filter((call) => call === operation).length;
}

function states({ state }: TestWorld): string[] {
  return [...state.invoices.values()].map((invoice) => invoice.state);
}

it('opens, sends each invoice with its intent recorded first, and closes', async () => {
  const test = await claimed(5);
  const intents: number[] = [];
  const { world } = test;
  const sendInvoice: typeof world.ksef.sendInvoice = async (...call) => {
    intents.push(
      (await world.ledger.members('session-1')).filter(({ intentAt }) => intentAt !== null).length,
    );
    return await world.ksef.sendInvoice(...call);
  };
  await sendSession({ ...world, ksef: { ...world.ksef, sendInvoice } }, 'session-1');
  expect(intents.every((recorded, index) => recorded > index)).toBe(true);
  expect(test.state.sessions.get('session-1')?.state).toBe('closed');
  const members = await world.ledger.members('session-1');
  expect(members.map(({ reference }) => reference)).toEqual(
    expect.arrayContaining(['reference-1-1', 'reference-1-5']),
  );
});

it.each([
  ['that KSeF has', after(unanswered('sendInvoice')), 3],
  ['that KSeF has, and says 500', after(answered('sendInvoice', 500)), 3],
  ['that KSeF has not', before(unanswered('sendInvoice')), 4],
])(
  'never sends an invoice again in its session when the answer is lost: one %s',
  async (_, strike, sends) => {
    const test = await claimed(3, { sendInvoice: [null, strike] });
    await sendSession(test.world, 'session-1');
    expect(count(test, 'sendInvoice')).toBe(3);
    expect(test.state.sessions.get('session-1')?.state).toBe('closed');
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
    expect(count(test, 'sendInvoice')).toBe(sends);
    expect(test.model.sentTwice).toEqual([]);
  },
);

it('reads the login once to open, once to send an invoice, and once to close', async () => {
  const { world } = await claimed(1);
  await openAccess(world, NIP);
  let reads = 0;
  const authentication: typeof world.ledger.authentication = async (...of) => {
    reads += 1;
    return await world.ledger.authentication(...of);
  };
  await sendSession({ ...world, ledger: { ...world.ledger, authentication } }, 'session-1');
  expect(reads).toBe(3);
});

it('renews a token that is refused (401) with its first invoice, and sends that one again', async () => {
  const test = await claimed(2, { sendInvoice: [before(answered('sendInvoice', 401))] });
  await test.settle();
  expect(states(test)).toEqual(['cleared', 'cleared']);
  expect(count(test, 'sendInvoice')).toBe(3);
  expect(count(test, 'openOnline')).toBe(1);
});

describe('a login that may send no more once some has gone', () => {
  const forbidden = before(answered('sendInvoice', 403));

  it('settles what has gone and holds the rest, until a login may send it', async () => {
    const strikes = [null, ...Array(8).fill(forbidden)];
    const test = await claimed(3, { sendInvoice: strikes });
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'held', 'held']);
    const [, ...held] = [...test.state.invoices.values()];
    expect(held).toMatchObject(Array(2).fill({ holdCause: 'permission_missing', verdict: { code: 403 } }));
    expect(test.state.sessions.get('session-1')?.state).toBe('settled');
    expect(strikes).toEqual([]);
    putCredential(test.state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
    expect(test.model.sentTwice).toEqual([]);
  });

  it('goes on in the session where it may again soon', async () => {
    const test = await claimed(3, { sendInvoice: [null, forbidden, forbidden] });
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
    expect(count(test, 'openOnline')).toBe(1);
  });
});

const REFUSED: [string, string, Strikes][] = [
  ['while it is closed', 'closing', { closeOnline: [before(answered('closeOnline', 401))] }],
  ['while it is sent', 'opened', { sendInvoice: [null, before(answered('sendInvoice', 401))] }],
];

it.each(REFUSED)(
  'is looked at ever more seldom where its login is refused for good %s, until there are new credentials',
  async (_, state, strikes) => {
    const test = await claimed(3, {
      ...strikes,
      refresh: [before(answered('refresh', 401))],
      login: [null, before(refusedLogin(450))],
    });
    const pauses: number[] = [];
    for (let look = 0; look < 16; look += 1) {
      const outcome = await sendSession(test.world, 'session-1');
      if (outcome.kind !== 'snooze') throw new Error(`it came to ${outcome.kind}`);
      pauses.push(outcome.until.getTime() - test.world.clock().getTime());
      test.pass(pauses.at(-1) ?? 0);
    }
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect(pauses.at(-1)).toBe(3_600_000);
    expect(count(test, 'login')).toBe(2);
    expect(test.state.sessions.get('session-1')).toMatchObject({ state, why: expect.any(String) });
    putCredential(test.state, { id: 'credential-2', type: 'ksefToken', token: 'new' });
    await sendSession(test.world, 'session-1');
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
    expect(test.model.sentTwice).toEqual([]);
  },
);

it('does not resend after a crash what it had begun to send', async () => {
  const test = await claimed(3);
  const session = await test.world.ledger.acquireSession('session-1', 'dead', test.world.clock(), 8_000);
  const opened = await test.world.ksef.openOnline('', '', {
    form: 'FA (3)',
    key: Buffer.of(),
    iv: Buffer.of(),
  });
  const at = test.world.clock();
  const facts = { ...opened, credentialId: 'credential-1', openedAt: at, package: null, parts: [] };
  await test.world.ledger.recordOpened('session-1', session?.fence ?? 0, facts);
  await test.world.ledger.recordInvoiceIntent('session-1', session?.fence ?? 0, 1, at);
  test.pass(8_000);
  await sendSession(test.world, 'session-1');
  expect(count(test, 'sendInvoice')).toBe(2);
  await test.settle();
  expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
});

it('closes a session in maintenance that has taken some, and sends the rest in another', async () => {
  const test = await claimed(3, { sendInvoice: [null, MAINTENANCE, MAINTENANCE] });
  await test.settle();
  expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
  expect(count(test, 'closeOnline')).toBe(2);
  expect(test.model.sentTwice).toEqual([]);
});

it('gives up a session in maintenance that has taken none, without closing it', async () => {
  const test = await claimed(2, { sendInvoice: [MAINTENANCE, MAINTENANCE] });
  await sendSession(test.world, 'session-1');
  expect(test.state.sessions.get('session-1')?.state).toBe('abandoned');
  expect(count(test, 'closeOnline')).toBe(0);
  await test.settle();
  expect(states(test)).toEqual(['cleared', 'cleared']);
});

it('lets the neighbours of an invoice go on that KSeF would not take at all, and holds that one in the end', async () => {
  const refuse = (operation: Operation, text: string): Strike | null =>
    operation === 'sendInvoice' && text === 'FV/1' ? before(answered('sendInvoice', 400)) : null;
  const test = await claimed(2);
  const { world } = test;
  const sendInvoice: typeof world.ksef.sendInvoice = async (nip, token, reference, invoice) => {
    const struck = refuse('sendInvoice', invoice.encrypted.toString());
    if (struck !== null && 'error' in struck) throw struck.error;
    return await world.ksef.sendInvoice(nip, token, reference, invoice);
  };
  await test.settle({ ...world, ksef: { ...world.ksef, sendInvoice } });
  expect(states(test)).toEqual(['held', 'cleared']);
});

it('waits for its place over a limit and then sends only what has not gone', async () => {
  const test = await claimed(3, { sendInvoice: [null, before(answered('sendInvoice', 429))] });
  expect(await sendSession(test.world, 'session-1')).toMatchObject({ kind: 'snooze' });
  test.pass(1_000);
  expect(await sendSession(test.world, 'session-1')).toEqual({ kind: 'done' });
  expect(count(test, 'sendInvoice')).toBe(4);
  await test.settle();
  expect(states(test)).toEqual(['cleared', 'cleared', 'cleared']);
  expect(count(test, 'openOnline')).toBe(1);
});

it.each([21166, 21167])(
  'ends a technical correction that KSeF will not have (%i) with its words',
  async (code) => {
    const test = await claimed(2, { sendInvoice: [before(answered('sendInvoice', 400, code))] });
    await sendSession(test.world, 'session-1');
    expect(states(test).sort()).toEqual(['processing', 'rejected']);
    const refused = [...test.state.invoices.values()].find(({ state }) => state === 'rejected');
    expect(refused?.verdict).toEqual({ code, description: 'answered 400', details: [] });
    expect(count(test, 'sendInvoice')).toBe(2);
    expect(test.state.sessions.get('session-1')?.state).toBe('closed');
  },
);

it('gives a session up in which KSeF would have nothing', async () => {
  const test = await claimed(1, { sendInvoice: [before(answered('sendInvoice', 400, 21167))] });
  await sendSession(test.world, 'session-1');
  expect(states(test)).toEqual(['rejected']);
  expect(test.state.sessions.get('session-1')?.state).toBe('abandoned');
  expect(count(test, 'closeOnline')).toBe(0);
});

it('tells KSeF what a technical correction replaces', async () => {
  const test = await claimed(2);
  const { world } = test;
  const told: unknown[] = [];
  const members: typeof world.ledger.members = async (id) =>
    (await world.ledger.members(id)).map((member) =>
      member.ordinal === 1 ? { ...member, correctedSha256: 'of the refused one' } : member,
    );
  const sendInvoice: typeof world.ksef.sendInvoice = async (...call) => {
    told.push(call[3].correctedSha256);
    return await world.ksef.sendInvoice(...call);
  };
  const ledger = { ...world.ledger, members };
  await sendSession({ ...world, ledger, ksef: { ...world.ksef, sendInvoice } }, 'session-1');
  expect(told).toEqual(['of the refused one', null]);
});

describe("an invoice refused alone keeps KSeF's words", () => {
  const only = ({ state }: TestWorld) => [...state.invoices.values()][0];

  it.each([
    [400, 21405, 'held'],
    [413, null, 'held'],
    [400, 21166, 'rejected'],
  ])('%i/%s: %s at once, also where it was the only one', async (status, code, fate) => {
    const test = await claimed(1, { sendInvoice: [before(answered('sendInvoice', status, code))] });
    await test.settle();
    expect(only(test)).toMatchObject({
      state: fate,
      verdict: { code: code ?? status, description: `answered ${status}` },
    });
    expect(count(test, 'sendInvoice')).toBe(1);
    expect(count(test, 'closeOnline')).toBe(0);
  });

  it.each([21001, 21402, 21403, 29999])('%i: held after three attempts', async (code) => {
    const refusal = before(answered('sendInvoice', 400, code));
    const test = await claimed(1, { sendInvoice: [refusal, refusal, refusal] });
    await test.settle();
    expect(only(test)).toMatchObject({ state: 'held', attempts: 3, verdict: { code } });
    expect(count(test, 'sendInvoice')).toBe(3);
  });

  it('and is not sent again in its session by whoever goes on with it', async () => {
    const test = await claimed(2, {
      sendInvoice: [before(answered('sendInvoice', 400, 21402))],
      closeOnline: [before(answered('closeOnline', 503))],
    });
    await sendSession(test.world, 'session-1');
    expect(states(test).sort()).toEqual(['accepted', 'sending']);
    await test.settle();
    expect(states(test)).toEqual(['cleared', 'cleared']);
    expect(count(test, 'sendInvoice')).toBe(3);
    expect(test.model.sentTwice).toEqual([]);
  });
});

it.each([400, 413])('a session that KSeF will not open (%i) is held after three attempts', async (status) => {
  const refusal = before(answered('openOnline', status));
  const test = await claimed(1, { openOnline: [refusal, refusal, refusal] });
  await test.settle();
  expect([...test.state.invoices.values()][0]).toMatchObject({ state: 'held', verdict: { code: status } });
  expect(count(test, 'openOnline')).toBe(3);
});

it('an invoice in a status below 200 that nobody knows is waited for and held, never sent again', async () => {
  const test = testWorld();
  test.accept('FV/1 160', 'FV/2');
  await dispatchLane(test.world, LANE);
  await test.settle();
  expect(states(test)).toEqual(['held', 'cleared']);
  expect([...test.state.invoices.values()][0]).toMatchObject({ attempts: 0, verdict: { code: 160 } });
  expect(count(test, 'sendInvoice')).toBe(2);
});

it('holds an invoice whose stored bytes have changed meanwhile, and finishes the session without it', async () => {
  const test = await claimed(3, { sendInvoice: [null, before(answered('sendInvoice', 429))] });
  await sendSession(test.world, 'session-1');
  const unsent = test.state.sessions.get('session-1')?.members.filter(({ intentAt }) => intentAt === null);
  const [damaged] = unsent ?? [];
  damaged?.invoice.plain.fill(0);
  await test.settle();
  expect(states(test).sort()).toEqual(['cleared', 'cleared', 'held']);
  expect(damaged?.invoice).toMatchObject({ state: 'held', holdCause: 'payload_damaged' });
  expect(test.state.sessions.get('session-1')?.state).toBe('settled');
  expect(test.model.sentTwice).toEqual([]);
});

import type { AttachmentConsent } from '@wsad/domain';
import { expect, it } from 'vitest';
import { dispatchLane, type Ledger, rescue } from '../src/index.ts';
import { answered, before, inTurn, overLimit, refusedLogin, type Strike } from './support/faults.ts';
import { LANE, NIP } from './support/state.ts';
import { START, type TestWorld, testWorld } from './support/world.ts';

type Standing = Awaited<ReturnType<Ledger['attachmentStanding']>>;

const MAY_ASK = { waiting: true, answer: null, mayAsk: true } as const;

/** Dispatches while attachments stand so, and tells what became of the question. */
async function dispatched(standing: Standing, test: TestWorld = testWorld()) {
  const told: unknown[][] = [];
  const tell =
    (name: string) =>
    (...of: unknown[]) =>
      void told.push([name, ...of]);
  const ledger: Ledger = {
    ...test.world.ledger,
    attachmentStanding: async () => standing,
    recordConsent: async (...of) => tell('record')(...of),
    deferConsent: async (...of) => tell('defer')(...of),
    holdAttachments: async () => {
      tell('hold')();
      return 2;
    },
    releaseAttachments: async () => {
      tell('release')();
      return [{ ...LANE, mode: 'offline' }];
    },
  };
  const outcome = await dispatchLane({ ...test.world, ledger }, LANE);
  return {
    ...test,
    outcome,
    told,
    asked: test.model.calls.filter((call) => call === 'attachmentConsent').length,
  };
}

function striking(strike: Strike): TestWorld {
  return testWorld({ strike: inTurn({ attachmentConsent: [strike] }) });
}

function inMs(ms: number): Date {
  return new Date(START.getTime() + ms);
}

it.each<[string, Standing]>([
  ['none waits', null],
  ['it is too early to ask again', { waiting: true, answer: null, mayAsk: false }],
])('KSeF is not asked where %s', async (_, standing) => {
  const { asked, told } = await dispatched(standing);
  expect([asked, told]).toEqual([0, []]);
});

it('what KSeF grants is noted for an hour, and releases what was held', async () => {
  const { told, queue } = await dispatched(MAY_ASK);
  expect(told).toEqual([['record', NIP, 'granted', START, inMs(3_600_000)], ['release']]);
  expect(queue.rung()).toEqual(['dispatch']);
});

it('is believed no longer than KSeF says that it lasts', async () => {
  const test = testWorld();
  const ksef = {
    ...test.world.ksef,
    attachmentConsent: async () => ({ allowed: true, until: inMs(60_000) }),
  };
  const { told } = await dispatched(MAY_ASK, { ...test, world: { ...test.world, ksef } });
  expect(told[0]).toEqual(['record', NIP, 'granted', START, inMs(60_000)]);
});

it('what KSeF does not grant is held before anything is packed, and its neighbours go', async () => {
  const test = testWorld();
  test.acceptMany(6);
  const ksef = { ...test.world.ksef, attachmentConsent: async () => ({ allowed: false, until: null }) };
  const { told, events, queue } = await dispatched(MAY_ASK, { ...test, world: { ...test.world, ksef } });
  expect(told).toEqual([['record', NIP, 'refused', START, inMs(600_000)], ['hold']]);
  expect(events).toContainEqual({ type: 'invoices.held', nip: NIP, cause: 'attachment_consent', count: 2 });
  expect(queue.rung()).toEqual(['send session-1']);
});

it.each<[AttachmentConsent, unknown[]]>([
  ['refused', [['hold']]],
  ['granted', [['release']]],
  ['unknown', [['release']]],
])('a good word (%s) is acted on without asking', async (answer, consequences) => {
  const { told, asked } = await dispatched({ waiting: true, answer, mayAsk: true });
  expect([asked, told]).toEqual([0, consequences]);
});

it('where KSeF will not tell this login, the verdict is to tell: what was held goes too', async () => {
  const { told } = await dispatched(MAY_ASK, striking(before(answered('attachmentConsent', 403))));
  expect(told).toEqual([['record', NIP, 'unknown', START, inMs(3_600_000)], ['release']]);
});

it.each<[string, Error, number]>([
  ['breaks down', answered('attachmentConsent', 502), 30_000],
  ['names a time', answered('attachmentConsent', 429), 1_000],
  ['has no place in its window', overLimit(START), 1_000],
])('a question that %s is put off, and the neighbours go', async (_, error, ms) => {
  const test = striking(before(error));
  test.acceptMany(6);
  const { told, queue } = await dispatched(MAY_ASK, test);
  expect(told).toEqual([['defer', NIP, START, inMs(ms)]]);
  expect(queue.rung()).toEqual(['send session-1']);
});

it('where KSeF refuses the login, everything is held for that', async () => {
  const test = testWorld({ strike: inTurn({ login: [before(refusedLogin(450))] }) });
  const [invoice] = test.acceptMany(1);
  const { told } = await dispatched(MAY_ASK, test);
  expect(told).toEqual([]);
  expect(invoice).toMatchObject({ state: 'held', holdCause: 'login_refused' });
});

it('where another process is logging in, the lane waits for it', async () => {
  const test = testWorld();
  test.acceptMany(6);
  const world = { ...test.world, ledger: { ...test.world.ledger, beginLogin: async () => false } };
  const { outcome, told } = await dispatched(MAY_ASK, { ...test, world });
  expect(outcome).toMatchObject({ kind: 'snooze', until: inMs(250) });
  expect(told).toEqual([]);
});

it('rescue rings for what is to be asked after again', async () => {
  const { world, queue } = testWorld();
  const ledger = { ...world.ledger, lanesAwaitingConsent: async () => [LANE] };
  expect(await rescue({ ...world, ledger })).toMatchObject({ dispatch: 1 });
  expect(queue.rung()).toEqual(['dispatch']);
});

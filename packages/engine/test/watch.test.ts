import { KsefDown } from '@wsad/domain';
import { describe, expect, it } from 'vitest';
import { probeKsef, readLatarnia, type World, warnOfDeadlines } from '../src/index.ts';
import { answered, before, inTurn } from './support/faults.ts';
import { START, type TestWorld, testWorld } from './support/world.ts';

function withLedger(
  { world }: TestWorld,
  ledger: Partial<World['ledger']>,
  more: Partial<World> = {},
): World {
  return { ...world, ...more, ledger: { ...world.ledger, ...ledger } };
}
const later = (ms: number): Date => new Date(START.getTime() + ms);

describe('the probe', () => {
  it('is made when it is due and not else, and its failure is no news', async () => {
    const test = testWorld({ strike: inTurn({ probe: [before(answered('publicKeys', 503))] }) });
    await probeKsef(test.world);
    expect(test.model.calls).toEqual([]);
    await probeKsef(withLedger(test, { probeIsDue: async () => true }));
    expect(test.model.calls).toEqual(['probe']);
  });
});

describe('warnings of deadlines', () => {
  const warning = { nip: '5265877635', threshold: '1h', deadlineAt: later(3_000_000), invoices: 3 } as const;

  it('are told by the one whose turn it is', async () => {
    const test = testWorld();
    const warnings = { warnOfDeadlines: async () => [warning] };
    await warnOfDeadlines(withLedger(test, { ...warnings, takeTurn: async () => false }));
    expect(test.events).toEqual([]);
    await warnOfDeadlines(withLedger(test, warnings));
    expect(test.events).toEqual([{ type: 'deadline.near', ...warning }]);
  });
});

describe('the status service', () => {
  const reading = { status: 'AVAILABLE', messages: [] };

  it('is read by the one whose turn it is, and what it says is kept', async () => {
    const test = testWorld();
    const kept: unknown[] = [];
    const ledger = { recordLatarnia: async (...of: unknown[]) => void kept.push(of) };
    const latarnia = { read: async () => reading };
    await readLatarnia(withLedger(test, { ...ledger, takeTurn: async () => false }, { latarnia }));
    await readLatarnia(withLedger(test, ledger));
    expect(kept).toEqual([]);
    await readLatarnia(withLedger(test, ledger, { latarnia }));
    expect(kept).toEqual([[reading, START]]);
    expect(test.events).toEqual([{ type: 'latarnia.said', status: 'AVAILABLE', messages: 0 }]);
  });

  it.each([
    [1, 120_000],
    [3, 480_000],
    [9, 1_800_000],
  ])('that has failed %i times is left alone for %i ms', async (failures, pauseMs) => {
    const test = testWorld();
    const putOff: unknown[] = [];
    const world = withLedger(
      test,
      {
        recordLatarniaFailure: async () => failures,
        putOffTurn: async (...of) => void putOff.push(of),
      },
      { latarnia: { read: () => Promise.reject(new Error('answered 502')) } },
    );
    await readLatarnia(world);
    expect(putOff).toEqual([['latarnia', later(pauseMs)]]);
    expect(test.events).toEqual([{ type: 'latarnia.failed', message: 'answered 502' }]);
  });
});

describe('while KSeF is away', () => {
  const down = (): KsefDown => new KsefDown(later(5_000), 'anybody');

  it('what was claimed and not opened goes back in line, with no attempt used up', async () => {
    const test = testWorld({ strike: inTurn({ openBatch: [before(down())] }) });
    const invoices = test.acceptMany(6);
    await test.settle();
    expect(test.state.sessions.get('session-1')).toMatchObject({ state: 'abandoned' });
    expect(invoices.map(({ state, attempts }) => [state, attempts])).toEqual(Array(6).fill(['cleared', 0]));
  });

  it('an opened session waits and goes on where it was', async () => {
    const strikes = inTurn({ closeBatch: [before(down())], uploadPart: [] });
    const test = testWorld({ strike: strikes });
    const invoices = test.acceptMany(6);
    await test.settle();
    expect(test.state.sessions.size).toBe(1);
    expect(invoices.every(({ state, attempts }) => state === 'cleared' && attempts === 0)).toBe(true);
  });

  it('a look that could not be taken counts neither as a look nor as a failure', async () => {
    const looks = Array.from({ length: 30 }, () => before(down()));
    const test = testWorld({ strike: inTurn({ sessionStatus: looks }) });
    test.acceptMany(6);
    const failures = new Set<number>();
    const watched = withLedger(test, {
      postponePoll: async (id, at) => {
        failures.add(test.state.sessions.get(id)?.pollFailures ?? 0);
        await test.world.ledger.postponePoll(id, at);
      },
    });
    await test.settle(watched);
    expect([...failures]).toEqual([0]);
  });
});

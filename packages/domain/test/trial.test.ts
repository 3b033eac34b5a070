import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFailure, type KsefStanding, type SessionFailure } from '../src/index.ts';
import { type Ksef, type Model, trialModel } from './support/trial-model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SPEAKING = [405, 415, 420, 430, 435, 440];

interface Orchard {
  readonly count: number;
  readonly guilty: ReadonlySet<number>;
  readonly attached: ReadonlySet<number>;
  readonly code: number;
  readonly order: readonly number[];
}

/** Any guilty ones among any number, the sessions ending in any order. */
const orchards = fc.integer({ min: 1, max: 200 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    guilty: fc.oneof(some(count, 4), some(count, count)),
    // Of five or fewer the attachments go apart from the beginning: that would be two failures.
    attached: count > 5 ? some(count, count) : fc.constant(new Set<number>()),
    code: fc.constantFrom(...SPEAKING, 500, 465),
    order: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
  }),
);

function some(count: number, most: number): fc.Arbitrary<ReadonlySet<number>> {
  return fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: most }).map((indexes) => new Set(indexes));
}

function sent({ count, guilty, attached, code, order }: Orchard, also: Partial<Ksef> = {}): Model {
  let ended = 0;
  return trialModel(count, (index) => attached.has(index), {
    fails: ({ apples }) => (apples.some(({ index }) => guilty.has(index)) ? code : null),
    others: () => 'unknown',
    next: (live) => {
      ended += 1;
      return live === 0 ? 0 : (order[ended % order.length] ?? 0) % live;
    },
    ...also,
  });
}

/** The states, by what each invoice deserves. */
function ends({ apples }: Model, guilty: ReadonlySet<number>): { guilty: string[]; innocent: string[] } {
  const states = (isGuilty: boolean) => [
    ...new Set(apples.filter(({ index }) => guilty.has(index) === isGuilty).map(({ state }) => state)),
  ];
  return { guilty: states(true), innocent: states(false) };
}

describe('invoices of a session that KSeF fails', () => {
  it('end held, alone, where they are guilty, and cleared where not, in few sessions', () => {
    fc.assert(
      fc.property(orchards, (orchard) => {
        const { count, guilty, code } = orchard;
        const model = sent(orchard);
        model.run();
        expect(ends(model, guilty)).toEqual({
          guilty: guilty.size > 0 ? ['held'] : [],
          innocent: guilty.size < count ? ['cleared'] : [],
        });
        for (const apple of model.apples.filter(({ state }) => state === 'held'))
          expect(apple.sessions.at(-1)?.apples).toEqual([apple]);
        // Where only KSeF's own trouble can be told from guilt by trying, an invoice alone is tried twice more.
        const tries = SPEAKING.includes(code) ? 0 : 2 * guilty.size;
        const levels = Math.max(1, Math.ceil(Math.log2(count)));
        expect(model.sessions.length).toBeLessThanOrEqual(2 + 2 * guilty.size * levels + tries);
      }),
    );
  });

  it('go whole once more, then as halves, five or fewer interactively unless they hold attachments', () => {
    fc.assert(
      fc.property(orchards, (orchard) => {
        const model = sent(orchard);
        model.run();
        const [first, second] = model.sessions;
        if (orchard.guilty.size > 0) expect(second?.apples).toEqual(first?.apples);
        for (const { kind, apples } of model.sessions) {
          const asBatch = apples.length > 5 || apples.some(({ attachment }) => attachment);
          expect(kind).toBe(asBatch ? 'batch' : 'interactive');
        }
      }),
    );
  });

  it('are never in two live sessions, nor with any that did not fail with them', () => {
    fc.assert(
      fc.property(orchards, (orchard) => {
        const model = sent(orchard);
        model.run();
        for (const { apples } of model.sessions) {
          const before = apples.map(
            ({ sessions }) => sessions[sessions.findIndex((s) => s.apples === apples) - 1],
          );
          expect(new Set(before).size).toBe(1);
        }
      }),
    );
  });
});

describe('while KSeF fails everybody', () => {
  it('nothing is held, few calls are spent, and all are cleared once it works', () => {
    fc.assert(
      fc.property(orchards, fc.integer({ min: 1, max: 40 }), (orchard, hours) => {
        const { count, guilty } = orchard;
        const isOver = (nowMs: number) => nowMs > hours * HOUR_MS;
        const model = sent(orchard, {
          fails: ({ apples }, nowMs) =>
            !isOver(nowMs) || apples.some(({ index }) => guilty.has(index)) ? 500 : null,
          others: (nowMs) => (isOver(nowMs) ? 'unknown' : 'troubled'),
        });
        model.run(Math.min(hours, 6) * HOUR_MS);
        expect(model.apples.filter(({ state }) => state === 'held')).toEqual([]);
        expect(model.sessions.length).toBeLessThanOrEqual(20);
        model.run(hours * HOUR_MS);
        expect(model.sessions.length).toBeLessThanOrEqual(20 + 16 * hours);
        expect(model.apples.filter(({ state }) => state === 'held')).toEqual([]);
        model.run();
        expect(ends(model, guilty)).toEqual({
          guilty: guilty.size > 0 ? ['held'] : [],
          innocent: guilty.size < count ? ['cleared'] : [],
        });
      }),
    );
  });

  it('it is not put down to KSeF for more than two days: all come to an end', () => {
    fc.assert(
      fc.property(orchards, (orchard) => {
        const model = sent(orchard, { fails: () => orchard.code, others: () => 'troubled' });
        model.run();
        expect([...new Set(model.apples.map(({ state }) => state))]).toEqual(['held']);
      }),
    );
  });
});

describe('judgeFailure', () => {
  const judged = (of: Partial<SessionFailure>) =>
    judgeFailure({ count: 7, before: null, code: 500, ksef: 'unknown', ...of });
  const standing = (failures: number, unproven = failures) => ({ failures, unproven });

  it('lets the pauses grow while nothing shows that KSeF works', () => {
    const pauses = [0, 1, 2, 3, 8].map((failures) => {
      const { fate } = judged({ before: failures === 0 ? null : standing(failures) });
      return fate.kind === 'again' ? fate.afterMs : null;
    });
    expect(pauses).toEqual([5_000, MINUTE_MS, 12 * MINUTE_MS, HOUR_MS, HOUR_MS]);
  });

  it.each<[KsefStanding, number]>([
    ['works', 500],
    ['unknown', 430],
  ])('goes on at once where KSeF %s, by status %i', (ksef, code) => {
    expect(judged({ ksef, code, before: standing(4) }).fate).toEqual({
      kind: 'again',
      groups: [4, 3],
      afterMs: 5_000,
    });
  });

  it('forgets what was unproven once KSeF judged another session', () => {
    expect(judged({ ksef: 'works', before: standing(4) })).toMatchObject(standing(5, 0));
  });

  it('makes the first halves even while KSeF is in trouble, and then ever more seldom', () => {
    const groups = [1, 2, 8, 9, 10, 18, 19, 20].map((failures) => {
      const { fate } = judged({ ksef: 'troubled', before: standing(failures) });
      return fate.kind === 'again' ? fate.groups : null;
    });
    expect(groups).toEqual([[4, 3], [7], [7], [4, 3], [7], [7], [4, 3], [7]]);
  });

  it('makes no more than 16 parts of many while it may be KSeF, but parts few', () => {
    const sizes = (count: number) =>
      [2, 3, 4, 5, 6, 9, 10, 47, 48].map((failures) => {
        const { fate } = judged({ count, before: standing(failures - 1) });
        return fate.kind === 'again' ? fate.groups.length : null;
      });
    expect(sizes(6)).toEqual([2, 2, 2, 2, 1, 1, 2, 1, 2]);
    expect(sizes(5)).toEqual(Array(9).fill(2));
  });

  it('holds one alone after three failures, after five where it may be KSeF, after two days of its trouble', () => {
    const alone = { count: 1, ksef: 'works' } as const;
    const heldAfter = (of: Partial<SessionFailure>) =>
      [1, 2, 3, 4, 5, 6, 40, 47, 48].find(
        (failures) =>
          judged({ ...alone, ...of, before: failures === 1 ? null : standing(failures - 1) }).fate.kind ===
          'held',
      );
    expect(heldAfter({})).toBe(3);
    expect(heldAfter({ ksef: 'unknown', code: 405 })).toBe(3);
    expect(heldAfter({ ksef: 'unknown' })).toBe(5);
    expect(heldAfter({ ksef: 'troubled' })).toBe(48);
  });
});

import { FAULT_CATALOGUE } from '@wsad/emulator';
import { seeded } from '@wsad/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindNames, kindOf } from '../src/fault-kinds.ts';
import { planOf } from '../src/plan.ts';

seeded();
const seeds = fc.integer({ min: 0, max: 10_000_000 });
const paces = fc.constantFrom('quick' as const, 'whole' as const);

describe('a plan', () => {
  it('is the same whenever it is made of the same seed, and survives being written down', () => {
    fc.assert(
      fc.property(seeds, paces, (seed, pace) => {
        const plan = planOf(seed, pace);
        expect(planOf(seed, pace)).toEqual(plan);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
    );
  });

  it('has what its faults need', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { faults, queue, workers, shape } = planOf(seed, 'whole');
        const needs = faults.map(({ kind }) => kindOf(kind).needs);
        if (needs.includes('redis')) expect(queue).toBe('redis');
        if (needs.includes('two-workers')) expect([workers, shape]).toEqual([2, 'apart']);
        expect(faults.length).toBeGreaterThan(0);
      }),
    );
  });

  it('goes through all kinds of fault as the seeds go on, the slow ones only at the whole pace', () => {
    const quick = kindNames.filter((name) => kindOf(name).slow !== true);
    expect(quick.length).toBeLessThan(kindNames.length);
    for (const [pace, names] of [
      ['whole', kindNames],
      ['quick', quick],
    ] as const) {
      const drawn = names.flatMap((_name, seed) => planOf(seed, pace).faults.map(({ kind }) => kind));
      expect([...new Set(drawn)].sort()).toEqual([...names].sort());
    }
  });

  it("names faults that are in the emulator's catalogue", () => {
    const named = kindNames
      .map((name, seed) => planOf(seed, 'whole').faults.find(({ kind }) => kind === name))
      .flatMap((fault) => (fault?.how === 'ksef' ? [fault.fault] : []));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in FAULT_CATALOGUE))).toEqual([]);
  });
});

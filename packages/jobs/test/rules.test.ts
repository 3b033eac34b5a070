import { laneKey } from '@wsad/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/backoff.ts';
import { coalesced } from '../src/coalesce.ts';
import { jobCatalogue } from '../src/index.ts';
import { sparingly } from '../src/sparingly.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('starts at half a second, never falls below half its step and never exceeds 30 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), chance, (attempt, random) => {
        const stepMs = Math.min(30_000, 500 * 2 ** (attempt - 1));
        const waitMs = backoffMs(attempt, () => random);
        expect(waitMs).toBeGreaterThanOrEqual(stepMs / 2);
        expect(waitMs).toBeLessThanOrEqual(stepMs);
      }),
    );
  });
});

describe('dispatch rings', () => {
  it('are one ring exactly where the lane is one', () => {
    const lane = fc.record({
      nip: fc.constantFrom('5265877635', '1111111111'),
      form: fc.constantFrom('FA (2)', 'FA (3)'),
      mode: fc.constantFrom('online' as const, 'offline' as const),
    });
    fc.assert(
      fc.property(lane, lane, (one, other) => {
        const ringId = jobCatalogue.dispatch.ringId;
        expect(ringId(one) === ringId(other)).toBe(laneKey(one) === laneKey(other));
      }),
    );
  });
});

describe('coalesced', () => {
  it('runs the first, joins all that come meanwhile into one that follows', async () => {
    const gate = Promise.withResolvers<void>();
    const join = coalesced();
    let runs = 0;
    const work = async (): Promise<void> => {
      runs += 1;
      if (runs === 1) await gate.promise;
    };
    const calls = Array.from({ length: 10 }, () => join('key', work));
    expect(runs).toBe(1);
    gate.resolve();
    await Promise.all(calls);
    expect(runs).toBe(2);
  });

  it('keeps keys apart, and a failure reaches its own callers alone', async () => {
    const join = coalesced();
    const gate = Promise.withResolvers<void>();
    const failing = join('key', () => gate.promise);
    const following = join('key', async () => undefined);
    const other = join('other', async () => undefined);
    await other;
    gate.reject(new Error('gone'));
    await expect(failing).rejects.toThrow('gone');
    await expect(following).resolves.toBeUndefined();
  });
});

describe('sparingly', () => {
  it('tells the same complaint at most every ten seconds', () => {
    let nowMs = 0;
    const told: string[] = [];
    const tell = sparingly(
      () => new Date(nowMs),
      (queue, message) => told.push(`${queue}: ${message}`),
    );
    tell('send', 'refused');
    tell('send', 'refused');
    tell('follow', 'refused');
    nowMs = 10_000;
    tell('send', 'refused');
    expect(told).toEqual(['send: refused', 'follow: refused', 'send: refused']);
  });
});

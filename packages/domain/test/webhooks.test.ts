import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELIVERY_BYTES_MAX,
  DELIVERY_ITEMS_MAX,
  DELIVERY_MS_MAX,
  deliveryBodies,
  NEXT_TRY_MS_MAX,
  nextTry,
} from '../src/index.ts';

const AT = new Date('2026-11-16T10:00:00.000Z');
const itemsOf = (body: string): unknown[] => JSON.parse(body).data.items;

describe('the bodies of deliveries', () => {
  it('carry every item once, in order, within both bounds', () => {
    const item = fc.record({ nip: fc.constant('5265877635'), text: fc.string({ maxLength: 40 }) });
    const lots = fc.tuple(fc.array(item, { maxLength: 20 }), fc.nat(2_500), fc.constantFrom(0, 300, 900));
    fc.assert(
      fc.property(lots, ([few, many, padding]) => {
        const filler = Array.from({ length: many }, (_, n) => ({ nip: 'x', n, pad: 'ą'.repeat(padding) }));
        const items = [...few, ...filler];
        const bodies = deliveryBodies('invoice.held', items, AT);
        expect(bodies.flatMap(({ body }) => itemsOf(body))).toEqual(items);
        for (const { body, items: count } of bodies) {
          expect(count).toBe(itemsOf(body).length);
          expect(count).toBeLessThanOrEqual(DELIVERY_ITEMS_MAX);
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(DELIVERY_BYTES_MAX);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are as few as can be: none for nothing, ten for ten thousand', () => {
    expect(deliveryBodies('invoice.held', [], AT)).toEqual([]);
    const items = Array.from({ length: 10_000 }, (_, n) => ({ nip: '5265877635', n }));
    expect(deliveryBodies('invoice.cleared', items, AT).map((one) => one.items)).toEqual(
      Array(10).fill(1_000),
    );
  });

  it('that holds one item alone may be larger', () => {
    const huge = { nip: 'x', text: 'x'.repeat(DELIVERY_BYTES_MAX) };
    expect(deliveryBodies('invoice.held', [huge, huge], AT).map((one) => one.items)).toEqual([1, 1]);
  });
});

describe('the next try', () => {
  const after = (ms: number) => new Date(AT.getTime() + ms);

  it('is later than now, within three days of the first, and no further away than a pause', () => {
    const spread = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.nat(DELIVERY_MS_MAX + 1_000),
        spread,
        (tries, ms, random) => {
          const now = after(ms);
          const next = nextTry(tries, AT, now, random);
          expect(next === null).toBe(ms >= DELIVERY_MS_MAX);
          if (next === null) return;
          const nextMs = next.getTime();
          expect(nextMs).toBeGreaterThan(now.getTime());
          expect(nextMs).toBeLessThanOrEqual(AT.getTime() + DELIVERY_MS_MAX);
          expect(nextMs - now.getTime()).toBeLessThanOrEqual(NEXT_TRY_MS_MAX);
        },
      ),
    );
  });

  it('comes about fifteen times, the last one at the very end', () => {
    for (const random of [0, 0.5, 0.999]) {
      const tries: Date[] = [];
      for (let now: Date | null = AT; now !== null; now = nextTry(tries.length, AT, now, random))
        tries.push(now);
      expect(tries.length).toBeGreaterThanOrEqual(13);
      expect(tries.length).toBeLessThanOrEqual(18);
      expect(tries.at(-1)).toEqual(after(DELIVERY_MS_MAX));
    }
  });
});

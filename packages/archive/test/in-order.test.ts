import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../src/in-order.ts';
import { collected } from './support.ts';

async function* upTo(count: number) {
  for (let item = 0; item < count; item += 1) yield item;
}

describe('work in order', () => {
  it('gives results in the order of the items, however long each takes', async () => {
    const takeTurns = async (item: number) => {
      for (let turn = (item * 7) % 5; turn > 0; turn -= 1) await nextTurn();
      return item;
    };
    const results = await collected(inOrder(upTo(50), 4, takeTurns));
    expect(results).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('never does more at once than it has lanes', async () => {
    let running = 0;
    let runningMax = 0;
    const counted = async () => {
      running += 1;
      runningMax = Math.max(runningMax, running);
      await nextTurn();
      running -= 1;
    };
    await collected(inOrder(upTo(30), 3, counted));
    expect(runningMax).toBe(3);
  });

  it('fails with the first failure, after the work already begun has ended', async () => {
    let ended = 0;
    const work = async (item: number) => {
      await nextTurn();
      if (item === 2) throw new Error('item 2');
      if (item > 2) await nextTurn();
      ended += 1;
      if (item > 2) throw new Error('a later item');
      return item;
    };
    await expect(collected(inOrder(upTo(30), 4, work))).rejects.toThrow('item 2');
    expect(ended).toBe(5);
  });
});

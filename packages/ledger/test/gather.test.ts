import { expect, it } from 'vitest';
import { gathered } from '../src/gather.ts';

/** A writer that ends each batch when it is told to. */
function stubbornWriter() {
  const batches: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const write = (items: readonly number[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    batches.push({ items, end: resolve, fail: reject });
    return promise;
  };
  return { batches, write };
}

it('writes a lone item at once, and what comes meanwhile together afterwards', async () => {
  const { batches, write } = stubbornWriter();
  const add = gathered(write);
  const first = add(1);
  const rest = [add(2), add(3)];
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  batches[0]?.end();
  await first;
  await expect.poll(() => batches.length).toBe(2);
  rest.push(add(4));
  batches[1]?.end();
  await Promise.all(rest.slice(0, 2));
  await expect.poll(() => batches.length).toBe(3);
  batches[2]?.end();
  await Promise.all(rest);
  expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
});

it('a batch that fails fails for its own items alone', async () => {
  const { batches, write } = stubbornWriter();
  const add = gathered(write);
  const first = add(1);
  const second = add(2);
  batches[0]?.fail(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await expect.poll(() => batches.length).toBe(2);
  batches[1]?.end();
  await second;
});

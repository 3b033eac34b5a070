import { describe, expect, it } from 'vitest';
import { release } from '../src/release.ts';

describe('memory given back', () => {
  it('is gone at once', () => {
    const bytes = Buffer.allocUnsafeSlow(Buffer.poolSize + 1);
    release(bytes.subarray(0, 10));
    expect(bytes.buffer.detached).toBe(true);
  });

  it('is never that of neighbours in a pool', () => {
    const neighbours = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')];
    for (const bytes of neighbours) release(bytes);
    expect(neighbours.map(String)).toEqual(['one', 'two', 'three']);
  });
});

import { describe, expect, it } from 'vitest';
import { closed, follow, numbered, session, states } from './support/followed.ts';
import { ksefNumberOf } from './support/ksef-state.ts';
import { sha256 } from './support/state.ts';

describe('a session that failed as a whole', () => {
  it('lets its invoices go again, three times in all', async () => {
    const test = await closed({ failure: 405 });
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(session(test)?.state).toBe('failed');
    expect(states(test)).toEqual(Array(6).fill('accepted'));
    await test.settle();
    expect(states(test)).toEqual(Array(6).fill('held'));
    expect(test.model.sessions.size).toBe(3);
  });

  it('is settled first with what KSeF judged all the same', async () => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    const judged = (index: number, code: number, ksefNumber: string | null) => ({
      ordinal: index,
      sha256: sha256(Buffer.from(`FV/${index}`)),
      fileName: null,
      reference: `judged-${index}`,
      ksefNumber,
      invoicingMode: 'Online',
      acquiredAt: null,
      verdict: { code, description: '', details: [] },
    });
    failed?.invoices.push(judged(1, 200, ksefNumberOf(1)), judged(2, 450, null), judged(3, 405, null));
    await follow(test);
    expect(states(test)).toEqual(['cleared', 'rejected', 'accepted', 'accepted', 'accepted', 'accepted']);
  });

  it.each([
    ['what KSeF is still working on', 150],
    ['what KSeF has taken, without a number yet', 200],
  ])('waits for %s in it, and holds it at last: it never goes again by itself', async (_, code) => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    failed?.invoices.push({
      ordinal: 1,
      sha256: sha256(Buffer.from('FV/1')),
      fileName: null,
      reference: 'taken',
      ksefNumber: null,
      invoicingMode: null,
      acquiredAt: null,
      verdict: { code, description: '', details: [] },
    });
    expect(await follow(test)).toMatchObject({ kind: 'snooze' });
    expect(states(test)).toEqual(Array(6).fill('processing'));
    test.pass(600_000);
    expect(await follow(test)).toEqual({ kind: 'done' });
    expect(states(test)).toEqual(['held', ...Array(5).fill('accepted')]);
  });

  it('lets go together what its list only tells was not worked on', async () => {
    const test = await closed({ failure: 500 });
    const [failed] = test.model.sessions.values();
    for (const [index, text] of numbered(6).entries()) {
      failed?.invoices.push({
        ordinal: index + 1,
        sha256: sha256(Buffer.from(text)),
        fileName: null,
        reference: text,
        ksefNumber: null,
        invoicingMode: null,
        acquiredAt: null,
        verdict: { code: 405, description: '', details: [] },
      });
    }
    await follow(test);
    expect(session(test)?.state).toBe('failed');
    expect(states(test)).toEqual(Array(6).fill('accepted'));
  });
});

import { planDispatch } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, followed, statesOf, VERDICT, type Walk } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

/** Two plain invoices with an attachment between them. */
async function mixed(): Promise<Walk> {
  return await accepted(test.ledger, newNip(), [
    { number: '1' },
    { number: '2', hasAttachment: true },
    { number: '3' },
  ]);
}

async function dispatched({ nip }: Walk, at = NOW) {
  const claim = await test.ledger.claimLane(laneOf(nip), at, (waiting, room) =>
    planDispatch(at, waiting, room),
  );
  return claim.sessions.map(({ kind, invoices }) => [kind, invoices]);
}

describe('attachments', () => {
  it('stay in line without a good word of KSeF, and their neighbours go', async () => {
    const walk = await mixed();
    expect(await test.ledger.attachmentStanding(walk.nip, NOW)).toEqual({
      waiting: true,
      answer: null,
      mayAsk: true,
    });
    expect(await dispatched(walk)).toEqual([['interactive', 2]]);
    expect(await statesOf(walk)).toEqual(['sending', 'accepted', 'sending']);
    expect(await dispatched(walk)).toEqual([]);
    await test.ledger.recordConsent(walk.nip, 'granted', NOW, after(1_000));
    expect(await dispatched(walk, after(1_001))).toEqual([]);
    expect(await dispatched(walk, after(999))).toEqual([['batch', 1]]);
  });

  it('go where KSeF does not tell, since its verdict will', async () => {
    const walk = await mixed();
    await test.ledger.recordConsent(walk.nip, 'unknown', NOW, after(1_000));
    expect(await dispatched(walk)).toEqual([
      ['batch', 1],
      ['interactive', 2],
    ]);
  });

  it('are held without consent and released with it, each with a line in its timeline', async () => {
    const walk = await mixed();
    const { ledger } = test;
    await ledger.recordConsent(walk.nip, 'refused', NOW, after(600_000));
    expect(await ledger.holdAttachments(walk.nip, NOW)).toBe(1);
    expect(await ledger.holdAttachments(walk.nip, NOW)).toBe(0);
    expect(await statesOf(walk)).toEqual(['accepted', 'held', 'accepted']);
    expect(await ledger.attachmentStanding(walk.nip, NOW)).toMatchObject({
      waiting: false,
      answer: 'refused',
    });
    expect(await lanesAwaiting(walk.nip, after(599_999))).toEqual([]);
    expect(await lanesAwaiting(walk.nip, after(600_000))).toEqual([laneOf(walk.nip)]);
    expect(await ledger.releaseAttachments(walk.nip, after(600_000))).toEqual([laneOf(walk.nip)]);
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted', 'accepted']);
    const record = await ledger.invoice(walk.ids[1] ?? '', 'all');
    if (record === null) throw new Error('it is not there');
    const types = (await ledger.timeline(record)).map(({ type }) => type);
    expect(types).toEqual(['submission.accepted', 'invoice.held', 'invoice.released']);
  });

  it('are asked after at once when somebody retries one', async () => {
    const walk = await mixed();
    await test.ledger.recordConsent(walk.nip, 'refused', NOW, after(600_000));
    await test.ledger.holdAttachments(walk.nip, NOW);
    const action = { invoiceId: walk.ids[1] ?? '', actor: 'test', now: NOW, sellers: 'all' } as const;
    expect(await test.ledger.retryHeld(action)).toMatchObject({ kind: 'done' });
    expect(await test.ledger.attachmentStanding(walk.nip, NOW)).toEqual({
      waiting: true,
      answer: null,
      mayAsk: true,
    });
  });

  it('ring no bell while a question that got no answer is not to be repeated', async () => {
    const walk = await accepted(test.ledger, newNip(), [{ number: '1', hasAttachment: true }]);
    const due = async (at: Date) => (await test.ledger.lanesDue(at, 100)).some(({ nip }) => nip === walk.nip);
    expect(await due(NOW)).toBe(true);
    await test.ledger.deferConsent(walk.nip, NOW, after(30_000));
    expect(await test.ledger.attachmentStanding(walk.nip, after(29_999))).toMatchObject({ mayAsk: false });
    expect(await due(after(29_999))).toBe(false);
    expect(await due(after(30_000))).toBe(true);
    expect(await test.ledger.attachmentStanding(walk.nip, after(30_000))).toMatchObject({ mayAsk: true });
  });

  it("are nobody's business where none waits, or where sending is paused", async () => {
    const plain = await accepted(test.ledger, newNip(), numbered(2));
    expect(await test.ledger.attachmentStanding(plain.nip, NOW)).toBeNull();
    const walk = await mixed();
    await test.ledger.pauseSeller(walk.nip, 'test', NOW);
    expect(await test.ledger.attachmentStanding(walk.nip, NOW)).toBeNull();
  });

  it("are refused from KSeF's verdict on, whatever it said before", async () => {
    const nip = newNip();
    await test.ledger.recordConsent(nip, 'granted', NOW, after(3_600_000));
    const walk = await followed(test.ledger, nip, [{ number: '1', hasAttachment: true }]);
    const [{ sha256 = '' } = {}] = walk.command.invoices;
    const verdict = { ...VERDICT, code: 415 };
    const outcome = { state: 'held', cause: 'attachment_consent', verdict } as const;
    await test.ledger.settleSession(walk.sessionId, [{ sha256, reference: null, outcome }], [], after(500));
    await test.ledger.accept(call([{ number: '2', hasAttachment: true }], { nip }));
    expect(await test.ledger.attachmentStanding(nip, after(600))).toMatchObject({ answer: 'refused' });
  });
});

async function lanesAwaiting(nip: string, at: Date) {
  return (await test.ledger.lanesAwaitingConsent(at, 100)).filter((lane) => lane.nip === nip);
}

import { deflateRawSync } from 'node:zlib';
import { breakPayloads } from '@wsad/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unaudited } from './support/audited.ts';
import { after, call, laneOf, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, opened, type SessionWalk, statesOf, type Walk } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

const WORDS = { detail: 'damaged', why: 'some are damaged' };

const hold = ({ ledger, sessionId, session }: SessionWalk, ...ordinals: number[]) =>
  ledger.holdDamaged(sessionId, session.fence, ordinals, WORDS, after(50));

async function stored({ ids }: SessionWalk): Promise<string[]> {
  const { rows } = await test.pool.query<{ deflated: Buffer }>(
    'SELECT deflated FROM payloads WHERE invoice_id = ANY ($1::uuid[]) ORDER BY invoice_id',
    [ids],
  );
  return rows.map(({ deflated }) => deflated.toString('base64'));
}

describe('an invoice whose payload is damaged', () => {
  it('is held out of its session, which is given up at once: the others go back in line without an attempt', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip()));
    expect(await hold(walk, 2, 5)).toEqual({ held: 2, abandoned: true });
    const { ledger, sessionId, session } = walk;
    expect(await ledger.acquireSession(sessionId, 'another', after(20_000), 16_000)).toBe(null);
    expect(await statesOf(walk)).toEqual(['accepted', 'held', 'accepted', 'accepted', 'held', 'accepted']);
    expect(await ledger.session(sessionId, 'all')).toMatchObject({ state: 'abandoned', held: 2, again: 4 });
    expect(await ledger.invoice(walk.ids[1] ?? '', 'all')).toMatchObject({
      holdCause: 'payload_damaged',
      holdDetail: 'damaged',
      verdict: null,
      attempts: 0,
    });
    const { incidents } = await ledger.overview([walk.nip], after(60));
    const told = { kind: 'payloadDamaged', nip: walk.nip, since: after(50), detail: '2' };
    expect(incidents).toMatchObject([told]);
    expect((await ledger.overview([newNip()], after(60))).incidents).toEqual([]);
    await expect(ledger.holdDamaged(sessionId, session.fence - 1, [1], WORDS, after(70))).rejects.toThrow(
      /taken over/,
    );
  });

  it('is not held once it may have been sent', async () => {
    const of = await accepted(test.ledger, newNip(), numbered(2));
    const walk = await opened(await claimed(of, { kind: 'interactive' }));
    await test.ledger.recordInvoiceIntent(walk.sessionId, walk.session.fence, 1, after(150));
    expect(await hold(walk, 1, 2)).toEqual({ held: 1, abandoned: false });
    expect(await statesOf(walk)).toEqual(['sending', 'held']);
  });
});

describe('what is read of a session', () => {
  it('has no bytes of what is gone, nor of what is in it no more, and goes on behind them', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(1_100)));
    await test.pool.query('DELETE FROM payloads WHERE invoice_id = ANY ($1::uuid[])', [
      walk.ids.slice(20, 1_060),
    ]);
    await unaudited(test.pool, `UPDATE invoices SET state = 'withdrawn', settled_at = $2 WHERE id = $1`, [
      walk.ids[2],
      after(10),
    ]);
    const ordinals = await ordinalsOf(walk);
    expect(ordinals.all).toBe(1_100);
    const around = [...Array(20).keys()].map((index) => index + 1).filter((ordinal) => ordinal !== 3);
    const behind = [...Array(40).keys()].map((index) => 1_061 + index);
    expect(ordinals.read).toEqual([...around, ...behind]);
  });
});

describe('a payload that PostgreSQL cannot read', () => {
  it('has no bytes, wherever it is, and the others have theirs', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(1_100)));
    const broken = [1, 2, 700, 1_001, 1_100];
    await breakPayloads(test.pool, ...broken.map((ordinal) => walk.ids[ordinal - 1] ?? ''));
    const { all, read } = await ordinalsOf(walk);
    expect(all).toBe(1_100);
    expect(broken.filter((ordinal) => read.includes(ordinal))).toEqual([]);
    expect(read).toHaveLength(1_100 - broken.length);
    expect(await hold(walk, ...broken)).toEqual({ held: 5, abandoned: true });
  });

  it('gives way to the very same bytes, handed in again', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(3)));
    const whole = await stored(walk);
    await breakPayloads(test.pool, walk.ids[1] ?? '');
    await hold(walk, 2);
    await walk.ledger.accept(again(walk));
    expect(await stored(walk)).toEqual(whole);
    expect(await statesOf(walk)).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('that cannot be removed either keeps its invoice held, says so, and keeps nothing else of the call up', async () => {
    const walk = await claimed(await accepted(test.ledger, newNip(), numbered(3)));
    await hold(walk, 1, 2);
    await test.pool.query(`
      CREATE FUNCTION break_page() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = 'data_corrupted';
      END $$;
      CREATE TRIGGER break_page BEFORE DELETE ON payloads FOR EACH ROW
        WHEN (OLD.invoice_id = '${walk.ids[0]}') EXECUTE FUNCTION break_page()`);
    expect(await walk.ledger.accept(again(walk))).toMatchObject([
      { kind: 'existing', state: 'held' },
      { kind: 'existing', state: 'accepted' },
      { kind: 'existing', state: 'accepted' },
    ]);
    const stuck = await walk.ledger.invoice(walk.ids[0] ?? '', 'all');
    expect(stuck).toMatchObject({
      holdCause: 'payload_damaged',
      holdDetail: expect.stringMatching(/repaired/),
    });
  });
});

function again({ command }: Walk): Walk['command'] {
  return { ...command, submissionId: call([]).submissionId, now: after(100) };
}

async function ordinalsOf({ ledger, sessionId }: SessionWalk): Promise<{ all: number; read: number[] }> {
  const ordinals = { all: 0, read: [] as number[] };
  for await (const { ordinal, deflated } of ledger.payloads(sessionId)) {
    ordinals.all += 1;
    if (deflated !== null) ordinals.read.push(ordinal);
  }
  return ordinals;
}

it('cannot be retried while it is damaged, gone or unreadable, whatever else is retried with it', async () => {
  const walk = await claimed(await accepted(test.ledger, newNip()));
  const [first = '', changed = '', gone = '', unreadable = '', longer = ''] = walk.ids;
  await hold(walk, 1, 2, 3, 4, 5);
  const change = (id: string, to: Buffer) =>
    test.pool.query('UPDATE payloads SET deflated = $2 WHERE invoice_id = $1', [id, to]);
  await change(changed, deflateRawSync('x'));
  await test.pool.query('DELETE FROM payloads WHERE invoice_id = $1', [gone]);
  await breakPayloads(test.pool, unreadable);
  await change(longer, deflateRawSync(Buffer.alloc(1_000_000)));
  const choice = { nip: walk.nip, holdCause: 'payload_damaged' } as const;
  const found = await walk.ledger.retryMany(choice, { actor: 'anna', now: after(100), sellers: 'all' });
  expect(found.held).toMatchObject([{ id: first }]);
  expect(found.refused).toEqual(
    [changed, gone, unreadable, longer].map((id) => ({ id, kind: 'payloadDamaged' })),
  );
  expect(await statesOf(walk)).toEqual(['accepted', 'held', 'held', 'held', 'held', 'accepted']);
});

describe('the very same bytes, handed in again', () => {
  async function damaged(): Promise<SessionWalk & { readonly whole: string[] }> {
    const walk = await claimed(await accepted(test.ledger, newNip()));
    const whole = await stored(walk);
    await test.pool.query(`UPDATE payloads SET deflated = 'x', crc32 = 1 WHERE invoice_id = $1`, [
      walk.ids[1],
    ]);
    await hold(walk, 2);
    return { ...walk, whole };
  }

  it.each(['in one piece', 'in parts'])('mend it, and it goes with the others: %s', async (as) => {
    const walk = await damaged();
    const command = again(walk);
    const stageId = walk.ledger.newId(command.now);
    await walk.ledger.stage(stageId, command.invoices);
    const results = await walk.ledger.accept(as === 'in parts' ? { ...command, stageId } : command);
    expect(results).toMatchObject(walk.ids.map((id) => ({ kind: 'existing', id, state: 'accepted' })));
    expect(await stored(walk)).toEqual(walk.whole);
    const { sessions } = await walk.ledger.claimLane(laneOf(walk.nip), after(200), () => ({
      kind: 'send',
      claims: [{ kind: 'batch', count: 100, which: 'any' }],
      more: false,
    }));
    expect(sessions).toMatchObject([{ invoices: 6 }]);
    const mended = await walk.ledger.invoice(walk.ids[1] ?? '', 'all');
    const timeline = mended === null ? [] : await walk.ledger.timeline(mended);
    expect(timeline.find(({ type }) => type === 'invoice.retried')).toMatchObject({
      actor: command.actor,
      detail: { cause: 'payload_damaged' },
    });
  });

  it('bring a payload back that is gone altogether', async () => {
    const walk = await damaged();
    await test.pool.query('DELETE FROM payloads WHERE invoice_id = $1', [walk.ids[1]]);
    await walk.ledger.accept(again(walk));
    expect(await stored(walk)).toEqual(walk.whole);
  });

  it('release nothing that is held for another cause', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(1));
    await walk.ledger.holdSeller(walk.nip, 'session_failed', 'a person looks', after(10));
    expect(await walk.ledger.accept(again(walk))).toMatchObject([{ kind: 'existing', state: 'held' }]);
    expect(await statesOf(walk)).toEqual(['held']);
  });
});

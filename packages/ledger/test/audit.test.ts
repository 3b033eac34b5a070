import { INVOICE_TRANSITIONS, SESSION_TRANSITIONS } from '@wsad/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, EVENT_TYPES } from '../src/index.ts';
import { everyEvent, PERSON } from './support/every-event.ts';
import { after, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, claimed, followed } from './support/walk.ts';

/** Every test of this package runs on a database that refuses a change of state without its event (audited.ts). */
let test: TestLedger;
/** On which nothing has happened yet. */
let fresh: TestLedger;
beforeAll(async () => {
  test = await testLedger();
  await everyEvent(test.ledger);
  await loseKeys();
});
afterAll(() => test.close());

/** Last, since nothing of what was sealed can be used afterwards. */
async function loseKeys(): Promise<void> {
  const withKeys = (vaultKey: Buffer, ...earlierVaultKeys: Buffer[]) =>
    createLedger({ pool: test.pool, vaultKey, earlierVaultKeys });
  await withKeys(Buffer.alloc(32, 1), test.vaultKey).rotateVaultKey(PERSON, after(7_300_000));
  await withKeys(Buffer.alloc(32, 2)).forgetLost(PERSON, after(7_300_000));
}

async function changesOf(what: string): Promise<string[]> {
  const { rows } = await test.pool.query<{ change: string }>(
    `SELECT DISTINCT coalesce(from_state, '[*]') || ' --> ' || to_state AS change FROM audit_changes WHERE what = $1`,
    [what],
  );
  return rows.map(({ change }) => change).sort();
}

function allOf(beginnings: readonly string[], table: Readonly<Record<string, readonly string[]>>): string[] {
  const ways = Object.entries(table).flatMap(([from, to]) => to.map((one) => `${from} --> ${one}`));
  return [...beginnings.map((state) => `[*] --> ${state}`), ...ways].sort();
}

describe('every change of state has its event in the same transaction', () => {
  it('of an invoice, whatever the transition', async () => {
    expect(await changesOf('invoices.state')).toEqual(allOf(['accepted', 'held'], INVOICE_TRANSITIONS));
  });

  it('of a session, whatever the transition', async () => {
    expect(await changesOf('sessions.state')).toEqual(allOf(['claimed', 'settled'], SESSION_TRANSITIONS));
  });

  it('of a login', async () => {
    expect(await changesOf('authentications.state')).toEqual([
      'blocked --> none',
      'none --> active',
      'none --> blocked',
      'none --> refused',
      'refused --> none',
    ]);
  });

  it('and one without is undone', async () => {
    const walk = await accepted(test.ledger, newNip(), numbered(1));
    const held = `UPDATE invoices SET state = 'held', hold_cause = 'session_failed' WHERE id = $1`;
    await expect(test.pool.query(held, walk.ids)).rejects.toThrow(/no event tells of it/);
  });
});

describe('the catalogue of events', () => {
  it('is written in full, and each detail with every key that it may have', async () => {
    const { rows } = await test.pool.query<{ type: string; keys: string[] }>(
      `SELECT type, coalesce(array_agg(DISTINCT key) FILTER (WHERE key IS NOT NULL), '{}') AS keys
       FROM events LEFT JOIN LATERAL jsonb_object_keys(detail) AS key ON true GROUP BY type`,
    );
    const written = Object.fromEntries(rows.map(({ type, keys }) => [type, [...keys].sort()]));
    const known = Object.entries(EVENT_TYPES).map(([type, { detail }]) => [type, [...detail].sort()]);
    expect(written).toEqual(Object.fromEntries(known));
  });

  it('puts to a person what a person did, and to wsad what nobody asked for', async () => {
    const { rows } = await test.pool.query<{ type: string }>(
      'SELECT DISTINCT type FROM events WHERE actor = $1',
      [PERSON],
    );
    const byCaller = Object.entries(EVENT_TYPES).filter(([, { actor }]) => actor === 'caller');
    expect(rows.map(({ type }) => type).sort()).toEqual(byCaller.map(([type]) => type).sort());
  });
});

describe('events are only added', () => {
  it.each([`UPDATE events SET actor = 'somebody'`, 'DELETE FROM events', 'TRUNCATE events'])(
    'so PostgreSQL refuses: %s',
    async (sql) => {
      await expect(test.pool.query(sql)).rejects.toThrow(/only added/);
    },
  );
});

describe('the timeline of an invoice', () => {
  beforeAll(async () => {
    fresh = await testLedger();
  });
  afterAll(() => fresh.close());

  it('ends with who ended it', async () => {
    const walk = await followed(fresh.ledger, newNip(), numbered(1));
    const verdict = { code: 440, description: 'Duplikat', details: [] };
    const [sha256 = ''] = walk.command.invoices.map((invoice) => invoice.sha256);
    const outcome = { state: 'held', cause: 'duplicate_unknown', verdict } as const;
    await fresh.ledger.settleSession(walk.sessionId, [{ sha256, reference: null, outcome }], [], after(900));
    const [invoiceId = ''] = walk.ids;
    await fresh.ledger.withdrawHeld({ invoiceId, actor: PERSON, now: after(1000), sellers: 'all' });
    expect(await toldOf(invoiceId)).toEqual([
      {
        type: 'submission.accepted',
        actor: 'test',
        detail: { accepted: 1, held: 0, existing: 0, refused: 0 },
      },
      expect.objectContaining({ type: 'session.claimed', actor: 'wsad' }),
      expect.objectContaining({ type: 'session.opened', actor: 'wsad' }),
      { type: 'session.closing', actor: 'wsad', detail: {} },
      { type: 'session.closed', actor: 'wsad', detail: {} },
      {
        type: 'invoice.held',
        actor: 'wsad',
        detail: { cause: 'duplicate_unknown', code: 440, detail: 'Duplikat' },
      },
      expect.objectContaining({ type: 'session.settled', actor: 'wsad' }),
      { type: 'invoice.withdrawnBy', actor: PERSON, detail: { cause: 'duplicate_unknown' } },
      { type: 'invoice.withdrawn', actor: PERSON, detail: { code: 440 } },
    ]);
  });

  it('tells of a sender that was no longer heard of, and of none that gave its session back', async () => {
    const walk = await claimed(await accepted(fresh.ledger, newNip(), numbered(1)));
    await fresh.ledger.releaseLease(walk.sessionId, walk.session.fence);
    await fresh.ledger.acquireSession(walk.sessionId, 'second', after(1000), 16_000);
    await fresh.ledger.acquireSession(walk.sessionId, 'third', after(40_000), 16_000);
    const told = (await toldOf(walk.ids[0] ?? '')).filter(({ type }) => type.startsWith('session.taken'));
    expect(told).toEqual([
      { type: 'session.takenOver', actor: 'wsad', detail: { from: 'second', to: 'third', fence: 3 } },
    ]);
  });
});

async function toldOf(id: string) {
  const record = await fresh.ledger.invoice(id, 'all');
  if (record === null) throw new Error('no such invoice');
  const timeline = await fresh.ledger.timeline(record);
  return timeline.map(({ type, actor, detail }) => ({ type, actor, detail }));
}

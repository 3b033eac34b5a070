import { seeded, startTcpProxy, type TcpProxy } from '@wsad/testkit';
import fc from 'fast-check';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedger, type PostgresLedger } from '../src/index.ts';
import { after, call, laneOf, NOW, newNip, numbered } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { accepted, allCleared, claimed, closing, followed, opened, putToken, UPO } from './support/walk.ts';

seeded();
const INVOICES = 20;
let test: TestLedger;
let proxy: TcpProxy;
let pool: Pool;
/** Reaches the same database through the proxy. */
let cutOff: PostgresLedger;
beforeAll(async () => {
  test = await testLedger();
  proxy = await startTcpProxy(test.url);
  pool = new Pool({ connectionString: proxy.through(test.url), max: 2 });
  cutOff = createLedger({ pool, vaultKey: test.vaultKey });
});
afterAll(async () => {
  await pool.end();
  await proxy.close();
  await test.close();
});

/** All that is told of a seller, row by row, without ids that are made anew each time. */
async function rowsOf(nip: string): Promise<string[]> {
  const { rows } = await test.pool.query<{ row: string }>(
    `SELECT concat_ws(' ', 'invoice', state, number, session_id IS NOT NULL, deflated IS NOT NULL) AS row
       FROM invoices LEFT JOIN payloads ON invoice_id = id WHERE nip = $1
     UNION ALL
     SELECT concat_ws(' ', 'session', state, cleared, key_sealed IS NOT NULL, count(session_members)) FROM sessions
       LEFT JOIN session_members ON session_id = id WHERE nip = $1 GROUP BY sessions.id
     UNION ALL
     SELECT concat_ws(' ', 'submission', total, count(submission_invoices)) FROM submissions
       LEFT JOIN submission_invoices ON submission_id = id WHERE nip = $1 GROUP BY submissions.id
     UNION ALL
     SELECT concat_ws(' ', 'event', type) FROM events WHERE nip = $1
     UNION ALL
     SELECT concat_ws(' ', 'receipt', page) FROM receipts JOIN sessions ON id = session_id WHERE nip = $1`,
    [nip],
  );
  return rows.map(({ row }) => row).sort();
}

interface Prepared {
  readonly nip: string;
  /** The step; it may be taken through either ledger, and again. */
  take(ledger: PostgresLedger): Promise<unknown>;
}

const STEPS: Readonly<Record<string, () => Promise<Prepared>>> = {
  accepting: async () => {
    const nip = newNip();
    await putToken(test.ledger, nip);
    const command = call(numbered(INVOICES), { nip });
    return { nip, take: (ledger) => ledger.accept(command) };
  },
  claiming: async () => {
    const { nip } = await accepted(test.ledger, newNip(), numbered(INVOICES));
    const claims = [{ kind: 'batch', count: INVOICES, which: 'any' }] as const;
    const take = (ledger: PostgresLedger) =>
      ledger.claimLane(laneOf(nip), NOW, () => ({ kind: 'send', claims: [...claims], more: false }));
    return { nip, take };
  },
  closing: async () => {
    const begun = await claimed(await accepted(test.ledger, newNip(), numbered(INVOICES)));
    const { nip, sessionId, session } = await closing(await opened(begun));
    return { nip, take: (ledger) => ledger.recordClosed(sessionId, session.fence, after(400)) };
  },
  settling: async () => {
    const walk = await followed(test.ledger, newNip(), numbered(INVOICES));
    serial += INVOICES;
    const verdicts = allCleared(walk, serial);
    return {
      nip: walk.nip,
      take: (ledger) => ledger.settleSession(walk.sessionId, verdicts, UPO, after(900)),
    };
  },
  'giving up': async () => {
    const { nip, sessionId, session } = await opened(
      await claimed(await accepted(test.ledger, newNip(), numbered(INVOICES))),
    );
    return { nip, take: (ledger) => ledger.abandonSession(sessionId, session.fence, 'why', after(300)) };
  },
};
let serial = 50_000;

describe('a connection that is cut after any number of bytes', () => {
  it.each(Object.keys(STEPS))('leaves all or nothing: %s', async (name) => {
    const prepare = STEPS[name] ?? STEPS.accepting;
    if (prepare === undefined) throw new Error(name);
    const whole = await prepare();
    const before = await rowsOf(whole.nip);
    await whole.take(cutOff);
    const done = await rowsOf(whole.nip);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 12_000 }), async (bytes) => {
        const { nip, take } = await prepare();
        proxy.cutAfter(bytes);
        const told = await take(cutOff).then(
          () => true,
          () => false,
        );
        proxy.cutAfter(Number.POSITIVE_INFINITY);
        const left = await rowsOf(nip);
        expect([JSON.stringify(done), ...(told ? [] : [JSON.stringify(before)])]).toContain(
          JSON.stringify(left),
        );
        await cutOff.ping().catch(() => undefined);
      }),
      { numRuns: 25 },
    );
  });
});

/** Stored bytes that are not what was taken in: that one invoice is held, is mended by its own file, and keeps nobody up. */
import { deflateRawSync } from 'node:zlib';
import { warsawDay } from '@wsad/domain';
import { breakPayloads } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { consentToAttachments } from './support/elsewhere.ts';
import type { PathOptions } from './support/path.ts';
import { invoicesOf, newSeller } from './support/sellers.ts';
import type { VirtualPath } from './support/virtual-path.ts';
import { accepted, invoicesIn, outcome, type Sent } from './support/virtual-seller.ts';
import { virtualStage } from './support/virtual-stage.ts';

const DAY_MS = 24 * 3_600_000;
const OPEN = 'POST /sessions/batch';
const OPEN_ONLINE = 'POST /sessions/online';

const newPath = virtualStage();

/** A byte in the middle of what is stored is another one. */
async function damage(
  { ledger }: Pick<VirtualPath, 'ledger'>,
  ...ids: (string | undefined)[]
): Promise<void> {
  const { rowCount } = await ledger.pool.query(
    `UPDATE payloads SET deflated = set_byte(deflated, octet_length(deflated) / 2, get_byte(deflated, octet_length(deflated) / 2) # 255)
     WHERE invoice_id = ANY ($1::uuid[])`,
    [ids],
  );
  expect(rowCount).toBe(ids.length);
}

async function filesOf(path: VirtualPath, { nip, ids }: Sent): Promise<string[]> {
  const wish = { attachment: false, issueDate: warsawDay(path.time.now()) };
  return invoicesOf(nip, ids.length, 'F', wish).map(({ xml }) => xml);
}

async function sessionStates({ ledger }: VirtualPath, { nip }: Sent): Promise<string[]> {
  const { items } = await ledger.sessionsPage({ nip }, 'all', null, 100);
  return items.map(({ state }) => state).sort();
}

/** A worker that is gone at its first upload, when something has happened to the ledger. */
function killedAtFirstUpload(
  happened: (ledger: VirtualPath['ledger']) => Promise<void>,
): NonNullable<PathOptions['over']> {
  let cuts = 0;
  return (world, _emulator, ledger) => ({
    ...world,
    ksef: {
      ...world.ksef,
      async uploadPart(...call) {
        cuts += 1;
        if (cuts > 1) return await world.ksef.uploadPart(...call);
        await happened(ledger);
        throw new Error('the worker was killed');
      },
    },
  });
}

const held = (number: string) => [number, 'held', 'payload_damaged'];

describe('a payload that is damaged', () => {
  it('is found before a TarGz is opened: two are held, ten are cleared, and people see it', async () => {
    const path = await newPath();
    const sent = await accepted(path, 12);
    await damage(path, sent.ids[3], sent.ids[11]);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 10, others: [held('F/4'), held('F/12')] });
    expect(path.calls(OPEN)).toBe(1);
    expect(await sessionStates(path, sent)).toEqual(['abandoned', 'settled']);
    const { incidents } = await path.ledger.overview(null, path.time.now());
    expect(incidents).toMatchObject([{ kind: 'payloadDamaged', nip: sent.nip, detail: '2' }]);
    expect(path.events).toContainEqual({
      type: 'invoices.held',
      nip: sent.nip,
      cause: 'payload_damaged',
      count: 2,
    });
    const [invoice] = await invoicesIn(path, [sent.ids[3] ?? '']);
    expect(invoice?.holdDetail).toMatch(/no longer has the SHA-256/);
    const told = invoice === undefined ? [] : await path.ledger.timeline(invoice);
    expect(told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['submission.accepted', 'session.claimed', 'invoice.held']),
    );
  });

  it('is mended by the very same file, handed in again, and goes', async () => {
    const path = await newPath();
    const sent = await accepted(path, 12);
    const files = await filesOf(path, sent);
    await damage(path, sent.ids[3]);
    await path.rest(DAY_MS);
    const results = await path.submit(sent.nip, files);
    expect(results.map((result) => (result.kind === 'existing' ? result.state : result.kind))).toEqual(
      sent.ids.map((_, index) => (index === 3 ? 'accepted' : 'cleared')),
    );
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 12, others: [] });
  });

  it('goes once it is restored and a person retries it; as it is, it cannot be retried', async () => {
    const path = await newPath();
    const sent = await accepted(path, 7);
    const id = sent.ids[0] ?? '';
    await damage(path, id);
    await path.rest(DAY_MS);
    const retry = () =>
      path.ledger.retryHeld({ invoiceId: id, actor: 'anna', now: path.time.now(), sellers: 'all' });
    expect(await retry()).toEqual({ kind: 'payloadDamaged' });
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 6, others: [held('F/1')] });
    await damage(path, id);
    expect(await retry()).toMatchObject({ kind: 'done' });
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 7, others: [] });
  });

  it('is found before anything is sent interactively, even where it can be unpacked', async () => {
    const path = await newPath();
    const sent = await accepted(path, 3);
    await path.ledger.pool.query('UPDATE payloads SET deflated = $2 WHERE invoice_id = $1', [
      sent.ids[1],
      deflateRawSync('<Faktura/>'),
    ]);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 2, others: [held('F/2')] });
    expect(path.calls(OPEN_ONLINE)).toBe(1);
  });

  it('in a session that is open already is found when it is built again: given up, and the others go', async () => {
    const path = await newPath([], {
      over: killedAtFirstUpload(async (ledger) => {
        const { rows } = await ledger.pool.query<{ id: string }>(
          'SELECT id FROM invoices ORDER BY id LIMIT 1',
        );
        await damage({ ledger }, rows[0]?.id);
      }),
    });
    const sent = await accepted(path, 8);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 7, others: [held('F/1')] });
    expect(path.calls(OPEN)).toBe(2);
  });
});

describe('a session that knows of a damaged payload', () => {
  it('cannot be found again by the next worker where the first one died', async () => {
    let deaths = 0;
    const path = await newPath([], {
      compression: 'Zip',
      over: (world) => ({
        ...world,
        ledger: {
          ...world.ledger,
          async holdDamaged(...call) {
            await world.ledger.holdDamaged(...call);
            deaths += 1;
            throw new Error('the worker was killed');
          },
        },
      }),
    });
    const sent = await accepted(path, 60);
    await damage(path, sent.ids[36]);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 59, others: [held('F/37')] });
    expect(deaths).toBe(1);
    expect(path.calls(OPEN)).toBe(2);
  });

  it.each(['TarGz', 'Zip'] as const)(
    'is not built with what has left it meanwhile: %s',
    async (compression) => {
      const path = await newPath([], {
        compression,
        over: killedAtFirstUpload(async (ledger) => {
          await ledger.pool.query(
            `UPDATE invoices SET state = 'held', hold_cause = 'session_failed', held_at = accepted_at
             WHERE id = (SELECT id FROM invoices ORDER BY id LIMIT 1)`,
          );
        }),
      });
      const sent = await accepted(path, 8);
      await path.rest(DAY_MS);
      expect(await outcome(path, sent)).toEqual({ cleared: 7, others: [['F/1', 'held', 'session_failed']] });
      expect(await sessionStates(path, sent)).toContain('settled');
    },
  );

  it.each(['TarGz', 'Zip'] as const)('goes without what PostgreSQL cannot read: %s', async (compression) => {
    const path = await newPath([], { compression });
    const [batch, interactive] = [await accepted(path, 12), await accepted(path, 3)];
    await breakPayloads(path.ledger.pool, batch.ids[3] ?? '', interactive.ids[0] ?? '');
    await path.rest(DAY_MS);
    expect(await outcome(path, batch)).toEqual({ cleared: 11, others: [held('F/4')] });
    expect(await outcome(path, interactive)).toEqual({ cleared: 2, others: [held('F/1')] });
  });

  it('is given up where payloads are gone: some of them, or all', async () => {
    const path = await newPath();
    const [some, all] = [await accepted(path, 8), await accepted(path, 7)];
    const gone = [some.ids[2], ...all.ids];
    await path.ledger.pool.query('DELETE FROM payloads WHERE invoice_id = ANY ($1::uuid[])', [gone]);
    await path.rest(DAY_MS);
    expect(await outcome(path, some)).toEqual({ cleared: 7, others: [held('F/3')] });
    expect(await outcome(path, all)).toMatchObject({ cleared: 0, others: { length: 7 } });
    expect(path.calls(OPEN)).toBe(1);
  });
});

describe('a payload that is damaged in a Zip, which nobody unpacks', () => {
  it('fails its session once; then it is found, and the others are cleared', async () => {
    const path = await newPath([], { compression: 'Zip' });
    const sent = await accepted(path, 60);
    await damage(path, sent.ids[36]);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({ cleared: 59, others: [held('F/37')] });
    expect(path.calls(OPEN)).toBe(2);
    expect(await sessionStates(path, sent)).toEqual(['abandoned', 'failed', 'settled']);
  });

  it('the same with attachments, which never go interactively', async () => {
    const path = await newPath([], { compression: 'Zip' });
    const nip = newSeller();
    await consentToAttachments(path, nip);
    const sent = await accepted(path, 3, { nip, attachment: true });
    await damage(path, ...sent.ids);
    await path.rest(DAY_MS);
    expect(await outcome(path, sent)).toEqual({
      cleared: 0,
      others: [held('F/1'), held('F/2'), held('F/3')],
    });
    expect(path.calls(OPEN)).toBe(1);
  });
});

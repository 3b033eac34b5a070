import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW, newNip } from './support/invoices.ts';
import { type TestLedger, testLedger } from './support/ledger.ts';
import { TOKENS } from './support/tokens.ts';
import { accepted, claimed, opened, putToken } from './support/walk.ts';

let test: TestLedger;
beforeAll(async () => {
  test = await testLedger();
});
afterAll(() => test.close());

describe('secrets', () => {
  it('are in no table in the clear', async () => {
    const nip = newNip();
    const token = 'S3CRET-ksef-token';
    await putToken(test.ledger, nip, token);
    const credential = await test.ledger.credentialOf(nip);
    await test.ledger.beginLogin(nip, 'w', NOW, 1000);
    const tokens = { ...TOKENS, accessToken: 'S3CRET-access', refreshToken: 'S3CRET-refresh' };
    await test.ledger.finishLogin(nip, 'w', credential?.id ?? '', 'ksefToken', tokens, NOW);
    const walk = await opened(await claimed(await accepted(test.ledger, newNip())));
    const { key } = await test.ledger.createApiKey({
      name: 'k',
      role: 'admin',
      sellers: 'all',
      actor: 'a',
      now: NOW,
    });
    const secrets = [
      token,
      'S3CRET',
      'upload-secret',
      key,
      key.slice(5),
      walk.session.key.toString('hex'),
      walk.session.iv.toString('hex'),
      walk.session.key.toString('base64'),
    ];
    const dump = await dumpOfEverything();
    expect(dump.length).toBeGreaterThan(5_000);
    for (const secret of secrets) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});

/** Every row of every table as text; bytea comes as hex. */
async function dumpOfEverything(): Promise<string> {
  const { rows: tables } = await test.pool.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await test.pool.query<{ text: string }>(`SELECT r::text AS text FROM ${name} AS r`);
      return rows.map((row) => row.text).join('\n');
    }),
  );
  return texts.join('\n');
}

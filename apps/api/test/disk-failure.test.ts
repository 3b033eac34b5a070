import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../src/problem-handler.ts';
import { goodXml, sellerPath } from './support/invoices.ts';
import { startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** From now on PostgreSQL says so of whatever is to be stored. */
async function failing(code: string): Promise<() => Promise<unknown>> {
  await api.ledger.pool.query(`
    CREATE OR REPLACE FUNCTION disk_fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'could not extend file' USING ERRCODE = '${code}';
    END $$;
    CREATE TRIGGER disk_fails BEFORE INSERT ON payloads FOR EACH ROW EXECUTE FUNCTION disk_fails()`);
  return () => api.ledger.pool.query('DROP TRIGGER disk_fails ON payloads');
}

describe("while PostgreSQL's disk is in trouble", () => {
  it.each([
    ['58030', 'LEDGER_DISK_FAILS', 'broken'],
    ['53100', 'LEDGER_FULL', 'full'],
  ])(
    '(%s) nothing is taken in, people are told by name, and it goes on once that is mended',
    async (...of) => {
      const [code, problem, why] = of;
      const mended = await failing(code);
      const handIn = () => api.call('POST', sellerPath('invoices'), { body: goodXml(), type: 'text/xml' });
      const refused = await handIn();
      expect([refused.status, refused.json.code]).toEqual([503, problem]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await api.call('GET', '/metrics')).text).toContain(
        `wsad_disk_failures_total{disk="ledger",why="${why}"} 1`,
      );
      await mended();
      expect((await handIn()).json.accepted).toBe(1);
    },
  );
});

it('a disk of our own is a fault of ours where no archive had to be put down', () => {
  for (const code of ['ENOSPC', 'EIO'])
    expect(problemOf(Object.assign(new Error('write'), { code })).code).toBe('INTERNAL');
});

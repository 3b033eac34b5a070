/** The doctor as it is run: a command with an environment, against a real PostgreSQL and the emulator. */
import { randomBytes } from 'node:crypto';
import { type EmulatorOptions, startEmulator } from '@wsad/emulator';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { describeWithRedis, testDatabase, testRedis } from '@wsad/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { runCommand } from './support/run-command.ts';
import { newSeller } from './support/sellers.ts';

const report = z.object({
  well: z.boolean(),
  findings: z.array(
    z.object({ check: z.string(), state: z.string(), says: z.string(), mend: z.string().nullable() }),
  ),
});
type Report = z.infer<typeof report>;

interface Patient {
  readonly env: Record<string, string>;
  readonly ledger: PostgresLedger;
  readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
}

async function patient(options: EmulatorOptions = {}): Promise<Patient> {
  const emulator = await startEmulator({ port: 0, speed: 'instant', ...options });
  onTestFinished(() => emulator.close());
  const vaultKey = randomBytes(32);
  const database = await testDatabase({ template: 'ledger', prepare: migrated });
  const ledger = createLedger({ databaseUrl: database.url, vaultKey });
  onTestFinished(async () => {
    await ledger.close();
    await database.drop();
  });
  await ledger.bindEnvironment('TEST');
  await ledger.verifyVaultKey();
  const env = {
    KSEF_BASE_URL: `${emulator.url}/v2`,
    DATABASE_URL: database.url,
    VAULT_KEY: vaultKey.toString('base64'),
    ADMIN_TOKEN: 'an-administrator-of-tests',
  };
  return { env, ledger, emulator };
}

async function migrated(databaseUrl: string): Promise<void> {
  const ledger = createLedger({ databaseUrl, vaultKey: randomBytes(32) });
  await ledger.migrate();
  await ledger.close();
}

async function putToken({ ledger }: Patient, nip: string, token: string): Promise<void> {
  const secret = { type: 'ksefToken', token } as const;
  await ledger.putCredentials({ owner: { nip }, secret, actor: 'test', now: new Date() });
}

async function examined(
  env: Record<string, string>,
  nip?: string,
): Promise<Report & { code: number | null }> {
  const { output, code } = await runCommand(
    'doctor',
    env,
    '--json',
    ...(nip === undefined ? [] : ['--nip', nip]),
  );
  return { ...report.parse(JSON.parse(output)), code };
}

function found({ findings }: Report, check: string) {
  return findings.filter((finding) => finding.check === check);
}

describe('the doctor', () => {
  it('finds a seller ready to send, and says what it looked at', async () => {
    const nip = newSeller();
    const well = await patient();
    await putToken(well, nip, 'a-good-token');
    const { output, code } = await runCommand('doctor', well.env, '--nip', nip);
    expect(code).toBe(0);
    expect(output).toMatch(/^Ready to send/m);
    for (const check of [
      'configuration',
      'database',
      'queue',
      'KSeF',
      'clock',
      'login',
      'permissions',
      'limits',
    ])
      expect(output).toMatch(new RegExp(`^ +(ok|warning) +${check} `, 'm'));
    expect(output).not.toContain('a-good-token');
    expect(well.emulator.control.stats().rateLimited).toBe(0);
  });

  it('changes nothing: no invoice, no migration, no session at KSeF', async () => {
    const nip = newSeller();
    const well = await patient();
    await putToken(well, nip, 'token');
    const before = await well.ledger.sellerStatus(nip, new Date());
    await examined(well.env, nip);
    const after = await well.ledger.sellerStatus(nip, new Date());
    expect(after?.authentication).toEqual(before?.authentication);
    expect(well.emulator.control.stats().sessions).toEqual({ batch: 0, online: 0 });
  });

  it("tells a refused login in KSeF's words, with what to do", async () => {
    const nip = newSeller();
    const sick = await patient();
    await putToken(sick, nip, 'bad-token');
    const told = await examined(sick.env, nip);
    expect(told).toMatchObject({ well: false, code: 1 });
    const [login] = found(told, 'login');
    expect(login).toMatchObject({ state: 'problem', says: expect.stringContaining('450') });
    expect(login?.mend).toContain(`PUT /v1/sellers/${nip}/credentials`);
    expect(JSON.stringify(told)).not.toContain('bad-token');
    expect(found(told, 'permissions')[0]?.state).toBe('unknown');
  });

  it('finds a login that may not send', async () => {
    const nip = newSeller();
    const sick = await patient();
    const { token } = sick.emulator.control.issueToken(nip, ['InvoiceRead']);
    await putToken(sick, nip, token);
    expect(found(await examined(sick.env, nip), 'permissions')[0]).toMatchObject({
      state: 'problem',
      says: expect.stringContaining('InvoiceRead'),
      mend: expect.stringContaining('InvoiceWrite'),
    });
  });

  it('finds a seller without credentials, and one that nobody knows', async () => {
    const sick = await patient();
    const told = await examined(sick.env, newSeller());
    expect(found(told, 'credentials')[0]).toMatchObject({ state: 'problem' });
    expect(found(told, 'login')[0]).toMatchObject({ state: 'unknown' });
  });

  it.each([
    ['ahead of', -120_000, 'problem'],
    ['behind', 20_000, 'warning'],
  ])("finds a clock that is %s KSeF's", async (which, ksefAheadMs, state) => {
    const sick = await patient({ clock: () => new Date(Date.now() + ksefAheadMs) });
    expect(found(await examined(sick.env), 'clock')[0]).toMatchObject({
      state,
      says: expect.stringContaining(which),
      mend: expect.stringContaining('NTP'),
    });
  });

  it('finds KSeF out of reach, and everything that cannot be looked at because of it', async () => {
    const sick = await patient();
    await sick.emulator.close();
    const told = await examined(sick.env);
    expect(found(told, 'KSeF')[0]).toMatchObject({ state: 'problem' });
    expect(found(told, 'clock')[0]).toMatchObject({ state: 'unknown' });
  });

  it('finds wrong settings, a database of another environment, another vault key, an absent database', async () => {
    const { env } = await patient();
    const verdict = async (change: Record<string, string>, check: string) => {
      const told = await examined({ ...env, ...change });
      expect(told.code).toBe(1);
      return found(told, check).find(({ state }) => state === 'problem')?.says;
    };
    expect(await verdict({ API_PORT: 'eighty' }, 'configuration')).toContain('API_PORT');
    expect(await verdict({ KSEF_ENV: 'DEMO' }, 'database')).toContain('TEST for ever');
    expect(await verdict({ VAULT_KEY: randomBytes(32).toString('base64') }, 'database')).toMatch(/key/);
    const nowhere = 'postgres://wsad:secret-of-mine@127.0.0.1:1/wsad';
    const says = await verdict({ DATABASE_URL: nowhere }, 'database');
    expect(says).toContain('ECONNREFUSED');
    expect(says).not.toContain('secret-of-mine');
  });

  it('finds a database that nobody has set up', async () => {
    const { env } = await patient();
    const empty = await testDatabase();
    onTestFinished(() => empty.drop());
    expect(found(await examined({ ...env, DATABASE_URL: empty.url }), 'database')[1]).toMatchObject({
      state: 'problem',
      mend: expect.stringContaining('Start wsad'),
    });
  });

  it('does not guess what it was asked', async () => {
    const { code, errors } = await runCommand('doctor', {}, '--nip', '123');
    expect(code).toBe(2);
    expect(errors).toContain('--nip is a NIP');
  });
});

describeWithRedis('the doctor on Redis', () => {
  it('finds it well, and a Redis that is away or throws jobs away', async () => {
    const { env } = await patient();
    const redis = await testRedis();
    onTestFinished(() => redis.stop());
    const looked = await examined({ ...env, QUEUE_URL: redis.url });
    expect(found(looked, 'queue')[0]).toMatchObject({
      state: 'good',
      says: expect.stringContaining('Redis'),
    });
    const away = await examined({ ...env, QUEUE_URL: 'redis://:hidden@127.0.0.1:1' });
    expect(found(away, 'queue')[0]).toMatchObject({
      state: 'problem',
      says: expect.stringContaining('ECONNREFUSED'),
    });
    expect(JSON.stringify(away)).not.toContain('hidden');
  });
});

import { X509Certificate } from 'node:crypto';
import { type TestCertificateOptions, testCertificate } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import {
  ACCESS_TOKEN,
  CHALLENGE,
  CREDENTIAL,
  happyKsef,
  LOGIN_REFERENCE,
  LOGIN_TOKEN,
  loginStatus,
  REFRESH_TOKEN,
  TIMESTAMP_MS,
} from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { reading } from './support/signed-request.ts';
import {
  exceptionReply,
  faultOf,
  jsonOf,
  jwt,
  KEYS,
  listedKey,
  NIP,
  NOW,
  startWorld,
  testKeys,
} from './support/world.ts';

const STATUS = `GET /auth/${LOGIN_REFERENCE}`;
const REDEEM = 'POST /auth/token/redeem';

async function login(over: Parameters<typeof happyKsef>[0] = {}) {
  const world = await startWorld(happyKsef(over));
  return { ...world, outcome: world.client.login(NIP, CREDENTIAL) };
}

const operations = (world: { pacer: { taken: { operation: string }[] } }) =>
  world.pacer.taken.map(({ operation }) => operation);

describe('a login', () => {
  it('goes from the challenge to both tokens', async () => {
    const { outcome, ...world } = await login();
    await expect(outcome).resolves.toEqual({
      accessToken: ACCESS_TOKEN,
      accessUntil: new Date('2026-09-01T10:15:00.123Z'),
      refreshToken: REFRESH_TOKEN,
      refreshUntil: new Date('2026-09-08T08:00:00Z'),
      permissions: ['InvoiceWrite', 'InvoiceRead'],
    });
    expect(operations(world)).toEqual(['publicKeys', 'challenge', 'loginWithToken', 'loginStatus', 'redeem']);
  });

  it('is refused where the validation of KSeF finds it wrong (21405), and its refreshing only ends in a full login', async () => {
    const { outcome } = await login({ 'POST /auth/ksef-token': exceptionReply(21405) });
    expect((await faultOf(outcome)).treatment).toBe('hold-login');
    const { client } = await startWorld(happyKsef({ 'POST /auth/token/refresh': exceptionReply(21405) }));
    expect((await faultOf(client.refresh(NIP, REFRESH_TOKEN))).treatment).toBe('relogin');
  });

  it('sends the token encrypted with its time, and names the key', async () => {
    const { outcome, server } = await login();
    await outcome;
    const { token } = testKeys();
    const { encryptedToken, ...sent } = jsonOf(
      server.seen.find(({ path }) => path === '/v2/auth/ksef-token'),
    );
    expect(sent).toEqual({
      challenge: CHALLENGE,
      contextIdentifier: { type: 'Nip', value: NIP },
      publicKeyId: token.publicKeyId,
    });
    const plain = await token.decrypt(String(encryptedToken));
    expect(plain.toString()).toBe(`${CREDENTIAL.token}|${TIMESTAMP_MS}`);
  });

  it('asks with the temporary token and redeems once', async () => {
    const { outcome, server } = await login();
    await outcome;
    const bearers = server.seen.map(({ path, headers }) => [path, headers.authorization]);
    expect(bearers).toContainEqual([`/v2/auth/${LOGIN_REFERENCE}`, `Bearer ${LOGIN_TOKEN}`]);
    expect(bearers).toContainEqual(['/v2/auth/token/redeem', `Bearer ${LOGIN_TOKEN}`]);
    expect(bearers.filter(([path]) => path === '/v2/auth/challenge')).toEqual([
      ['/v2/auth/challenge', undefined],
    ]);
  });

  it('asks at once, then ever less often up to two seconds', async () => {
    const working = Array.from({ length: 7 }, () => loginStatus(100));
    const { outcome, waits } = await login({ [STATUS]: [...working, loginStatus(200)] });
    await outcome;
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
  });

  it('gives up after two minutes, which is no refusal', async () => {
    const { outcome, waits } = await login({ [STATUS]: loginStatus(100) });
    const fault = await faultOf(outcome);
    expect(fault.treatment).toBe('retry');
    const waitedMs = waits.reduce((sum, ms) => sum + ms, 0);
    expect(waitedMs).toBeGreaterThan(115_000);
    expect(waitedMs).toBeLessThanOrEqual(120_000);
  });

  it('ends when the caller gives up', async () => {
    const leaving = new AbortController();
    const wait = async () => {
      leaving.abort();
      throw leaving.signal.reason;
    };
    const { client } = await startWorld(happyKsef({ [STATUS]: loginStatus(100) }), { wait });
    const fault = await faultOf(client.login(NIP, CREDENTIAL, leaving.signal));
    expect(fault).toMatchObject({ treatment: 'retry', fault: { description: 'given up by wsad itself' } });
  });

  it.each([415, 425, 450, 460, 470, 480])('is refused with %i', async (code) => {
    const { outcome } = await login({ [STATUS]: loginStatus(code, 'Odmowa', ['Nieprawidłowy token']) });
    const fault = await faultOf(outcome);
    expect(fault.treatment).toBe('hold-login');
    expect(fault.fault).toMatchObject({ code, description: 'Odmowa', details: ['Nieprawidłowy token'] });
  });

  it.each([500, 550])('is to be tried again after %i', async (code) => {
    const { outcome } = await login({ [STATUS]: loginStatus(code) });
    await expect(faultOf(outcome)).resolves.toMatchObject({ treatment: 'retry', fault: { code } });
  });

  it('is refused for the means of a dead person (21308)', async () => {
    const { outcome } = await login({ [REDEEM]: exceptionReply(21308) });
    await expect(faultOf(outcome)).resolves.toMatchObject({
      treatment: 'hold-login',
      fault: { code: 21308 },
    });
  });

  it.each([
    ['a challenge that is not good', 'POST /auth/ksef-token', exceptionReply(21111)],
    ['a login that KSeF does not know', STATUS, exceptionReply(21304)],
    ['401 to the temporary token', STATUS, { status: 401, json: { title: 'Unauthorized' } }],
    ['403', STATUS, { status: 403, json: { title: 'Forbidden', reasonCode: 'ip-not-allowed' } }],
    ['a second redeeming', REDEEM, exceptionReply(21301)],
    ['503', 'POST /auth/challenge', { status: 503, body: '<html>' }],
    ['tokens that are missing', REDEEM, { json: { accessToken: { token: 'x', validUntil: '2026-09-01' } } }],
  ] as [string, string, Reply][])(
    'starts from the beginning, later, after %s',
    async (_name, route, reply) => {
      const { outcome } = await login({ [route]: reply });
      expect((await faultOf(outcome)).treatment).toBe('retry');
    },
  );

  it.each([{ status: 502 }, { mishap: 'cut' }] as Reply[])('does not redeem twice: %o', async (reply) => {
    const { outcome, server } = await login({ [REDEEM]: reply });
    const fault = await faultOf(outcome);
    expect(fault).toMatchObject({ treatment: 'retry', fault: { mayHaveWorked: true } });
    expect(server.seen.filter(({ path }) => path.endsWith('redeem'))).toHaveLength(1);
  });

  it('repeats from the challenge with a new key where the old one is withdrawn', async () => {
    const { token, other } = testKeys();
    const usage = 'KsefTokenEncryption';
    const accepted = happyKsef()['POST /auth/ksef-token'];
    const { outcome, server, ...world } = await login({
      [KEYS]: [{ json: [listedKey(token, usage)] }, { json: [listedKey(other, usage)] }],
      'POST /auth/ksef-token': [exceptionReply(21470), accepted as Reply],
    });
    await outcome;
    expect(operations(world)).toEqual([
      'publicKeys',
      'challenge',
      'loginWithToken',
      'publicKeys',
      'challenge',
      'loginWithToken',
      'loginStatus',
      'redeem',
    ]);
    const logins = server.seen.filter(({ path }) => path === '/v2/auth/ksef-token').map(jsonOf);
    expect(logins.map(({ publicKeyId }) => publicKeyId)).toEqual([token.publicKeyId, other.publicKeyId]);
    expect((await other.decrypt(String(logins[1]?.encryptedToken))).toString()).toContain(CREDENTIAL.token);
  });
});

describe('a login by certificate', () => {
  async function certificateLogin(
    over: Parameters<typeof happyKsef>[0] = {},
    options: TestCertificateOptions = {},
  ) {
    const certificate = await testCertificate(options);
    const world = await startWorld(happyKsef(over));
    const credential = { id: 'credential-2', type: 'certificate', ...certificate } as const;
    return { ...world, certificate, outcome: world.client.login(NIP, credential) };
  }
  const XADES = 'POST /auth/xades-signature';

  it('signs the challenge and goes on as with a token, without any of KSeF keys', async () => {
    const { outcome, server, certificate, ...world } = await certificateLogin();
    await expect(outcome).resolves.toMatchObject({
      accessToken: ACCESS_TOKEN,
      refreshToken: REFRESH_TOKEN,
      permissions: ['InvoiceWrite', 'InvoiceRead'],
    });
    expect(operations(world)).toEqual(['challenge', 'loginWithCertificate', 'loginStatus', 'redeem']);
    const sent = server.seen.find(({ path }) => path === '/v2/auth/xades-signature');
    expect(sent?.headers['content-type']).toBe('application/xml');
    const xml = sent?.body.toString() ?? '';
    reading(xml, ({ texts }) => {
      expect(texts('//auth:Challenge | //auth:Nip')).toEqual([CHALLENGE, NIP]);
      expect(texts('//ds:X509Certificate')).toEqual([
        new X509Certificate(certificate.certificatePem).raw.toString('base64'),
      ]);
    });
  });

  it('with one that has expired is refused without a call', async () => {
    const { outcome, pacer } = await certificateLogin({}, { validTo: NOW });
    const fault = await faultOf(outcome);
    expect(fault.treatment).toBe('hold-login');
    expect(fault.fault.description).toBe('the certificate expired on 2026-09-01: wsad does not try it');
    expect(pacer.taken).toEqual([]);
  });

  it.each([460, 470])('is refused with %i', async (code) => {
    const { outcome } = await certificateLogin({ [STATUS]: loginStatus(code) });
    await expect(faultOf(outcome)).resolves.toMatchObject({ treatment: 'hold-login', fault: { code } });
  });

  it.each([9101, 9102, 9103, 9105, 21001, 21115, 21117, 21217, 21401, 21405, 21406])(
    'is refused with exception %i',
    async (code) => {
      const { outcome } = await certificateLogin({ [XADES]: exceptionReply(code) });
      await expect(faultOf(outcome)).resolves.toMatchObject({ treatment: 'hold-login', fault: { code } });
    },
  );

  it('waits for the issuer of the certificate', async () => {
    const working = Array.from({ length: 20 }, () => loginStatus(100));
    const { outcome } = await certificateLogin({ [STATUS]: [...working, loginStatus(200)] });
    await expect(outcome).resolves.toMatchObject({ accessToken: ACCESS_TOKEN });
  });
});

describe('what tokens say', () => {
  const until = { validUntil: '2026-09-08T10:00:00Z' };
  async function tokensOf(accessToken: Record<string, unknown>) {
    const json = { accessToken, refreshToken: { token: 'opaque', ...until } };
    return (await login({ [REDEEM]: { json } })).outcome;
  }

  it('is until when, where the answer does not', async () => {
    const token = jwt({ exp: 1_788_257_700, per: 'Owner' });
    await expect(tokensOf({ token })).resolves.toMatchObject({
      accessUntil: new Date(1_788_257_700_000),
      permissions: ['Owner'],
    });
  });

  it.each([
    ['a list', ['InvoiceWrite', 'Owner'], ['InvoiceWrite', 'Owner']],
    ['one', 'Owner', ['Owner']],
    ['a list written as JSON', '["InvoiceWrite","InvoiceRead"]', ['InvoiceWrite', 'InvoiceRead']],
    ['none at all', [], []],
    ['none at all, as JSON', '[]', []],
    ['nothing', undefined, null],
    ['an empty text', '', null],
    ['nonsense', 7, null],
    ['a list of nonsense', [{ name: 'InvoiceWrite' }], null],
    ['broken JSON', '[oops', null],
  ])('is permissions: %s', async (_name, per, permissions) => {
    await expect(tokensOf({ token: jwt({ per }), ...until })).resolves.toMatchObject({ permissions });
  });

  it('may be nothing: an opaque token tells no permissions, and without a time it is no good', async () => {
    await expect(tokensOf({ token: 'opaque', ...until })).resolves.toMatchObject({ permissions: null });
    const fault = await faultOf(tokensOf({ token: 'opaque' }));
    expect(fault).toMatchObject({ treatment: 'retry' });
    expect(fault.message).toContain('accessToken.validUntil');
  });
});

describe('a refresh', () => {
  const refresh = async (over: Parameters<typeof happyKsef>[0] = {}) => {
    const world = await startWorld(happyKsef(over));
    return { ...world, outcome: world.client.refresh(NIP, REFRESH_TOKEN) };
  };
  const REFRESH = 'POST /auth/token/refresh';

  it('brings a new access token for the refresh token', async () => {
    const { outcome, server, pacer } = await refresh();
    await expect(outcome).resolves.toEqual({
      accessToken: ACCESS_TOKEN,
      accessUntil: new Date('2026-09-01T10:30:00Z'),
      permissions: ['InvoiceWrite', 'InvoiceRead'],
    });
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${REFRESH_TOKEN}`);
    expect(pacer.taken).toEqual([{ operation: 'refresh', nip: NIP }]);
  });

  it.each([
    ['400', exceptionReply(21301), 'relogin'],
    ['an unknown login', exceptionReply(21304), 'relogin'],
    ['401', { status: 401, json: { title: 'Unauthorized' } }, 'relogin'],
    ['403', { status: 403, json: { title: 'Forbidden', reasonCode: 'ip-not-allowed' } }, 'relogin'],
    ['503', { status: 503 }, 'retry'],
    ['429', { status: 429 }, 'wait'],
    ['the means of a dead person', exceptionReply(21308), 'hold-login'],
  ] as [string, Reply, string][])('that fails with %s', async (_name, reply, treatment) => {
    const { outcome } = await refresh({ [REFRESH]: reply });
    expect((await faultOf(outcome)).treatment).toBe(treatment);
  });
});

import { expect, it } from 'vitest';
import { correlated, observe } from '../src/index.ts';
import { loggerWithLines } from './lines.ts';

const secret = 's3cr3t-value';

it('writes JSON lines with level, time and message, from the level asked for', () => {
  const { logger, parsed } = loggerWithLines('info');
  logger.debug('unheard');
  logger.info({ nip: '5265877635' }, 'heard');
  expect(parsed()).toEqual([
    { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), nip: '5265877635', msg: 'heard' },
  ]);
});

it.each([
  'authorization',
  'Authorization',
  'token',
  'accessToken',
  'refresh_token',
  'password',
  'passphrase',
  'privateKeyPem',
  'x-api-key'.slice(2),
  'vaultKey',
  'databaseUrl',
])('hides the field %s at every depth', (name) => {
  const { logger, lines } = loggerWithLines();
  logger.info({ [name]: secret, request: { headers: [{ [name]: secret }] } }, 'asked');
  logger.error({ err: Object.assign(new Error('failed'), { request: { [name]: secret } }) }, 'failed');
  expect(lines.join('')).not.toContain(secret);
  expect(lines.join('')).toContain('[hidden]');
});

const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${secret}\n-----END ENCRYPTED PRIVATE KEY-----`;

it.each([
  ['the query of an upload address', `https://blob.example.com/part-1?sig=${secret}&se=1`],
  ['a bearer token', `Bearer ${secret}`],
  ['a JWT', `eyJhbGciOiJub25lIn0.eyJ${secret}.${secret}`],
  ['a private key', pem],
  ['the password of an address', `postgres://wsad:${secret}@db:5432/wsad`],
])('hides %s in messages, fields, errors and their causes, and leaves the line JSON', (_what, text) => {
  const { logger, lines, parsed } = loggerWithLines();
  logger.info(`told: ${text}`);
  logger.info({ detail: `told "${text}" twice`, list: [text] }, 'a field');
  logger.error({ err: new Error(`failed at ${text}`, { cause: new Error(`because of ${text}`) }) }, 'failed');
  logger.error(new Error(`alone: ${text}`));
  expect(parsed()).toHaveLength(4);
  expect(lines.join('')).not.toContain(secret);
});

it('keeps what is no secret: paths, tokens in prose, the words around', () => {
  const { logger, parsed } = loggerWithLines();
  logger.info({ url: 'https://ksef.example.com/v2/sessions/batch' }, 'is this a token? yes');
  expect(parsed()[0]).toMatchObject({
    url: 'https://ksef.example.com/v2/sessions/batch',
    msg: 'is this a token? yes',
  });
});

it('tells an error with its type, stack and cause, and a buffer by its size', () => {
  const { logger, parsed } = loggerWithLines();
  const err = new TypeError('no such thing', { cause: new Error('disk full') });
  logger.error({ err, key: Buffer.alloc(32) }, 'failed');
  expect(parsed()[0]).toMatchObject({
    err: {
      type: 'TypeError',
      message: 'no such thing',
      stack: expect.stringContaining('logger.test.ts'),
      cause: { message: 'disk full' },
    },
    key: '[32 bytes]',
  });
});

it('survives what refers to itself, and leaves dates and other instances to their own JSON', () => {
  const { logger, parsed } = loggerWithLines();
  logger.info({ at: new Date(0), url: new URL('https://example.com/a') }, 'instances');
  expect(parsed()[0]).toMatchObject({ at: '1970-01-01T00:00:00.000Z', url: 'https://example.com/a' });
  const self: Record<string, unknown> = { name: 'ring' };
  self.self = self;
  logger.info({ self }, 'round');
  expect(parsed()).toHaveLength(2);
});

it('says in every line which call, job and session it belongs to, across whatever is waited for', async () => {
  const { logger, parsed } = loggerWithLines();
  const session = async (sessionId: string): Promise<void> =>
    correlated({ job: 'send', sessionId }, async () => {
      logger.info('begun');
      await Promise.resolve();
      logger.info({ sessionId, operation: 'openBatch' }, 'called');
      correlated({ requestId: 'request-1' }, () => logger.info('inner'));
    });
  await Promise.all([session('one'), session('two')]);
  logger.info('apart');
  const of = (sessionId: string) => parsed().filter((line) => line.sessionId === sessionId);
  for (const sessionId of ['one', 'two'])
    expect(of(sessionId).map(({ msg, job, requestId }) => [msg, job, requestId])).toEqual([
      ['begun', 'send', undefined],
      ['called', 'send', undefined],
      ['inner', 'send', 'request-1'],
    ]);
  expect(parsed().at(-1)).toEqual({ level: 'info', time: expect.any(String), msg: 'apart' });
});

it('hides secrets in what lines are told apart by, too', () => {
  const { logger, lines } = loggerWithLines();
  const told = { token: secret, requestId: `Bearer ${secret}` };
  correlated(told, () => logger.info('asked'));
  expect(lines.join('')).not.toContain(secret);
});

it('says of a piece of work whose it is, and which calls it goes back to', async () => {
  const { logger, parsed } = loggerWithLines();
  const said = async (...requestIds: string[]) => {
    const origins = requestIds.map((requestId) => ({ requestId, traceParent: null }));
    const work = { name: 'session.send', of: { nip: '5265877635', sessionId: 's1', origins } } as const;
    await observe(work, async () => logger.info('opened'));
    return parsed().at(-1);
  };
  const whose = { nip: '5265877635', sessionId: 's1' };
  const line = { level: 'info', time: expect.any(String), msg: 'opened', ...whose };
  expect(await said()).toEqual(line);
  expect(await said('one')).toEqual({ ...line, requestId: 'one' });
  expect(await said('one', 'two')).toEqual({ ...line, requestId: ['one', 'two'] });
});

import { describe, expect, test } from 'vitest';
import { createOpenApiGuard, type Exchange } from '../src/openapi-guard.ts';
import { notEmulated } from '../src/routes/not-emulated.ts';
import { useEmulator } from './support/harness.ts';
import { official, officialFilesMissing } from './support/official-files.ts';

const good: Exchange = {
  method: 'POST',
  path: '/auth/challenge',
  requestHeaders: {},
  requestBody: undefined,
  status: 200,
  responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
  responseBody: {
    challenge: '20250514-CR-226FB7B000-3ACF9BE4C0-10',
    timestamp: '2026-03-16T10:00:00.000+00:00',
    timestampMs: 1_773_655_200_000,
    clientIp: '127.0.0.1',
  },
  isBodyRead: true,
  faulted: false,
};

describe.skipIf(officialFilesMissing)('the guard over open-api 2.7.0 (needs the official files)', () => {
  const specification: unknown = officialFilesMissing
    ? {}
    : JSON.parse(official('open-api-2.7.0.json').toString());

  test('an exchange as documented has no problems', () => {
    expect(createOpenApiGuard(specification).check(good)).toEqual([]);
  });

  test('of a body that was not read nothing is said', () => {
    const guard = createOpenApiGuard(specification);
    const opening = { ...good, path: '/sessions/batch', status: 429, responseHeaders: {}, responseBody: {} };
    const body = /request (body|content type)/;
    expect(guard.check(opening).join('\n')).toMatch(body);
    expect(guard.check({ ...opening, isBodyRead: false }).join('\n')).not.toMatch(body);
  });

  test.each<[string, Partial<Exchange>, RegExp]>([
    [
      'an unknown field',
      { responseBody: { ...Object(good.responseBody), more: 1 } },
      /additional properties \(more\)/,
    ],
    ['a missing field', { responseBody: {} }, /required property 'challenge'/],
    [
      'a wrong type',
      { responseBody: { ...Object(good.responseBody), timestampMs: 'x' } },
      /timestampMs must be/,
    ],
    ['a bad date', { responseBody: { ...Object(good.responseBody), timestamp: 'today' } }, /date-time/],
    ['an undocumented status', { status: 418 }, /status 418 is not documented/],
    [
      'another content type',
      { responseHeaders: { 'content-type': 'text/html' } },
      /text\/html is not documented/,
    ],
    ['an undocumented query', { path: '/auth/challenge?x=1' }, /query x is not documented/],
    ['a body where none belongs', { requestBody: {} }, /none is documented/],
    [
      'a token where none belongs',
      { requestHeaders: { authorization: 'Bearer x' } },
      /token where none belongs/,
    ],
    ['an unknown operation', { path: '/auth/challenges' }, /is not documented/],
    ['a missing token', { method: 'GET', path: '/rate-limits' }, /token is missing/],
    ['a short path parameter', { method: 'GET', path: '/sessions/short' }, /fewer than 36/],
    ['a page size out of range', { method: 'GET', path: '/sessions?sessionType=Batch&pageSize=5' }, />= 10/],
    ['a missing query', { method: 'GET', path: '/sessions' }, /sessionType is missing/],
  ])('%s is a problem', (_name, change, expected) => {
    const problems = createOpenApiGuard(specification).check({ ...good, ...change });
    expect(problems.join('\n')).toMatch(expected);
  });

  test('null is allowed where the document says nullable, nowhere else', () => {
    const guard = createOpenApiGuard(specification);
    const session = {
      ...good,
      method: 'GET',
      path: `/sessions/${'1'.repeat(36)}`,
      requestHeaders: { authorization: 'Bearer x' },
    };
    const body = {
      status: { code: 100, description: 'x' },
      dateCreated: '2026-03-16T10:00:00Z',
      dateUpdated: '2026-03-16T10:00:00Z',
      upo: null,
    };
    expect(guard.check({ ...session, responseBody: body })).toEqual([]);
    expect(guard.check({ ...session, responseBody: { ...body, status: null } })).not.toEqual([]);
    expect(guard.check({ ...session, responseBody: { ...body, upo: {} } })).not.toEqual([]);
  });

  test('what was mended is named, and is what is known to be wrong', () => {
    const { mends } = createOpenApiGuard(specification);
    const nullables = mends.filter((mend) => mend.endsWith('nullable without a type'));
    expect(nullables.length).toBeGreaterThanOrEqual(69);
    expect(mends.filter((mend) => !nullables.includes(mend))).toEqual([
      'EffectiveApiRateLimits: groups of API 2.8.0: batchSessionClose, onlineSessionClose, anonymous, global',
      'AllowedIps/ip4Addresses: minimum and maximum of a list are its minItems and maxItems',
      'AllowedIps/ip4Ranges: minimum and maximum of a list are its minItems and maxItems',
      'AllowedIps/ip4Masks: minimum and maximum of a list are its minItems and maxItems',
      'EnrollCertificateRequest/certificateName: a space needs no escape in a Unicode pattern',
    ]);
  });

  test('every schema of the document can be used', () => {
    const guard = createOpenApiGuard(specification);
    for (const { operation } of guard.coverage()) {
      const [method = '', path = ''] = operation.split(' ');
      for (const status of [200, 201, 202, 400, 401, 403, 410, 429]) {
        for (const type of ['application/json', 'application/problem+json']) {
          const headers = { 'content-type': type };
          const exchange = { ...good, method, path, status, requestBody: {}, responseBody: {} };
          guard.check({ ...exchange, requestHeaders: headers, responseHeaders: headers });
        }
      }
    }
    expect(guard.coverage().every(({ seen }) => seen > 0)).toBe(true);
  });
});

describe.skipIf(officialFilesMissing)(
  'the emulator beside the specification (needs the official files)',
  () => {
    const harness = useEmulator();

    test('every operation of the specification is emulated or says by name that it is not', async () => {
      const refused = notEmulated.map(([method, path]) => `${method} ${path}`);
      const silent: string[] = [];
      for (const { operation } of harness.guard?.coverage() ?? []) {
        harness.clock.advance(60_000);
        const [method = '', template = ''] = operation.split(' ');
        const path = template.replace(/\{\w+\}/g, 'x');
        const headers = { 'x-wrong-on-purpose': '1' };
        const { status } = await fetch(`${harness.emulator.url}/v2${path}`, { method, headers });
        if ((status === 501) !== refused.includes(operation) || status === 404)
          silent.push(`${operation}: ${status}`);
      }
      expect(silent).toEqual([]);
    });
  },
);

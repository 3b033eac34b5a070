import { afterAll, beforeAll, expect, it } from 'vitest';
import { NIP, OTHER_NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('PUT', `/v1/sellers/${NIP}/credentials`, { json: { type: 'ksefToken', token: 'token' } });
});
afterAll(() => api.close());

const LIST = `/v1/sellers/${NIP}/auth-sessions`;
const at = new Date('2026-10-20T10:00:05Z');

it('are asked of KSeF by a job and told once they are there', async () => {
  const first = await api.call('GET', LIST);
  expect([first.status, first.headers.get('retry-after'), first.json]).toEqual([
    202,
    '2',
    { status: 'pending' },
  ]);
  expect(api.rings.authSessions).toEqual([NIP]);
  const session = {
    ...{ reference: 'AU-1', current: true, method: 'token.ksef', startedAt: at, refreshUntil: null },
    status: { code: 200, description: 'ok' },
  };
  await api.ledger.saveAuthSessions(NIP, { sessions: [session] }, at);
  const told = { ...session, startedAt: at.toISOString() };
  expect((await api.call('GET', `${LIST}?refresh=true`)).json).toEqual({
    fetchedAt: at.toISOString(),
    items: [told],
  });
  api.setNow(new Date(at.getTime() + 10_000));
  expect((await api.call('GET', LIST)).status).toBe(200);
  expect((await api.call('GET', `${LIST}?refresh`)).status).toBe(202);
});

it.each(['current', '20260901-AU-1111111111-2222222222-33'])('are revoked by a job: %s', async (name) => {
  const revoke = () => api.call('DELETE', `${LIST}/${name}`);
  expect((await revoke()).status).toBe(202);
  expect(api.rings.authSessions.at(-1)).toBe(NIP);
  await api.ledger.saveRevocation(NIP, name, { ownedBy: null }, at);
  expect((await revoke()).status).toBe(204);
  await revoke();
  await api.ledger.saveRevocation(NIP, name, { refusal: 'KSeF says no' }, at);
  expect(await revoke()).toMatchObject({
    status: 409,
    json: { code: 'AUTH_SESSIONS_NOT_AVAILABLE', detail: expect.stringContaining('KSeF says no') },
  });
});

it('log in anew when asked to', async () => {
  const answer = await api.call('POST', `/v1/sellers/${NIP}/login`);
  expect([answer.status, answer.json]).toEqual([202, { status: `/v1/sellers/${NIP}/status` }]);
  expect(api.rings.logins.at(-1)).toBe(NIP);
});

it('are read with any key, and changed by who administers the seller', async () => {
  const reader = await api.key('read', [NIP]);
  const sender = await api.key('submit', 'all');
  expect((await api.call('GET', LIST, { key: reader })).status).toBe(202);
  for (const key of [reader, sender])
    for (const [method, path] of [
      ['DELETE', `${LIST}/current`],
      ['POST', `/v1/sellers/${NIP}/login`],
    ] as const)
      expect((await api.call(method, path, { key })).status).toBe(403);
  const other = `/v1/sellers/${OTHER_NIP}`;
  expect((await api.call('GET', `${other}/auth-sessions`, { key: reader })).status).toBe(403);
  for (const [method, path] of [
    ['GET', `${other}/auth-sessions`],
    ['DELETE', `${other}/auth-sessions/current`],
    ['POST', `${other}/login`],
  ] as const)
    expect(await api.call(method, path)).toMatchObject({ status: 404, json: { code: 'UNKNOWN_SELLER' } });
  expect((await api.call('DELETE', `${LIST}/..%2Fsessions`)).status).toBe(400);
});

import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, LOGIN_REFERENCE, listedAuthSession } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { faultOf, NIP, startWorld } from './support/world.ts';

const LIST = 'GET /auth/sessions';
const OTHER = '20260901-AU-1111111111-2222222222-33';

const page = (reference: string, continuationToken: string | null): Reply => ({
  json: { continuationToken, items: [listedAuthSession(reference, reference === LOGIN_REFERENCE)] },
});

describe('the authentication sessions', () => {
  it('are read page by page, and the current one is marked', async () => {
    const { client, server, pacer } = await startWorld({
      [LIST]: [page(LOGIN_REFERENCE, 'more'), page(OTHER, '')],
    });
    const sessions = await client.authSessions(NIP, ACCESS_TOKEN);
    expect(sessions).toEqual([
      {
        reference: LOGIN_REFERENCE,
        current: true,
        startedAt: new Date('2026-09-01T10:00:00.123Z'),
        method: 'token.ksef',
        status: { code: 200, description: 'Uwierzytelnianie zakończone sukcesem' },
        refreshUntil: new Date('2026-09-08T10:00:00Z'),
      },
      expect.objectContaining({ reference: OTHER, current: false }),
    ]);
    expect(server.seen.map(({ headers }) => headers['x-continuation-token'])).toEqual([undefined, 'more']);
    expect(server.seen.map(({ path }) => path)).toEqual(Array(2).fill('/v2/auth/sessions?pageSize=100'));
    expect(pacer.taken).toEqual(Array(2).fill({ operation: 'authSessions', nip: NIP }));
  });

  it.each([
    ['repeats itself', (): Reply => page(OTHER, 'again')],
    ['never ends', (turn: number): Reply => page(OTHER, `page ${turn}`)],
  ])('are a fault where the list %s', async (_, reply) => {
    let turn = 0;
    const { client, server } = await startWorld({
      [LIST]: () => {
        turn += 1;
        return reply(turn);
      },
    });
    expect((await faultOf(client.authSessions(NIP, ACCESS_TOKEN))).treatment).toBe('retry');
    expect(server.seen.length).toBeLessThanOrEqual(21);
  });

  it.each([
    ['by its reference', LOGIN_REFERENCE, 'revokeAuthSession'],
    ['as the current one', 'current', 'revokeCurrentAuthSession'],
  ])('are revoked %s', async (_, reference, operation) => {
    const { client, server, pacer } = await startWorld({
      [`DELETE /auth/sessions/${reference}`]: { status: 204 },
    });
    await client.revokeAuthSession(NIP, ACCESS_TOKEN, reference);
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(pacer.taken).toEqual([{ operation, nip: NIP }]);
  });
});

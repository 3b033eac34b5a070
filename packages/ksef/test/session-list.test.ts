import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, listedSession, SESSION } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { faultOf, NIP, startWorld } from './support/world.ts';

const LIST = 'GET /sessions';
const OTHER = '20260901-SB-1111111111-2222222222-33';
const QUERY = {
  kind: 'batch',
  openedFrom: new Date('2026-09-01T09:00:00Z'),
  openedUntil: new Date('2026-09-01T10:00:00Z'),
  pagesMax: 4,
} as const;

const page = (reference: string, continuationToken: string | null): Reply => ({
  json: { continuationToken, sessions: [listedSession(reference)] },
});

describe('the sending sessions of a time', () => {
  it('are read page by page', async () => {
    const { client, server, pacer } = await startWorld({ [LIST]: [page(SESSION, 'more'), page(OTHER, '')] });
    const { sessions, complete } = await client.listSessions(NIP, ACCESS_TOKEN, QUERY);
    expect(complete).toBe(true);
    expect(sessions).toEqual([
      {
        reference: SESSION,
        kind: 'batch',
        openedAt: new Date('2026-09-01T10:00:00.123Z'),
        updatedAt: new Date('2026-09-01T10:00:09Z'),
        statusCode: 200,
        ...{ invoiceCount: 7, successfulInvoiceCount: 6, failedInvoiceCount: 1 },
      },
      expect.objectContaining({ reference: OTHER }),
    ]);
    const asked = server.seen.map(({ path }) => new URL(path, server.origin).searchParams);
    expect(asked.map((query) => Object.fromEntries(query))).toEqual(
      Array(2).fill({
        sessionType: 'Batch',
        pageSize: '1000',
        dateCreatedFrom: '2026-09-01T09:00:00.000Z',
        dateCreatedTo: '2026-09-01T10:00:00.000Z',
      }),
    );
    expect(server.seen.map(({ headers }) => headers['x-continuation-token'])).toEqual([undefined, 'more']);
    expect(pacer.taken).toEqual(Array(2).fill({ operation: 'listSessions', nip: NIP }));
  });

  it('are left for another time after so many pages', async () => {
    let turn = 0;
    const { client, server } = await startWorld({
      [LIST]: () => {
        turn += 1;
        return page(`${OTHER}-${turn}`, `page ${turn}`);
      },
    });
    const { sessions, complete } = await client.listSessions(NIP, ACCESS_TOKEN, QUERY);
    expect([complete, sessions.length, server.seen.length]).toEqual([false, 4, 4]);
  });

  it('are a fault where the list repeats itself', async () => {
    const { client, server } = await startWorld({ [LIST]: () => page(OTHER, 'again') });
    expect((await faultOf(client.listSessions(NIP, ACCESS_TOKEN, QUERY))).treatment).toBe('retry');
    expect(server.seen).toHaveLength(2);
  });
});

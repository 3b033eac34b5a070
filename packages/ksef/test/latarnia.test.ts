import { describe, expect, it, onTestFinished } from 'vitest';
import { createLatarniaClient } from '../src/index.ts';
import { happyKsef } from './support/happy-ksef.ts';
import { type Reply, startScriptedServer } from './support/scripted-server.ts';
import { byRoute, KEYS, NOW, publicKeysReply, recordingPacer, startWorld } from './support/world.ts';

const told = {
  id: 'K/2026/AWR/01',
  eventId: 1002,
  category: 'FAILURE',
  type: 'FAILURE_START',
  title: 'Wystąpiła awaria',
  text: 'Trwa awaria.',
  start: '2026-01-31T10:13:00+00:00',
  end: null,
  version: 1,
  published: '2026-01-31T10:13:00+00:00',
};
const kept = {
  ...{ id: told.id, version: 1, eventId: '1002', category: 'FAILURE', type: 'FAILURE_START' },
  ...{ title: told.title, text: told.text, endsAt: null, inForce: true },
  startsAt: new Date('2026-01-31T10:13:00Z'),
  publishedAt: new Date('2026-01-31T10:13:00Z'),
};

async function reading(routes: Record<string, Reply>) {
  const server = await startScriptedServer(byRoute(routes));
  const client = createLatarniaClient({ baseUrl: server.origin });
  onTestFinished(async () => {
    await server.stop();
    await client.close();
  });
  return await client.read();
}

describe('the status service', () => {
  it('is read whole: what is about now, and what was or is to come', async () => {
    const earlier = { ...told, id: 'K/2026/NDS/01', category: 'MAINTENANCE', end: '2026-01-30T10:00:00Z' };
    const read = await reading({
      'GET /status': { json: { status: 'FAILURE', messages: [told], timestamp: '2026-01-31T10:20:00Z' } },
      'GET /messages': { json: [told, earlier] },
    });
    expect(read.status).toBe('FAILURE');
    expect(read.messages).toMatchObject([kept, { id: 'K/2026/NDS/01', inForce: false }]);
    expect(read.messages[1]?.endsAt).toEqual(new Date('2026-01-30T10:00:00Z'));
  });

  it.each([
    ['new words and fields', { ...told, category: 'NEWS', colour: 'red', version: 'two' }, 'NEWS'],
    ['times that are none', { ...told, start: 'soon', published: 7 }, 'FAILURE'],
    ['next to nothing', { id: 5 }, null],
  ])('may say things in %s', async (_what, message, category) => {
    const read = await reading({
      'GET /status': { json: { status: 'SOMETHING_NEW', messages: [message, 'nonsense'] } },
      'GET /messages': { status: 502, body: '<html></html>' },
    });
    expect(read.status).toBe('SOMETHING_NEW');
    expect(read.messages).toMatchObject([{ category, version: 1 }]);
  });

  it.each<[string, Reply]>([
    ['a page', { status: 502, body: '<html></html>' }],
    ['a page with 200', { body: '<html></html>' }],
    ['no status', { json: { messages: [] } }],
    ['nothing', { mishap: 'cut' }],
  ])('that answers %s has not been read', async (_what, reply) => {
    await expect(reading({ 'GET /status': reply })).rejects.toThrow();
  });
});

describe('what calls show beside their answers', () => {
  it('how far the clock of KSeF is ahead, half-way through the challenge', async () => {
    const { client, events, clock, server } = await startWorld(happyKsef());
    const { script } = server;
    server.script = async (seen) => {
      if (!seen.path.endsWith('/auth/challenge')) return script(seen);
      clock.now = new Date(NOW.getTime() + 400);
      return { json: { challenge: 'c', timestampMs: NOW.getTime() + 90_200 } };
    };
    await client.login('5265877635', { id: '1', type: 'ksefToken', token: 'secret' });
    expect(events.filter(({ type }) => type === 'ksef.clock')).toEqual([
      { type: 'ksef.clock', offsetMs: 90_000, uncertaintyMs: 200 },
    ]);
  });

  it.each<[string, Reply, boolean]>([
    ['an answer', publicKeysReply(), true],
    ['a refusal', { status: 403, json: { title: 'Forbidden' } }, true],
    ['a 503', { status: 503, json: { title: 'away' } }, false],
    [
      'a page with 200',
      { body: '<html><body>stopped</body></html>', headers: { 'content-type': 'text/html' } },
      false,
    ],
    ['a redirect', { status: 307, headers: { location: '/elsewhere' } }, false],
    ['nothing', { mishap: 'cut' }, false],
  ])('whether %s is of KSeF itself', async (_what, reply, byKsef) => {
    const told: (boolean | null | undefined)[] = [];
    const pacer = {
      ...recordingPacer(),
      take: async () => ({ answered: async (given?: boolean | null) => void told.push(given) }),
    };
    const { client } = await startWorld({ [KEYS]: reply }, { pacer });
    await client.probe().catch(() => undefined);
    expect(told).toEqual([byKsef]);
  });

  it('nothing, where we gave the call up ourselves', async () => {
    const told: (boolean | null | undefined)[] = [];
    const givenUp = new AbortController();
    const pacer = {
      ...recordingPacer(),
      take: async () => ({ answered: async (given?: boolean | null) => void told.push(given) }),
    };
    const silent = async (): Promise<Reply> => {
      givenUp.abort();
      return { mishap: 'silence' };
    };
    const { client } = await startWorld(silent, { pacer });
    const asked = client.attachmentConsent('5265877635', 'access', givenUp.signal);
    await expect(asked).rejects.toMatchObject({ treatment: 'retry' });
    expect(told).toEqual([null]);
  });
});

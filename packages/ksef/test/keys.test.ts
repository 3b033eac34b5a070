import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, BATCH_REQUEST, happyKsef } from './support/happy-ksef.ts';
import type { Reply, Seen } from './support/scripted-server.ts';
import {
  exceptionReply,
  faultOf,
  jsonOf,
  KEYS,
  listedKey,
  NIP,
  publicKeysReply,
  startWorld,
  testKeys,
  type World,
} from './support/world.ts';

function calls(world: World, route: string): Seen[] {
  return world.server.seen.filter(({ method, path }) => `${method} ${path}` === route.replace(' ', ' /v2'));
}

function namedKey(seen: Seen | undefined): unknown {
  const { encryption } = jsonOf(seen);
  return typeof encryption === 'object' && encryption !== null && 'publicKeyId' in encryption
    ? encryption.publicKeyId
    : null;
}

async function worldWithKeys(...replies: Reply[]): Promise<World> {
  return startWorld(happyKsef({ [KEYS]: replies }));
}

const open = ({ client }: World) => client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST);

describe('public keys', () => {
  it('are fetched once and kept for an hour', async () => {
    const world = await worldWithKeys(publicKeysReply());
    await open(world);
    world.clock.now = new Date(world.clock.now.getTime() + 3_599_000);
    await open(world);
    expect(calls(world, KEYS)).toHaveLength(1);
    world.clock.now = new Date(world.clock.now.getTime() + 2000);
    await open(world);
    expect(calls(world, KEYS)).toHaveLength(2);
  });

  it('are fetched once for many who ask at the same time', async () => {
    const world = await worldWithKeys(publicKeysReply());
    const keys = await Promise.all(Array.from({ length: 5 }, () => world.client.publicKeys()));
    expect(calls(world, KEYS)).toHaveLength(1);
    expect(keys[4]?.map(({ usage }) => usage)).toEqual([['KsefTokenEncryption'], ['SymmetricKeyEncryption']]);
  });

  it('are fetched again after a fetch that failed', async () => {
    const world = await worldWithKeys({ status: 503 }, publicKeysReply());
    expect((await faultOf(world.client.publicKeys())).treatment).toBe('retry');
    await expect(world.client.publicKeys()).resolves.toHaveLength(2);
  });

  it('are chosen by use: valid now, the one that began last', async () => {
    const { token, symmetric, other } = testKeys();
    const usage = 'SymmetricKeyEncryption';
    const world = await worldWithKeys({
      json: [
        listedKey(token, usage, { validFrom: '2025-01-01T00:00:00Z' }),
        listedKey(symmetric, usage, { validFrom: '2026-08-01T00:00:00Z' }),
        listedKey(other, usage, { validFrom: '2026-09-02T00:00:00Z' }),
        listedKey(other, usage, { validFrom: '2026-08-31T00:00:00Z', validTo: '2026-09-01T09:00:00Z' }),
        listedKey(other, 'KsefTokenEncryption', { validFrom: '2026-08-31T00:00:00Z' }),
      ],
    });
    await open(world);
    expect(namedKey(calls(world, 'POST /sessions/batch')[0])).toBe(symmetric.publicKeyId);
    world.clock.now = new Date('2026-09-02T00:00:01Z');
    await open(world);
    expect(namedKey(calls(world, 'POST /sessions/batch')[1])).toBe(other.publicKeyId);
  });

  it('are fetched anew where none is valid any more', async () => {
    const { symmetric, other } = testKeys();
    const usage = 'SymmetricKeyEncryption';
    const world = await worldWithKeys(
      { json: [listedKey(symmetric, usage, { validTo: '2026-09-01T10:10:00Z' })] },
      { json: [listedKey(other, usage)] },
    );
    await open(world);
    world.clock.now = new Date('2026-09-01T10:10:00Z');
    await open(world);
    expect(namedKey(calls(world, 'POST /sessions/batch')[1])).toBe(other.publicKeyId);
  });

  it('are fetched anew, once a minute, when the last one nears its end', async () => {
    const { symmetric, other } = testKeys();
    const usage = 'SymmetricKeyEncryption';
    const ending = listedKey(symmetric, usage, { validTo: '2026-09-01T10:40:00Z' });
    const world = await worldWithKeys(
      { json: [ending] },
      { json: [ending] },
      {
        json: [ending, listedKey(other, usage, { validFrom: '2026-09-01T10:26:00Z' })],
      },
    );
    const openAt = async (time: string) => {
      world.clock.now = new Date(`2026-09-01T${time}Z`);
      await open(world);
      return [calls(world, KEYS).length, namedKey(calls(world, 'POST /sessions/batch').at(-1))];
    };
    const [old, next] = [symmetric.publicKeyId, other.publicKeyId];
    expect(await openAt('10:00:00')).toEqual([1, old]);
    expect(await openAt('10:24:59')).toEqual([1, old]);
    expect(await openAt('10:25:00')).toEqual([2, old]);
    expect(await openAt('10:25:59')).toEqual([2, old]);
    expect(await openAt('10:26:00')).toEqual([3, next]);
    expect(await openAt('10:40:00')).toEqual([3, next]);
  });

  it('are never used before they begin: a later one alone is no key yet', async () => {
    const { symmetric } = testKeys();
    const later = listedKey(symmetric, 'SymmetricKeyEncryption', { validFrom: '2026-09-01T10:30:00Z' });
    const world = await worldWithKeys({ json: [later] });
    expect((await faultOf(open(world))).treatment).toBe('retry');
    world.clock.now = new Date('2026-09-01T10:30:00Z');
    await open(world);
    expect(calls(world, 'POST /sessions/batch')).toHaveLength(1);
  });

  it('may be missing: then it is a matter of trying later', async () => {
    const world = await worldWithKeys({ json: [] });
    const fault = await faultOf(open(world));
    expect(fault.treatment).toBe('retry');
    expect(fault.message).toContain('SymmetricKeyEncryption');
  });

  it('may come as bare keys, and one that cannot be read is passed over', async () => {
    const { symmetric, other } = testKeys();
    const usage = 'SymmetricKeyEncryption';
    const world = await worldWithKeys({
      json: [
        listedKey(other, usage, { certificate: 'bm8gY2VydGlmaWNhdGU=', validFrom: '2026-08-31T00:00:00Z' }),
        listedKey(symmetric, usage, { certificate: symmetric.spki }),
        listedKey(other, 'SomeNewUsage', { somethingNew: true }),
      ],
    });
    await open(world);
    expect(namedKey(calls(world, 'POST /sessions/batch')[0])).toBe(symmetric.publicKeyId);
  });
});

describe('a key that was withdrawn (21470)', () => {
  async function rotating(openReplies: Reply[]) {
    const { symmetric, other } = testKeys();
    const usage = 'SymmetricKeyEncryption';
    const world = await startWorld(
      happyKsef({
        [KEYS]: [{ json: [listedKey(symmetric, usage)] }, { json: [listedKey(other, usage)] }],
        'POST /sessions/online': openReplies,
      }),
    );
    const request = { form: 'FA (3)', key: Buffer.alloc(32, 1), iv: Buffer.alloc(16, 2) } as const;
    const attempt = () => world.client.openOnline(NIP, ACCESS_TOKEN, request);
    return { world, attempt, symmetric, other };
  }
  const opened = { status: 201, json: { referenceNumber: 'ref', validUntil: '2026-09-01T22:00:00Z' } };

  it('is replaced by a newly fetched one, once', async () => {
    const { world, attempt, symmetric, other } = await rotating([exceptionReply(21470), opened]);
    await expect(attempt()).resolves.toMatchObject({ reference: 'ref' });
    const opens = calls(world, 'POST /sessions/online');
    expect(opens.map(namedKey)).toEqual([symmetric.publicKeyId, other.publicKeyId]);
    expect(calls(world, KEYS)).toHaveLength(2);
    expect(world.pacer.taken.map(({ operation }) => operation)).toEqual([
      'publicKeys',
      'openOnline',
      'publicKeys',
      'openOnline',
    ]);
  });

  it('is a fault when the new one is refused too', async () => {
    const { world, attempt } = await rotating([exceptionReply(21470)]);
    const fault = await faultOf(attempt());
    expect(fault.treatment).toBe('refetch-key');
    expect(calls(world, 'POST /sessions/online')).toHaveLength(2);
  });

  it('is suspected when a session ends in 415', async () => {
    const { world, attempt, other } = await rotating([opened]);
    await attempt();
    world.server.script = byStatus(415, world.server.script);
    await world.client.sessionStatus(NIP, ACCESS_TOKEN, 'ref');
    await attempt();
    expect(namedKey(calls(world, 'POST /sessions/online')[1])).toBe(other.publicKeyId);
  });

  function byStatus(code: number, otherwise: World['server']['script']): World['server']['script'] {
    const json = { status: { code, description: 'Błąd odszyfrowania dostarczonego klucza' } };
    return (seen) => (seen.path === '/v2/sessions/ref' ? { json } : otherwise(seen));
  }
});

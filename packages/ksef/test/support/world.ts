import { KsefFault, type KsefOperation, LOOKS_TO_SPARE, type Pacer, type WsadEvent } from '@wsad/domain';
import { onTestFinished } from 'vitest';
import { createKsefClient, type KsefClient, type KsefClientOptions } from '../../src/index.ts';
import type { Timeouts } from '../../src/wire.ts';
import { makeTestKey, type TestKey } from './key-pairs.ts';
import {
  type Reply,
  type Script,
  type ScriptedServer,
  type Seen,
  startScriptedServer,
} from './scripted-server.ts';

export const NIP = '5265877635';
export const NOW = new Date('2026-09-01T10:00:00.000Z');

export interface World {
  server: ScriptedServer;
  client: KsefClient;
  events: WsadEvent[];
  pacer: RecordingPacer;
  /** How long the client slept between its questions. */
  waits: number[];
  clock: { now: Date };
}

export interface RecordingPacer extends Pacer {
  taken: { operation: KsefOperation; nip: string | null }[];
  answered: number;
  refusals: { operation: KsefOperation; nip: string | null; until: Date }[];
}

export function recordingPacer(): RecordingPacer {
  const pacer: RecordingPacer = {
    taken: [],
    answered: 0,
    refusals: [],
    take: async (operation, nip) => {
      pacer.taken.push({ operation, nip });
      return {
        answered: async () => {
          pacer.answered += 1;
        },
      };
    },
    refused: async (operation, nip, until) => {
      pacer.refusals.push({ operation, nip, until });
    },
    looksLeft: () => LOOKS_TO_SPARE,
  };
  return pacer;
}

/** A client over a scripted KSeF; both end with the test. */
export async function startWorld(
  script: Script | Record<string, Reply | Reply[] | Script>,
  options: { timeouts?: Partial<Timeouts>; pacer?: Pacer; wait?: KsefClientOptions['wait'] } = {},
): Promise<World> {
  const server = await startScriptedServer(typeof script === 'function' ? script : byRoute(script));
  const pacer = recordingPacer();
  const events: WsadEvent[] = [];
  const waits: number[] = [];
  const clock = { now: NOW };
  const client = createKsefClient({
    baseUrl: `${server.origin}/v2`,
    pacer: options.pacer ?? pacer,
    clock: () => clock.now,
    emit: (event) => events.push(event),
    wait:
      options.wait ??
      (async (ms) => {
        waits.push(ms);
      }),
    ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
  });
  onTestFinished(async () => {
    await server.stop();
    await client.close();
  });
  return { server, client, events, pacer, waits, clock };
}

/** `POST /auth/challenge` -> a reply, several in turn (the last one stays), or a script. */
export function byRoute(routes: Record<string, Reply | Reply[] | Script>): Script {
  const served = new Map<string, number>();
  return (seen) => {
    const name = `${seen.method} ${seen.path.replace(/^\/v2/, '').replace(/\?.*$/, '')}`;
    const route = routes[name];
    if (route === undefined) return { status: 404, json: { title: `no script for ${name}` } };
    if (typeof route === 'function') return route(seen);
    if (!Array.isArray(route)) return route;
    const turn = served.get(name) ?? 0;
    served.set(name, turn + 1);
    return route[Math.min(turn, route.length - 1)] ?? {};
  };
}

export function jsonOf(seen: Seen | undefined): Record<string, unknown> {
  return JSON.parse(seen?.body.toString('utf8') ?? 'null');
}

/** The fault that a call ends in; anything else fails the test. */
export async function faultOf(call: Promise<unknown>): Promise<KsefFault> {
  const outcome = await call.then(
    () => 'success',
    (error: unknown) => error,
  );
  if (outcome instanceof KsefFault) return outcome;
  throw new Error(`expected a KsefFault, got ${String(outcome)}`, { cause: outcome });
}

export function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

let keys: { token: TestKey; symmetric: TestKey; other: TestKey } | null = null;
/** RSA keys are slow to make: one set per test file. */
export function testKeys() {
  keys ??= { token: makeTestKey(), symmetric: makeTestKey(), other: makeTestKey() };
  return keys;
}

export function listedKey(key: TestKey, usage: string, over: Record<string, unknown> = {}) {
  return {
    certificate: key.certificate,
    certificateId: 'Y2VydGlmaWNhdGUgb2YgdGhlIHRlc3QgLi4uLi4uLi4=',
    publicKeyId: key.publicKeyId,
    validFrom: '2026-01-01T00:00:00.0000000+00:00',
    validTo: '2028-01-01T00:00:00.0000000+00:00',
    usage: [usage],
    ...over,
  };
}

/** The answer of `GET /security/public-key-certificates`. */
export function publicKeysReply(): Reply {
  const { token, symmetric } = testKeys();
  return {
    json: [listedKey(token, 'KsefTokenEncryption'), listedKey(symmetric, 'SymmetricKeyEncryption')],
  };
}

export const KEYS = 'GET /security/public-key-certificates';

export function exceptionReply(
  code: number,
  description = 'Opis',
  details: string[] = [],
  status = 400,
): Reply {
  return {
    status,
    json: {
      exception: {
        exceptionDetailList: [{ exceptionCode: code, exceptionDescription: description, details }],
        timestamp: '2026-09-01T10:00:00.0000000',
      },
    },
  };
}

import { CALL_PRESUMED_ANSWERED_MS, LimitReached } from '@wsad/domain';
import { eventually } from '@wsad/testkit';
import { describe, expect, it } from 'vitest';
import { createKsefClient } from '../src/index.ts';
import { DEFAULT_TIMEOUTS } from '../src/wire.ts';
import { ACCESS_TOKEN, happyKsef, ONLINE, SESSION } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { startScriptedServer } from './support/scripted-server.ts';
import { exceptionReply, faultOf, NIP, NOW, recordingPacer, startWorld } from './support/world.ts';

const STATUS = `GET /sessions/${SESSION}`;

async function statusFault(reply: Reply) {
  const world = await startWorld({ [STATUS]: reply });
  const fault = await faultOf(world.client.sessionStatus(NIP, ACCESS_TOKEN, SESSION));
  return { ...world, fault };
}

describe('a call', () => {
  it('takes a place before and gives it back after, and tells what happened', async () => {
    const { client, pacer, events, server } = await startWorld(happyKsef());
    await client.sessionStatus(NIP, ACCESS_TOKEN, SESSION);
    expect(pacer.taken).toEqual([{ operation: 'sessionStatus', nip: NIP }]);
    expect(pacer.answered).toBe(1);
    expect(events).toEqual([
      { type: 'ksef.called', operation: 'sessionStatus', nip: NIP, status: 200, durationMs: 0 },
    ]);
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${ACCESS_TOKEN}`);
  });

  it('gives its place back when it fails', async () => {
    const { pacer, events } = await statusFault({ mishap: 'cut' });
    expect(pacer.answered).toBe(1);
    expect(events[0]).toMatchObject({ type: 'ksef.called', status: null });
  });

  it('is not made where the pacer has no place', async () => {
    const full = new LimitReached(NOW, 'sessionMisc');
    const pacer = { ...recordingPacer(), take: () => Promise.reject(full) };
    const { client, server } = await startWorld(happyKsef(), { pacer });
    await expect(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION)).rejects.toBe(full);
    expect(server.seen).toEqual([]);
  });

  it('keeps its answer although the place could not be given back', async () => {
    const broken = async () => ({ answered: () => Promise.reject(new Error('database away')) });
    const pacer = { ...recordingPacer(), take: broken };
    const { client } = await startWorld(happyKsef(), { pacer });
    await expect(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION)).resolves.toMatchObject({ code: 150 });
  });

  it('that is under way when the client is closed may have worked, and one after it surely has not', async () => {
    const { client, server } = await startWorld({
      [`POST /sessions/online/${SESSION}/close`]: { mishap: 'silence' },
    });
    const close = () => faultOf(client.closeOnline(NIP, ACCESS_TOKEN, SESSION));
    const underWay = close();
    await eventually(() => server.seen.length === 1);
    await client.close();
    expect((await underWay).fault.mayHaveWorked).toBe(true);
    expect((await close()).fault.mayHaveWorked).toBe(false);
  });

  it('goes over kept connections', async () => {
    const { client, server } = await startWorld(happyKsef());
    for (let turn = 0; turn < 3; turn += 1) await client.sessionStatus(NIP, ACCESS_TOKEN, SESSION);
    expect(server.seen.map(({ headers }) => headers.connection)).toEqual(Array(3).fill('keep-alive'));
  });
});

describe('an answer that is no success', () => {
  it.each([
    ['an exception', exceptionReply(21405, 'Błąd walidacji', ['pole X']), 'stop', 21405],
    ['an unknown session', exceptionReply(21173), 'ask-session', 21173],
    ['a session in maintenance', exceptionReply(21184), 'new-session', 21184],
    ['a telling code beside the general one', twoExceptions(), 'new-session', 21184],
    [
      'problem details',
      problem(400, { errors: [{ code: 21180, description: 'Status' }] }),
      'new-session',
      21180,
    ],
    ['an expired token', problem(401, {}), 'relogin', null],
    ['a missing permission', problem(403, { reasonCode: 'missing-permissions' }), 'hold-permission', null],
    ['a block by security', problem(403, { reasonCode: 'security-service-blocked' }), 'retry', null],
    ["a firewall's 403", html(403), 'retry', null],
    ["a firewall's 503", html(503), 'retry', null],
    ['a bad gateway', html(502), 'retry', null],
    ['an unknown address', html(404), 'retry', null],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }, 'retry', null],
    ["a firewall's page with 200", html(200), 'retry', null],
    ['an empty 200', { status: 200 }, 'retry', null],
    [
      'truncated JSON',
      { body: '{"status":{"code":1', headers: { 'content-type': 'application/json' } },
      'retry',
      null,
    ],
    ['a connection cut before the answer', { mishap: 'cut' }, 'retry', null],
    ['a connection cut amid the answer', { mishap: 'cut-amid', body: 'x'.repeat(1000) }, 'retry', null],
  ] as [string, Reply, string, number | null][])('%s', async (_name, reply, treatment, code) => {
    const { fault } = await statusFault(reply);
    expect(fault.treatment).toBe(treatment);
    expect(fault.fault.code).toBe(code);
    expect(fault.fault.mayHaveWorked).toBe(false);
    expect(fault.fault.operation).toBe('sessionStatus');
  });

  it('never has its redirect followed, token in hand', async () => {
    const other = await startScriptedServer(() => ({ json: {} }));
    const { server } = await statusFault({
      status: 307,
      headers: { location: `${other.origin}/v2/sessions/x` },
    });
    expect(server.seen).toHaveLength(1);
    expect(other.seen).toHaveLength(0);
    await other.stop();
  });

  it('names what KSeF said', async () => {
    const { fault } = await statusFault(exceptionReply(21405, 'Błąd walidacji', ['pole X', 'pole Y']));
    expect(fault.fault).toMatchObject({
      status: 400,
      description: 'Błąd walidacji',
      details: ['pole X', 'pole Y'],
    });
  });

  it('names the permissions that are missing', async () => {
    const reply = problem(403, {
      detail: 'Brak uprawnień',
      reasonCode: 'missing-permissions',
      security: { requiredAnyOfPermissions: ['InvoiceWrite'], presentPermissions: [] },
    });
    const { fault } = await statusFault(reply);
    expect(fault.fault.details).toEqual(['missing-permissions', 'needs one of: InvoiceWrite']);
    expect(fault.fault.description).toBe('Brak uprawnień');
  });

  it('names what the answer lacks', async () => {
    const { fault } = await statusFault({ json: { status: { description: 'no code' } } });
    expect(fault.treatment).toBe('retry');
    expect(fault.fault.description).toBe('missing or malformed: status.code');
  });

  it('is given up when it is endless', async () => {
    const { fault } = await statusFault({ body: Buffer.alloc(17_000_000, ' ') });
    expect(fault.treatment).toBe('retry');
    expect(fault.fault.description).toMatch(/larger than 16000000 bytes/);
  });

  it('is given up when it does not come', async () => {
    const { client } = await startWorld({ [STATUS]: { mishap: 'silence' } }, { timeouts: { callMs: 100 } });
    const fault = await faultOf(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION));
    expect(fault.treatment).toBe('retry');
    expect(fault.fault).toMatchObject({ status: null, description: 'no whole answer (TimeoutError)' });
  });
});

describe('a call that must not be repeated blindly', () => {
  const closeRoute = `POST /sessions/batch/${SESSION}/close`;
  async function closeFault(reply: Reply, timeouts = {}) {
    const { client } = await startWorld({ [closeRoute]: reply }, { timeouts });
    return faultOf(client.closeBatch(NIP, ACCESS_TOKEN, SESSION));
  }

  it.each([
    ['500', html(500)],
    ['503 of a firewall', html(503)],
    ['a cut connection', { mishap: 'cut' }],
    ['200 with a page', html(200)],
    ['silence', { mishap: 'silence' }],
  ] as [string, Reply][])('may have worked after %s', async (_name, reply) => {
    const fault = await closeFault(reply, { callMs: 200 });
    expect(fault.treatment).toBe('ask-session');
    expect(fault.fault.mayHaveWorked).toBe(true);
  });

  it.each([
    ['an unknown session (21173)', exceptionReply(21173), 'ask-session'],
    ['another state (21180), which an earlier close may have brought', exceptionReply(21180), 'ask-session'],
    ['time run out (21208)', exceptionReply(21208), 'ask-session'],
    ['a part that never came (21205)', exceptionReply(21205), 'new-session'],
    ['an expired token', problem(401, {}), 'relogin'],
    ['a redirect', { status: 307 }, 'retry'],
  ] as [string, Reply, string][])('is refused by %s', async (_name, reply, treatment) => {
    const fault = await closeFault(reply);
    expect(fault.treatment).toBe(treatment);
    expect(fault.fault.mayHaveWorked).toBe(false);
  });

  it('has surely not worked when it never left', async () => {
    const { client, server } = await startWorld(happyKsef());
    await server.stop();
    const fault = await faultOf(client.closeOnline(NIP, ACCESS_TOKEN, ONLINE));
    expect(fault.treatment).toBe('retry');
    expect(fault.fault).toMatchObject({ mayHaveWorked: false, status: null });
  });

  it('succeeds with 204', async () => {
    const { client } = await startWorld(happyKsef());
    await expect(client.closeBatch(NIP, ACCESS_TOKEN, SESSION)).resolves.toBeUndefined();
    await expect(client.closeOnline(NIP, ACCESS_TOKEN, ONLINE)).resolves.toBeUndefined();
  });
});

describe('429', () => {
  const body = { status: { code: 429, description: 'Too Many Requests', details: ['Przekroczono limit'] } };

  it.each([
    ['seconds', '30', 30_000],
    ['a date', 'Tue, 01 Sep 2026 10:00:45 GMT', 45_000],
    ['a date gone by', 'Tue, 01 Sep 2026 09:00:00 GMT', 1000],
    ['nothing', undefined, 60_000],
    ['nonsense', 'soon', 60_000],
  ])('with %s in Retry-After', async (_name, retryAfter, expectedMs) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const { fault, pacer, events } = await statusFault({ status: 429, headers, json: body });
    expect(fault.treatment).toBe('wait');
    expect(fault.fault).toMatchObject({
      retryAfterMs: expectedMs,
      code: 429,
      details: ['Przekroczono limit'],
    });
    const until = new Date(NOW.getTime() + expectedMs);
    expect(pacer.refusals).toEqual([{ operation: 'sessionStatus', nip: NIP, until }]);
    expect(events).toContainEqual({
      type: 'ksef.rateLimited',
      operation: 'sessionStatus',
      nip: NIP,
      retryAfterMs: expectedMs,
    });
  });

  it('is a fault to wait for even where the pacer cannot be told', async () => {
    const pacer = { ...recordingPacer(), refused: () => Promise.reject(new Error('database away')) };
    const { client } = await startWorld({ [STATUS]: { status: 429, json: body } }, { pacer });
    expect((await faultOf(client.sessionStatus(NIP, ACCESS_TOKEN, SESSION))).treatment).toBe('wait');
  });

  it('is understood as problem details and as a bare page', async () => {
    for (const reply of [problem(429, { detail: 'Spróbuj ponownie po 30 sekundach.' }), html(429)]) {
      expect(
        (await statusFault({ ...reply, headers: { ...reply.headers, 'retry-after': '7' } })).fault,
      ).toMatchObject({
        treatment: 'wait',
        fault: { retryAfterMs: 7000, code: null },
      });
    }
  });
});

it('a call is given up before its place is presumed free again', () => {
  const { callMs, connectMs } = DEFAULT_TIMEOUTS;
  expect(callMs + connectMs).toBeLessThan(CALL_PRESUMED_ANSWERED_MS);
});

describe('the address of KSeF', () => {
  const options = { pacer: recordingPacer(), clock: () => NOW, emit: () => undefined };
  it.each(['http://api.ksef.mf.gov.pl/v2', 'http://10.0.0.1/v2', 'https://user:word@api.ksef.mf.gov.pl/v2'])(
    'may not be %s',
    (baseUrl) => {
      expect(() => createKsefClient({ ...options, baseUrl })).toThrow(/the address of KSeF must/);
    },
  );
  it.each(['https://api.ksef.mf.gov.pl/v2', 'http://127.0.0.1:8088/v2', 'http://localhost:8088/v2/'])(
    'may be %s',
    async (baseUrl) => {
      await createKsefClient({ ...options, baseUrl }).close();
    },
  );
});

function html(status: number): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<html><body>Request Rejected. Your support ID is 123</body></html>',
  };
}

function problem(status: number, over: Record<string, unknown>): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ title: 'Problem', status, detail: 'Opis problemu', timestamp: NOW, ...over }),
  };
}

function twoExceptions(): Reply {
  const exceptionDetailList = [
    { exceptionCode: 21405, exceptionDescription: 'Błąd walidacji', details: null },
    { exceptionCode: 21184, exceptionDescription: 'Sesja w konserwacji', details: [] },
  ];
  return { status: 400, json: { exception: { exceptionDetailList } } };
}

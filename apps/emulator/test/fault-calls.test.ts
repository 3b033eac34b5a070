/** Walks every catalogued fault of single calls, and shows that a raw client meets what the entry says. */
import { expect, test } from 'vitest';
import { befalls, families, HTML_PAGE } from '../src/faults/any-call-faults.ts';
import { type CallName, callNames, calls } from '../src/faults/calls.ts';
import { refusedCallFaults } from '../src/faults/refused-call-faults.ts';
import { call, exceptionCode, replyOf } from './support/client.ts';
import { type Ready, readyFor } from './support/fault-stage.ts';
import { useEmulator } from './support/harness.ts';

const harness = useEmulator();
const enable = (name: string) => harness.emulator.control.faults.enable(name);

type Walk = (ready: Ready) => Promise<void>;

function answers(status: number, page?: string): Walk {
  return async ({ send }) => {
    const response = await send();
    expect(response.status).toBe(status);
    const text = await response.text();
    if (page !== undefined) expect(text).toBe(page);
  };
}

const isLost: Walk = async ({ send }) => {
  await expect(send()).rejects.toThrow('fetch failed');
};

/** Other calls are answered in the meantime, and this one is not. */
const staysSilent = async ({ send }: Ready, meanwhile: () => Promise<unknown>): Promise<void> => {
  const patience = new AbortController();
  const outcome = send(patience.signal).then(
    () => 'answered',
    () => 'given up',
  );
  await expect.poll(() => harness.emulator.control.faults.armed()).toEqual([]);
  await meanwhile();
  patience.abort();
  expect(await outcome).toBe('given up');
};

const isSilent: Walk = (ready) =>
  staysSilent(ready, async () => {
    expect((await call(harness, 'POST', '/auth/challenge')).status).toBe(200);
  });

const isSilentOnceDone: Walk = (ready) =>
  staysSilent(ready, async () => {
    await expect.poll(ready.hasWorked ?? (async () => true)).toBe(true);
  });

const walks: Record<string, Walk> = {
  '500': answers(500),
  '500-worked': answers(500),
  '502': answers(502, HTML_PAGE),
  '503': answers(503, HTML_PAGE),
  '504': answers(504, HTML_PAGE),
  '504-worked': answers(504, HTML_PAGE),
  lost: isLost,
  'lost-worked': isLost,
  silent: isSilent,
  'silent-worked': isSilentOnceDone,
  html: answers(200, HTML_PAGE),
  async redirect({ send }) {
    for (let hop = 0; hop < 25; hop += 1) {
      const response = await send();
      expect(response.status).toBe(307);
      expect(new URL(response.headers.get('location') ?? '', response.url).href).toBe(response.url);
    }
  },
  async '429'({ send }) {
    const reply = await replyOf(await send());
    expect(reply).toMatchObject({ status: 429, body: { status: { code: 429 } } });
    expect(reply.headers.get('retry-after')).toBe('30');
  },
  async '401'({ send }) {
    expect(await replyOf(await send())).toMatchObject({ status: 401, body: { status: 401 } });
  },
  async '403'({ send }) {
    const reply = await replyOf(await send());
    expect(reply).toMatchObject({ status: 403, body: { reasonCode: 'missing-permissions' } });
  },
  async cut({ send }) {
    const response = await send();
    const text = await response.text();
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text));
    expect(() => JSON.parse(text)).toThrow();
  },
};

test('every family has its walk', () => {
  expect(Object.keys(walks).sort()).toEqual(Object.keys(families).sort());
});

test.for(callNames)('whatever can befall %s does so once, and then it is over', async (name) => {
  for (const [suffix, family] of Object.entries(families)) {
    if (!befalls(family, name)) continue;
    const ready = await readyFor(harness, name);
    await enable(`${name}-${suffix}`);
    await walks[suffix]?.(ready);
    const works = suffix.endsWith('-worked') || suffix === 'cut';
    await harness.emulator.control.idle();
    if (ready.hasWorked !== undefined) expect([suffix, await ready.hasWorked()]).toEqual([suffix, works]);
    if (!works) expect([suffix, (await ready.send()).status]).toEqual([suffix, ready.natural]);
    expect(harness.emulator.control.faults.armed()).toEqual([]);
  }
});

test('429 comes in both formats', async () => {
  for (const [format, type] of [
    ['problem-details', 'application/problem+json'],
    ['', 'application/json'],
  ] as const) {
    const ready = await readyFor(harness, 'session-status');
    await enable('session-status-429');
    ready.bring({ 'x-error-format': format });
    const response = await ready.send();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
    expect(response.headers.get('content-type')).toContain(type);
  }
});

const singles = Object.entries(refusedCallFaults).map(([name, entry]) => ({ name, ...entry }));

test.for(singles)('$name: $title', async ({ name, program }) => {
  if (!('call' in program)) throw new Error(`${name} strikes no call`);
  const { operation, refusal, status, headers, afterEffect = false, withHeader } = program.call;
  const kind: CallName =
    callNames.find((candidate) => calls[candidate].operation === operation) ?? 'session-status';
  const ready = await readyFor(harness, kind);
  await enable(name);
  if (withHeader !== undefined) {
    expect((await ready.send()).status).toBe(ready.natural);
    ready.bring({ [withHeader]: 'whatever' });
  }
  const reply = await replyOf(await ready.send());
  if (refusal?.kind === 'exception')
    expect([reply.status, exceptionCode(reply)]).toEqual([400, refusal.code]);
  else expect(reply.status).toBe(refusal === undefined ? status : 401);
  for (const [header, value] of Object.entries(headers ?? {})) expect(reply.headers.get(header)).toBe(value);
  await harness.emulator.control.idle();
  if (ready.hasWorked !== undefined) expect(await ready.hasWorked()).toBe(afterEffect);
  expect(harness.emulator.control.faults.armed()).toEqual([]);
});

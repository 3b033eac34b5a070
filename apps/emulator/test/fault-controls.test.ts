/** Switching catalogued faults on: over HTTP, for one seller, later, by a scenario; and the README's tables. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { families } from '../src/faults/any-call-faults.ts';
import { calls } from '../src/faults/calls.ts';
import { singleFaults } from '../src/faults/catalogue.ts';
import { readScenario, startEmulator } from '../src/index.ts';
import { at, call, logIn, replyOf } from './support/client.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip } from './support/invoice.ts';

const harness = useEmulator();

async function enable(name: string, body?: unknown) {
  const headers = { 'content-type': 'application/json' };
  const init =
    body === undefined ? { method: 'POST' } : { method: 'POST', headers, body: JSON.stringify(body) };
  return replyOf(await fetch(`${harness.emulator.url}/_emulator/faults/${name}`, init));
}

test('a fault is switched on by its name, and the catalogue is listed', async () => {
  const { body } = await replyOf(await fetch(`${harness.emulator.url}/_emulator/faults/catalogue`));
  expect(body).toEqual(harness.emulator.control.faults.catalogue());
  expect(await enable('challenge-503')).toMatchObject({ status: 201, body: { name: 'challenge-503' } });
  const codes: number[] = [];
  for (let i = 0; i < 2; i += 1) codes.push((await call(harness, 'POST', '/auth/challenge')).status);
  expect(codes).toEqual([503, 200]);
});

test('times, skip and nip aim it', async () => {
  const [nip, other] = [freshNip(), freshNip()];
  const { access: token } = await logIn(harness, nip);
  const { access: otherToken } = await logIn(harness, other);
  await enable('session-list-401', { nip, skip: 1, times: 2 });
  const look = async (as: string) =>
    (await call(harness, 'GET', '/sessions?sessionType=Batch', { token: as })).status;
  expect(await look(otherToken)).toBe(200);
  const codes: number[] = [];
  for (let i = 0; i < 4; i += 1) codes.push(await look(token));
  expect(codes).toEqual([200, 401, 401, 200]);
});

test('what makes no sense is refused with its reason', async () => {
  const nip = freshNip();
  const wrong: [string, unknown, number, string][] = [
    ['no-such-fault', {}, 404, 'no fault named'],
    ['challenge-503', { colour: 'red' }, 400, 'colour'],
    ['challenge-503', { nip }, 400, 'leave nip out'],
    ['challenge-503', { invoiceNumbers: ['1'] }, 400, 'leave invoiceNumbers out'],
    ['guilty-500', {}, 400, 'give invoiceNumbers'],
    ['keys-rotated', { times: 2 }, 400, 'leave times and skip out'],
    ['toString', {}, 404, 'no fault named'],
  ];
  for (const [name, body, status, reason] of wrong) {
    const refused = await enable(name, body);
    expect([refused.status, String(at(refused.body, 'error'))]).toEqual([
      status,
      expect.stringContaining(reason),
    ]);
  }
  await expect(harness.emulator.control.faults.enable('no-such-fault')).rejects.toThrow('no fault named');
});

test('clearing takes everything back', async () => {
  for (const name of ['challenge-503', 'login-ends-480', 'batch-500', 'invoice-550']) await enable(name);
  const listed = await replyOf(await fetch(`${harness.emulator.url}/_emulator/faults`));
  expect(listed.body).toHaveLength(4);
  await fetch(`${harness.emulator.url}/_emulator/faults`, { method: 'DELETE' });
  expect(harness.emulator.control.faults.armed()).toEqual([]);
});

test('a scenario switches faults on from the start and after calls', async () => {
  const scenario = readScenario(
    JSON.stringify([
      { fault: 'keys-503' },
      { at: { operation: 'POST /auth/challenge', calls: 2 }, fault: 'challenge-502', times: 2 },
    ]),
  );
  const emulator = await startEmulator({ scenario });
  const codes: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    codes.push((await fetch(`${emulator.url}/v2/auth/challenge`, { method: 'POST' })).status);
  }
  const keys = await fetch(`${emulator.url}/v2/security/public-key-certificates`);
  await emulator.close();
  expect(codes).toEqual([200, 200, 502, 502, 200]);
  expect(keys.status).toBe(503);
});

const senseless: [text: string, reason: string][] = [
  ['{', 'not JSON'],
  ['{}', 'expected array'],
  ['[{"fault": "no-such-fault"}]', 'There is no fault named no-such-fault'],
  [
    '[{"fault": "keys-503", "at": {"operation": "GET /nothing", "calls": 1}}]',
    'no operation of the catalogue',
  ],
  ['[{"fault": "keys-503", "at": {"operation": "POST /auth/challenge", "calls": 0}}]', '[0].at.calls'],
];

test.for(senseless)('a scenario that makes no sense is refused: %s', ([text, reason]) => {
  expect(() => readScenario(text)).toThrow(reason);
});

/** The rows of the README's table whose header begins with this cell. */
function readmeRows(firstHeader: string): string[][] {
  const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHeader}`));
  const rest = lines.slice(start + 2);
  const rows = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the README tells the catalogue as it is', () => {
  expect(readmeRows('call of the catalogue')).toEqual(
    Object.entries(calls).map(([name, { operation }]) => [`\`${name}\``, `\`${operation}\``]),
  );
  expect(readmeRows('fault of any call')).toEqual(
    Object.entries(families).map(([suffix, { befalls, title, source }]) => [
      `\`{call}-${suffix}\``,
      befalls,
      title,
      source,
    ]),
  );
  expect(readmeRows('single fault')).toEqual(
    Object.entries(singleFaults).map(([name, { title, source }]) => [`\`${name}\``, title, source]),
  );
});

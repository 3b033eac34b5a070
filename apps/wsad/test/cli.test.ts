import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { wsad } from './support/command-line.ts';
import { startDeafProxy } from './support/deaf-proxy.ts';
import { invoiceOf, invoicesOf, newSeller } from './support/sellers.ts';
import { type System, startSystem } from './support/system.ts';
import { describeWire, watchWire } from './support/wire.ts';

const wire = watchWire();
let system: System;
let folder: string;
let submissionId = '';
const nip = newSeller();

beforeAll(async () => {
  system = await startSystem({ queue: 'postgres', lingerMs: 20, wire });
  folder = await mkdtemp(join(tmpdir(), 'wsad-cli-'));
});
afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, xml: string, into = folder): Promise<string> {
  await mkdir(into, { recursive: true });
  const path = join(into, name);
  await writeFile(path, xml);
  return path;
}

it('doctor says that there is no seller yet, and that a wrong key is refused', async () => {
  const first = await wsad(system.api, 'doctor', '--json');
  expect(first.code).toBe(1);
  expect(first.json[0]?.findings).toContainEqual(expect.objectContaining({ what: 'sellers', ok: false }));
  const refused = await wsad({ ...system.api, key: 'wrong' }, 'doctor', '--json');
  expect(refused).toMatchObject({ code: 4, json: [{ ok: false, exitCode: 4 }] });
});

it('login gives a seller its token from standard input, and tells why KSeF refuses one', async () => {
  const bad = await wsad(
    { ...system.api, input: 'bad token\n' },
    'login',
    newSeller(),
    '--token',
    '-',
    '--json',
  );
  expect(bad).toMatchObject({ code: 1, json: [{ authentication: { state: 'refused' } }] });
  const good = await wsad({ ...system.api, input: 'a token\n' }, 'login', nip, '--token', '-');
  expect(good).toMatchObject({ code: 0, err: '' });
  expect(good.out).toContain(`Login of ${nip}: active, ready to send`);
});

it('status tells one seller and all', async () => {
  expect(await wsad(system.api, 'status', nip, '--json')).toMatchObject({
    code: 0,
    json: [{ nip, ready: true }],
  });
  const all = await wsad(system.api, 'status');
  expect(all.code).toBe(1);
  expect(all.out).toContain(nip);
});

it('send hands a folder in, follows it to its receipts and tells what was refused', async () => {
  const invoices = join(folder, 'invoices');
  for (const [index, { xml }] of invoicesOf(nip, 6, 'FV/C').entries())
    await write(`${index}.xml`, xml, invoices);
  await write('broken.xml', '<Faktura/>', invoices);
  const sent = await wsad(system.api, 'send', invoices, '--nip', nip, '--json');
  expect(sent).toMatchObject({
    code: 1,
    json: [{ ok: false, accepted: 6, refused: 1, byState: { cleared: 6 }, receipts: 6, error: null }],
  });
  expect(sent.json[0]?.faulty).toMatchObject([{ fileName: 'broken.xml', state: 'refused' }]);
  submissionId = z.array(z.string()).parse(sent.json[0]?.submissions)[0] ?? '';
});

it('send draws a bar for each stage where somebody looks, and a table at the end', async () => {
  const file = await write('one.xml', invoiceOf(nip, 'FV/D/1').xml);
  const sent = await wsad({ ...system.api, isTty: true }, 'send', file, '--nip', nip);
  expect(sent.code).toBe(0);
  for (const stage of ['Checking', 'Sending', 'At KSeF', 'Receipts']) expect(sent.err).toContain(stage);
  expect(sent.out).toMatch(/cleared\S*\s+1/);
  const again = await wsad(system.api, 'send', file, '--nip', nip, '--json');
  expect(again).toMatchObject({ code: 0, err: '', json: [{ accepted: 1, byState: { cleared: 1 } }] });
});

it('report tells the submission, and writes it as CSV and as a workbook', async () => {
  const told = await wsad(system.api, 'report', submissionId, '--json');
  expect(told).toMatchObject({ code: 1, json: [{ id: submissionId, byState: { cleared: 6 }, refused: 1 }] });
  const csv = await wsad(system.api, 'report', submissionId, '--csv');
  expect(csv.out.trim().split('\n')).toHaveLength(8);
  const file = join(folder, 'report.xlsx');
  expect((await wsad(system.api, 'report', submissionId, '-o', file)).code).toBe(0);
  expect((await readFile(file)).subarray(0, 2).toString()).toBe('PK');
});

it('upo gives the receipt by id and by KSeF number', async () => {
  const { id, ksefNumber } = (await system.api.invoices(nip))[0] ?? {};
  const byNumber = await wsad(system.api, 'upo', ksefNumber ?? '');
  expect(byNumber.out).toContain(`<NumerKSeFDokumentu>${ksefNumber}</NumerKSeFDokumentu>`);
  const file = join(folder, 'upo.xml');
  expect((await wsad(system.api, 'upo', id ?? '', '-o', file, '--json')).json).toMatchObject([
    { ok: true, file },
  ]);
  expect(await readFile(file, 'utf8')).toBe(byNumber.out);
});

it('held lists what waits for a person, withdraws it, and says what cannot be resolved', async () => {
  const other = newSeller();
  const { invoices } = await system.api.submit(other, invoicesOf(other, 3, 'H'));
  const ids = invoices.map(({ id }) => id ?? '');
  const list = await wsad(system.api, 'held', '--nip', other, '--json');
  expect(list).toMatchObject({ code: 1, json: [{ groups: [{ holdCause: 'no_credentials', invoices: 3 }] }] });
  expect(await wsad(system.api, 'held', 'withdraw', ids[0] ?? '', '--json')).toMatchObject({
    code: 0,
    json: [{ done: 1, refused: [] }],
  });
  const bulk = await wsad(
    system.api,
    'held',
    'withdraw',
    '--nip',
    other,
    '--cause',
    'no_credentials',
    '--json',
  );
  expect(bulk.json).toMatchObject([{ done: 2 }]);
  expect((await wsad(system.api, 'held', 'retry', ids[0] ?? '', '--json')).json).toMatchObject([
    { ok: false, refused: [{ code: 'NOT_HELD' }] },
  ]);
  const resolved = await wsad(system.api, 'held', 'resolve', ids[0] ?? '', '--rejected', '--json');
  expect(resolved).toMatchObject({ code: 5, json: [{ error: { code: 'NOT_HELD' } }] });
  expect((await wsad(system.api, 'held', '--nip', other)).code).toBe(0);
});

it('watches a folder: what cleared goes to sent, what was refused to refused, each with its story', async () => {
  const drop = join(folder, 'drop');
  await write('good.xml', invoiceOf(nip, 'FV/W/1').xml, drop);
  await write('bad.xml', '<Faktura/>', drop);
  const ended = await wsad(system.api, 'send', '--watch', drop, '--once', '--nip', nip, '--json');
  expect(ended.code).toBe(1);
  expect(ended.json.map(({ file, outcome }) => [file, outcome]).sort()).toEqual([
    ['bad.xml', 'refused'],
    ['good.xml', 'sent'],
  ]);
  expect((await readdir(join(drop, 'sent'))).sort()).toEqual(['good.xml', 'good.xml.json']);
  const story = JSON.parse(await readFile(join(drop, 'sent', 'good.xml.json'), 'utf8'));
  expect(story).toMatchObject({ file: 'good.xml', outcome: 'sent', invoices: [{ state: 'cleared' }] });
  expect(await readdir(join(drop, 'sending'))).toEqual([]);
});

it('sends nothing twice when a watch dies before it hears the answer', async () => {
  const seller = newSeller();
  await system.api.putToken(seller);
  const drop = join(folder, 'dying');
  for (const [index, { xml }] of invoicesOf(seller, 3, 'FV/X').entries())
    await write(`${index}.xml`, xml, drop);
  const dying = new AbortController();
  const deaf = await startDeafProxy(system.api.url, () => dying.abort());
  const args = ['send', '--watch', drop, '--nip', seller, '--json'];
  const died = await wsad({ ...system.api, url: deaf.url, signal: dying.signal }, ...args);
  await deaf.close();
  expect(died).toMatchObject({ code: 0, out: '' });
  const ended = await wsad(system.api, ...args, '--once');
  expect(ended.json.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent']);
  const submissions = await (await system.api.call('GET', `/v1/submissions?nip=${seller}`)).json();
  expect(submissions).toMatchObject({ items: [{ nip: seller }], nextCursor: null });
  expect(system.emulator.control.registry().filter((item) => item.nip === seller)).toHaveLength(3);
});

it('ends by 2 where it is not understood and by 3 where nobody answers', async () => {
  expect((await wsad(system.api, 'send', '--nip', nip)).code).toBe(2);
  expect((await wsad(system.api, 'send', '/nowhere', '--nip', nip, '--json')).json).toMatchObject([
    { exitCode: 2, error: { code: 'USAGE' } },
  ]);
  const dashed = await wsad(
    system.api,
    'send',
    await write('two.xml', invoiceOf(nip, 'FV/E/1').xml),
    '--nip',
    '526-1',
  );
  expect(dashed).toMatchObject({
    code: 5,
    out: '',
    err: expect.stringContaining('ten digits without dashes'),
  });
  const away = { ...system.api, url: 'http://127.0.0.1:1' };
  expect(await wsad(away, 'doctor', '--json')).toMatchObject({
    code: 3,
    json: [{ findings: [{ what: 'API', ok: false }] }],
  });
  expect((await wsad({ ...system.api, key: '' }, 'status', '--json')).json).toMatchObject([
    { exitCode: 4, error: { code: 'NO_KEY' } },
  ]);
});

describeWire(wire);

/** Every kind of state an emulator has is kept, or said to pass; and what is kept comes back as it was. */
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startEmulator } from '../src/index.ts';
import { settle } from '../src/options.ts';
import { createJournal, readJournal, written } from '../src/state/journal.ts';
import { recall } from '../src/state/keeper.ts';
import { freshMemory } from '../src/state/memory.ts';
import { createWorld, type World } from '../src/world.ts';
import {
  call,
  encryptionFor,
  logIn,
  openBatch,
  openOnline,
  sendBatch,
  sendOnline,
  type Target,
  uploadAll,
} from './support/client.ts';
import { freshSessionKey } from './support/crypto.ts';
import { smallPackage } from './support/fault-stage.ts';
import { testClock } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const sources = path.resolve(import.meta.dirname, '../src');

/** What the members of a world hold. `memory`: they work on the memory; `passing`: gone with the process, and may be. */
const world = {
  memory: 'memory',
  keys: 'memory',
  authority: 'memory',
  mint: 'memory',
  logins: 'memory',
  ksefTokens: 'memory',
  testdata: 'memory',
  sessions: 'memory',
  signer: 'memory',
  registry: 'memory',
  exports: 'memory',
  ksefNumbers: 'memory',
  limiter: 'memory',
  documents: 'a file of the folder',
  folder: 'the folder itself',
  background: 'passing',
  faults: 'passing',
  troubles: 'passing',
  scenario: 'passing',
  calls: 'passing',
  schemas: 'passing',
  readers: 'passing',
  settings: 'nothing',
  clock: 'nothing',
  randomBytes: 'nothing',
  pace: 'nothing',
  references: 'nothing',
  save: 'nothing',
  close: 'nothing',
} as const satisfies Record<keyof World, string>;

test('every member of a world is said to be kept or passing', async () => {
  const created = await createWorld(settle({}));
  await created.close();
  expect(Object.keys(created).toSorted()).toEqual(Object.keys(world).toSorted());
});

/** State outside of the memory, by file and name, with the reason why a restart need not keep it. */
const passing: Record<string, string> = {
  'background.ts running': 'what is under way is begun again by state/resume.ts',
  'keys/key-ring.ts read': 'made from the memory',
  'auth/ksef-tokens.ts byReferenceNumber': 'made from the memory',
  'processing/registry.ts byNumber': 'made from the memory',
  'processing/registry.ts byKey': 'made from the memory',
  'processing/registry.ts hashes': 'made from the memory',
  'references.ts drawn': 'nobody has been given it yet',
  'limits/limiter.ts windows': 'limits begin anew',
  'limits/limiter.ts cuts': 'a fault',
  'limits/limiter.ts refusedCalls': 'statistics',
  'limits/sliding-window.ts arrivals': 'limits begin anew',
  'limits/sliding-window.ts strikes': 'limits begin anew',
  'limits/sliding-window.ts block': 'limits begin anew',
  'control/stats.ts counts': 'statistics',
  'faults/armed.ts armed': 'faults are switched on anew',
  'faults/scenario.ts arrived': 'a scenario begins anew',
  'processing/documents.ts waiting': 'written before anything that names it',
  'processing/documents.ts waitingBytes': 'written before anything that names it',
  'processing/documents.ts flushing': 'written before anything that names it',
  'processing/intake.ts files': 'of one archive',
  'processing/intake.ts names': 'of one archive',
  'processing/intake.ts unpackedBytes': 'of one archive',
  'processing/reading.ts reading': 'of one archive',
  'processing/reading.ts filling': 'of one archive',
  'processing/readers.ts pool': 'threads are started anew',
  'processing/readers.ts allLoaded': 'threads are started anew',
  'processing/readers.ts before':
    'a line of packages that the process before was unpacking: they are worked off anew',
  'processing/unpack-zip.ts start': 'of one archive',
  'processing/unpack-zip.ts held': 'of one archive',
  'processing/schemas.ts validators': 'compiled anew',
  'state/journal.ts file': 'opened anew',
  'state/journal.ts beginningBytes': 'a journal begins anew at each start',
  'state/journal.ts grownBytes': 'a journal begins anew at each start',
  'state/keeper.ts saving': 'the save under way',
  'state/keeper.ts next': 'the save under way',
  'state/keeper.ts past': 'a journal begins anew at each start',
  'state/keeper.ts taken': 'a journal begins anew at each start',
};

/** What a factory holds: variables, maps, sets and lists at the first level of a `create…` or `open…`, or in its answer. */
function heldIn(file: string, text: string): string[] {
  const factories = [
    ...text.matchAll(/^(?:export )?(?:async )?function (?:create|open)\w+[<(][\s\S]*?^\}/gm),
  ];
  const held =
    /^ {2}let (\w+)|^ {2}const (\w+)(?:: [^=]+)? = (?:new \w*(?:Map|Set)\b|\[\])|^ {4}(\w+): new \w*(?:Map|Set)\b/gm;
  return factories.flatMap(([body]) =>
    [...body.matchAll(held)].map((names) => `${file} ${names.slice(1).find((name) => name !== undefined)}`),
  );
}

test('state lies in the memory, or is named here with the reason why it may pass', async () => {
  const files = (await readdir(sources, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(sources, file), 'utf8')));
  const found = files.flatMap((file, place) => heldIn(file, texts[place] ?? ''));
  const ofWorlds = found.filter((name) => !name.startsWith('openapi'));
  expect([...new Set(ofWorlds)].toSorted()).toEqual(Object.keys(passing).toSorted());
});

/** Leaves something in every part of the memory. */
async function live(target: Target): Promise<void> {
  const nip = freshNip();
  const { access: token } = await logIn(target, nip);
  const description = 'somebody';
  const post = async (where: string, body: unknown) => {
    const { status, text } = await call(target, 'POST', where, { token, body });
    expect([status < 300, text]).toEqual([true, text]);
  };
  await call(target, 'POST', '/auth/challenge');
  await sendBatch(target, token, await smallPackage(target, nip));
  const { parts, request } = await smallPackage(target, nip, ['2']);
  await uploadAll(await openBatch(target, token, request), parts);
  await sendOnline(
    target,
    token,
    await openOnline(target, token),
    Buffer.from(invoiceXml({ nip, number: '3' })),
  );
  await post('/tokens', { permissions: ['InvoiceRead'], description });
  await post('/testdata/attachment', { nip });
  await post('/testdata/person', { nip, pesel: '80010112345', isBailiff: false, description });
  await post('/testdata/subject', { subjectNip: freshNip(), subjectType: 'JST', description });
  await post('/testdata/context/block', { contextIdentifier: { type: 'Nip', value: freshNip() } });
  await post('/testdata/permissions', {
    contextIdentifier: { type: 'Nip', value: nip },
    authorizedIdentifier: { type: 'Nip', value: freshNip() },
    permissions: [{ permissionType: 'InvoiceWrite', description }],
  });
  await post('/testdata/rate-limits/production', {});
  await post('/testdata/limits/subject/certificate', { enrollment: { maxEnrollments: 5 } });
  const session = { maxInvoiceSizeInMB: 1, maxInvoiceWithAttachmentSizeInMB: 3, maxInvoices: 100 };
  await post('/testdata/limits/context/session', { onlineSession: session, batchSession: session });
  const dateRange = { dateType: 'Issue', from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z' };
  const encryption = encryptionFor(target, freshSessionKey());
  await post('/invoices/exports', { encryption, filters: { subjectType: 'Subject1', dateRange } });
  await target.emulator.control.idle();
}

test('every part of the memory comes back as it was, also when the journal was written anew', async () => {
  const state = await mkdtemp(path.join(tmpdir(), 'emulator-memory-'));
  const clock = testClock('2026-03-16T10:00:00Z');
  const settings = settle({ state, clock: clock.now });
  const emulator = await startEmulator({ state, clock: clock.now });
  await live({ emulator, clock });
  await emulator.close();

  const kept = freshMemory(settings.randomBytes);
  await recall(state, kept);
  const unchanged = ['corrected'];
  for (const [part, value] of Object.entries(kept)) {
    const many = value instanceof Map || value instanceof Set ? [...value] : value;
    const isEmpty = Array.isArray(many) && many.length === 0;
    expect([part, isEmpty]).toEqual([part, unchanged.includes(part)]);
  }
  const reopened = await createWorld(settings);
  await reopened.close();
  expect(reopened.memory).toEqual(kept);
  const again = freshMemory(settings.randomBytes);
  await recall(state, again);
  expect(again).toEqual(kept);
  await rm(state, { recursive: true });
});

test('a journal forgets a save torn off as a whole, knows when it is long, and refuses a foreign file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'emulator-journal-'));
  const journal = createJournal(folder);
  const entries = [
    written({ part: 'ksefSerial', value: 7 }),
    written({ part: 'corrected', value: new Set(['a']) }),
  ];
  await journal.replace(entries);
  expect(journal.isLong()).toBe(false);
  await journal.append([written({ part: 'ksefSerial', value: Buffer.alloc(30_000_000) })]);
  expect(journal.isLong()).toBe(true);
  await journal.replace(entries);
  expect(journal.isLong()).toBe(false);
  await journal.append([
    written({ part: 'ksefSerial', value: 8 }),
    written({ part: 'corrected', value: null }),
  ]);
  await journal.close();
  const file = path.join(folder, 'journal');
  await truncate(file, (await stat(file)).size - 1);
  expect(await readJournal(folder)).toEqual([
    { part: 'ksefSerial', value: 7 },
    { part: 'corrected', value: new Set(['a']) },
  ]);
  await writeFile(file, 'something else\n');
  await expect(readJournal(folder)).rejects.toThrow('is not "KSeF emulator state 1"');
  await rm(folder, { recursive: true });
});

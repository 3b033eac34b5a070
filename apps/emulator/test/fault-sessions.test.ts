/** Faults of whole sessions, among them the invoices that ruin them: a raw client meets what each entry says. */
import { expect, test } from 'vitest';
import { guiltyFaults, sessionFaults } from '../src/faults/outcome-faults.ts';
import {
  at,
  call,
  closeBatch,
  exceptionCode,
  invoicesOf,
  openBatch,
  openOnline,
  sendBatch,
  sendOnline,
  uploadAll,
} from './support/client.ts';
import { smallPackage } from './support/fault-stage.ts';
import { useEmulator } from './support/harness.ts';
import { invoiceXml } from './support/invoice.ts';
import { newSeller, sentBatch, statusOf } from './support/sellers.ts';

const harness = useEmulator();
const faults = () => harness.emulator.control.faults;
const isSpent = () => expect(faults().armed()).toEqual([]);

async function onlineStatus(): Promise<unknown> {
  const { nip, token } = await newSeller(harness);
  const session = await openOnline(harness, token);
  await sendOnline(harness, token, session, Buffer.from(invoiceXml({ nip, number: '1' })));
  await call(harness, 'POST', `/sessions/online/${session.reference}/close`, { token });
  await harness.emulator.control.idle();
  return statusOf(harness, token, session.reference);
}

const endings = Object.entries(sessionFaults).flatMap(([name, { program }]) =>
  'session' in program && 'end' in program.session ? [{ name, ...program.session }] : [],
);

const onceClosed = ['batchClosed', 'batchJudged', 'onlineClosed'];

test.for(endings.filter(({ when }) => onceClosed.includes(when)))('$name', async ({ name, when, end }) => {
  await faults().enable(name);
  const status = when === 'onlineClosed' ? await onlineStatus() : (await sentBatch(harness)).status;
  expect(at(status, 'status.code')).toBe(end.code);
  expect(at(status, 'upo')).toBeNull();
  isSpent();
});

test('upload-cancels: 201, and the session is cancelled', async () => {
  await faults().enable('upload-cancels');
  const { nip, token } = await newSeller(harness);
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  expect(at(await statusOf(harness, token, batch.reference), 'status.code')).toBe(440);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21180);
  isSpent();
});

test('batch-close-21208: the close is refused, and the session is cancelled', async () => {
  await faults().enable('batch-close-21208');
  const { nip, token } = await newSeller(harness);
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21208);
  expect(at(await statusOf(harness, token, batch.reference), 'status.code')).toBe(440);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21180);
  isSpent();
});

test('batch-500-registered: no receipt, and yet every invoice has its number', async () => {
  await faults().enable('batch-500-registered');
  const { nip, token, reference } = await sentBatch(harness, ['1', '2']);
  const told = await invoicesOf(harness, token, reference);
  const kept = harness.emulator.control.registry().filter((item) => item.nip === nip);
  expect(kept).toHaveLength(2);
  expect(told.map((invoice) => at(invoice, 'ksefNumber'))).toEqual(kept.map(({ ksefNumber }) => ksefNumber));
});

const guiltyOnes = Object.entries(guiltyFaults).flatMap(([name, { program }]) =>
  'guilty' in program ? [{ name, code: program.guilty.end.code, alone: program.guilty.alone.code }] : [],
);

test.for(guiltyOnes)(
  '$name: every batch with the guilty one fails, those without it do not',
  async ({ name, code, alone }) => {
    const { nip, token } = await newSeller(harness);
    const send = async (numbers: readonly string[]): Promise<unknown> => {
      const { status } = await sendBatch(harness, token, await smallPackage(harness, nip, numbers));
      return at(status, 'status.code');
    };
    await faults().enable(name, { nip, invoiceNumbers: ['3'] });
    expect([await send(['1', '2', '3', '4']), await send(['3', '4']), await send(['3'])]).toEqual([
      code,
      code,
      code,
    ]);
    const registered = () => harness.emulator.control.registry().filter((item) => item.nip === nip);
    expect(registered()).toEqual([]);
    expect(await send(['1', '2', '4'])).toBe(200);
    const online = await openOnline(harness, token);
    const judged = await sendOnline(harness, token, online, Buffer.from(invoiceXml({ nip, number: '3' })));
    expect(at(judged, 'status.code')).toBe(alone);
    expect(registered().map(({ number }) => number)).toEqual(['1', '2', '4']);
    harness.emulator.control.clearFaults();
    expect(await send(['3'])).toBe(200);
  },
);

test('batch-445: every invoice is a duplicate of an own one that can be looked up', async () => {
  await faults().enable('batch-445');
  const { token, reference, status } = await sentBatch(harness, ['1', '2', '3']);
  expect(at(status, 'status.code')).toBe(445);
  const invoices = await invoicesOf(harness, token, reference, 'invoices/failed');
  expect(invoices.map((invoice) => at(invoice, 'status.code'))).toEqual([440, 440, 440]);
  isSpent();
});

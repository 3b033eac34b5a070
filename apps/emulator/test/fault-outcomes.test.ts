/** Walks every catalogued fault that is not of one call alone, and shows that a raw client meets what it says. */
import { expect, test } from 'vitest';
import { answerFaults } from '../src/faults/answer-faults.ts';
import { anyCallFaults } from '../src/faults/any-call-faults.ts';
import { FAULT_CATALOGUE } from '../src/faults/catalogue.ts';
import { guiltyFaults, invoiceFaults, loginFaults, sessionFaults } from '../src/faults/outcome-faults.ts';
import { refusedCallFaults } from '../src/faults/refused-call-faults.ts';
import {
  at,
  beginLogin,
  call,
  closeBatch,
  exceptionCode,
  fa3,
  invoicesOf,
  logIn,
  openBatch,
  openOnline,
  sendBatch,
  sendOnline,
  textAt,
  uploadAll,
} from './support/client.ts';
import { sha256 } from './support/crypto.ts';
import { smallPackage } from './support/fault-stage.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';

const harness = useEmulator();
const faults = () => harness.emulator.control.faults;

async function newSeller(): Promise<{ nip: string; token: string }> {
  const nip = freshNip();
  return { nip, token: (await logIn(harness, nip)).access };
}

async function sentBatch(numbers: readonly string[] = ['1', '2']) {
  const { nip, token } = await newSeller();
  return { nip, token, ...(await sendBatch(harness, token, await smallPackage(harness, nip, numbers))) };
}

async function statusOf(token: string, reference: string): Promise<unknown> {
  return (await call(harness, 'GET', `/sessions/${reference}`, { token })).body;
}

const isSpent = () => expect(faults().armed()).toEqual([]);

test('no name stands for two faults', () => {
  const outcomes = [loginFaults, sessionFaults, invoiceFaults, guiltyFaults];
  const tables = [anyCallFaults, refusedCallFaults, answerFaults, ...outcomes];
  const names = tables.flatMap((table) => Object.keys(table)).concat(Object.keys(systemWalks));
  expect(names.toSorted()).toEqual(Object.keys(FAULT_CATALOGUE).toSorted());
  expect(new Set(names).size).toBe(names.length);
});

/** A login in which the fault has struck: its status, as often as looked. */
async function looks(name: string, times: number): Promise<{ codes: unknown[]; token: string }> {
  await faults().enable(name);
  const nip = freshNip();
  const { referenceNumber, authenticationToken: token } = await beginLogin(harness, nip, `token of ${nip}`);
  const codes: unknown[] = [];
  for (let look = 0; look < times; look += 1) {
    codes.push(at((await call(harness, 'GET', `/auth/${referenceNumber}`, { token })).body, 'status.code'));
  }
  return { codes, token };
}

test.for(Object.entries(loginFaults))('%s', async ([name, { program }]) => {
  if (!('login' in program)) throw new Error(`${name} is no fault of a login`);
  const code = program.login.status?.code ?? 200;
  const waiting = program.login.looks ?? 0;
  const { codes, token } = await looks(name, waiting + 1);
  expect(codes).toEqual([...Array(waiting).fill(100), code]);
  const redeemed = await call(harness, 'POST', '/auth/token/redeem', { token });
  expect(redeemed.status).toBe(code === 200 ? 200 : 400);
  isSpent();
});

async function onlineStatus(): Promise<unknown> {
  const { nip, token } = await newSeller();
  const session = await openOnline(harness, token);
  await sendOnline(harness, token, session, Buffer.from(invoiceXml({ nip, number: '1' })));
  await call(harness, 'POST', `/sessions/online/${session.reference}/close`, { token });
  await harness.emulator.control.idle();
  return statusOf(token, session.reference);
}

const endings = Object.entries(sessionFaults).flatMap(([name, { program }]) =>
  'session' in program && 'end' in program.session ? [{ name, ...program.session }] : [],
);

const onceClosed = ['batchClosed', 'batchJudged', 'onlineClosed'];

test.for(endings.filter(({ when }) => onceClosed.includes(when)))('$name', async ({ name, when, end }) => {
  await faults().enable(name);
  const status = when === 'onlineClosed' ? await onlineStatus() : (await sentBatch()).status;
  expect(at(status, 'status.code')).toBe(end.code);
  expect(at(status, 'upo')).toBeNull();
  isSpent();
});

test('upload-cancels: 201, and the session is cancelled', async () => {
  await faults().enable('upload-cancels');
  const { nip, token } = await newSeller();
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  expect(at(await statusOf(token, batch.reference), 'status.code')).toBe(440);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21180);
  isSpent();
});

test('batch-close-21208: the close is refused, and the session is cancelled', async () => {
  await faults().enable('batch-close-21208');
  const { nip, token } = await newSeller();
  const { parts, request } = await smallPackage(harness, nip);
  const batch = await openBatch(harness, token, request);
  await uploadAll(batch, parts);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21208);
  expect(at(await statusOf(token, batch.reference), 'status.code')).toBe(440);
  expect(exceptionCode(await closeBatch(harness, token, batch.reference))).toBe(21180);
  isSpent();
});

test('batch-500-registered: no receipt, and yet every invoice has its number', async () => {
  await faults().enable('batch-500-registered');
  const { nip, token, reference } = await sentBatch(['1', '2']);
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
    const { nip, token } = await newSeller();
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
  const { token, reference, status } = await sentBatch(['1', '2', '3']);
  expect(at(status, 'status.code')).toBe(445);
  const invoices = await invoicesOf(harness, token, reference, 'invoices/failed');
  expect(invoices.map((invoice) => at(invoice, 'status.code'))).toEqual([440, 440, 440]);
  isSpent();
});

const verdicts = Object.entries(invoiceFaults).flatMap(([name, { program }]) =>
  'invoice' in program && 'verdict' in program.invoice ? [{ name, code: program.invoice.verdict.code }] : [],
);

test.for(verdicts)(
  '$name strikes the invoice chosen, in a batch and interactively',
  async ({ name, code }) => {
    const { nip, token } = await newSeller();
    await faults().enable(name, { nip, invoiceNumbers: ['2'] });
    const content = await smallPackage(harness, nip, ['1', '2', '3']);
    const { reference } = await sendBatch(harness, token, content);
    const invoices = await invoicesOf(harness, token, reference);
    expect(invoices.map((invoice) => at(invoice, 'status.code'))).toEqual([200, code, 200]);
    const isLegible = code !== 430 && code !== 435;
    expect(at(invoices[1], 'invoiceNumber')).toBe(isLegible ? '2' : undefined);

    await faults().enable(name, { nip, invoiceNumbers: ['2'] });
    const session = await openOnline(harness, token);
    const sent = await sendOnline(harness, token, session, Buffer.from(invoiceXml({ nip, number: '2' })));
    expect(at(sent, 'status.code')).toBe(code);
    isSpent();
  },
);

const duplicates = Object.entries(invoiceFaults).flatMap(([name, { program }]) =>
  'invoice' in program && 'duplicate' in program.invoice ? [{ name, ...program.invoice.duplicate }] : [],
);

test.for(duplicates)('$name', async ({ name, original, extensions }) => {
  await faults().enable(name);
  const { nip, token, reference } = await sentBatch(['1']);
  const [invoice] = await invoicesOf(harness, token, reference);
  expect(at(invoice, 'status.code')).toBe(440);
  const [registered] = harness.emulator.control.registry().filter((item) => item.nip === nip);
  const hash = sha256(invoiceXml({ nip, number: '1' }));
  expect(registered?.sha256 === hash).toBe(original === 'own');

  const named = at(invoice, 'status.extensions.originalSessionReferenceNumber');
  const ksefNumber = at(invoice, 'status.extensions.originalKsefNumber');
  if (extensions === 'missing') return expect([named, ksefNumber]).toEqual([undefined, undefined]);
  const isRight = extensions === 'right';
  expect([named === registered?.session, ksefNumber === registered?.ksefNumber]).toEqual([isRight, isRight]);
  const session = await call(harness, 'GET', `/sessions/${String(named)}`, { token });
  expect(session.status).toBe(isRight ? (original === 'own' ? 200 : 403) : 400);
  const download = await call(harness, 'GET', `/invoices/ksef/${String(ksefNumber)}`, { token });
  expect(download.headers.get('x-ms-meta-hash')).toBe(isRight ? registered?.sha256 : null);
  isSpent();
});

test('an own original has its receipt', async () => {
  await faults().enable('duplicate-of-own');
  const { token, reference } = await sentBatch(['1']);
  const [invoice] = await invoicesOf(harness, token, reference);
  const original = textAt(invoice, 'status.extensions.originalSessionReferenceNumber');
  const address = textAt(await statusOf(token, original), 'upo.pages.0.downloadUrl');
  expect(await (await fetch(address)).text()).toContain(
    textAt(invoice, 'status.extensions.originalKsefNumber'),
  );
});

type AnswerWalk = (name: string) => Promise<void>;

const statusLooks =
  (looksWrong: (status: unknown) => boolean, times: number): AnswerWalk =>
  async (name) => {
    const { token, reference } = await sentBatch();
    await faults().enable(name);
    for (let look = 0; look < times; look += 1) {
      expect(looksWrong(await statusOf(token, reference))).toBe(true);
    }
    const status = await statusOf(token, reference);
    expect([at(status, 'status.code'), at(status, 'upo.pages.length')]).toEqual([200, 1]);
  };

const listOf =
  (list: string, ordinals: number[]): AnswerWalk =>
  async (name) => {
    const { nip, token, reference } = await sentBatch(['1', '2', '3']);
    const again = await sendBatch(harness, token, await smallPackage(harness, nip, ['1', '2', '3']));
    const target = list === 'invoices' ? reference : again.reference;
    await faults().enable(name);
    const told = await invoicesOf(harness, token, target, list);
    expect(told.map((invoice) => at(invoice, 'ordinalNumber'))).toEqual(ordinals);
    expect(await invoicesOf(harness, token, target, list)).toHaveLength(3);
  };

const answerWalks: Record<string, AnswerWalk> = {
  'session-stays-150': statusLooks(
    (status) => at(status, 'status.code') === 150 && at(status, 'upo') === null,
    5,
  ),
  'session-upo-late': statusLooks(
    (status) => at(status, 'status.code') === 200 && at(status, 'upo') === null,
    5,
  ),
  'session-unknown-code': statusLooks((status) => at(status, 'status.code') === 165, 1),
  async 'invoice-unknown-code'(name) {
    const { token, reference } = await sentBatch();
    await faults().enable(name);
    const told = await invoicesOf(harness, token, reference);
    expect(told.map((invoice) => at(invoice, 'status.code'))).toEqual([465, 200]);
  },
  'invoice-list-repeats': listOf('invoices', [1, 1, 2, 3]),
  'invoice-list-skips': listOf('invoices', [2, 3]),
  'failed-list-repeats': listOf('invoices/failed', [1, 1, 2, 3]),
  'failed-list-skips': listOf('invoices/failed', [2, 3]),
  async 'upo-wrong-hash'(name) {
    const { status } = await sentBatch();
    await faults().enable(name);
    const address = textAt(status, 'upo.pages.0.downloadUrl');
    for (const isTrue of [false, true]) {
      const response = await fetch(address);
      const hash = response.headers.get('x-ms-meta-hash');
      expect(hash === sha256(await response.text())).toBe(isTrue);
    }
  },
  async 'system-warning'(name) {
    const { token } = await newSeller();
    await faults().enable(name, { times: 2 });
    for (const path of ['/sessions?sessionType=Batch', '/rate-limits']) {
      const { status, headers } = await call(harness, 'GET', path, { token });
      expect([status, headers.get('x-system-warning')]).toEqual([
        200,
        expect.stringMatching(/^\[\d+\]: [ -~]+$/),
      ]);
    }
  },
};

test('every fault of answers has its walk', () => {
  expect(Object.keys(answerWalks).sort()).toEqual(Object.keys(answerFaults).sort());
});

test.for(Object.entries(answerWalks))('%s', async ([name, walk]) => {
  await walk(name);
  isSpent();
});

const systemWalks: Record<string, () => Promise<void>> = {
  async 'keys-rotated'() {
    const { nip, token } = await newSeller();
    const { request } = await smallPackage(harness, nip);
    const before = harness.emulator.control.keys().length;
    await faults().enable('keys-rotated');
    expect(harness.emulator.control.keys()).toHaveLength(before + 2);
    expect((await call(harness, 'POST', '/sessions/batch', { token, body: request })).status).toBe(201);
  },
  async 'keys-withdrawn'() {
    const { nip, token } = await newSeller();
    const { parts, request } = await smallPackage(harness, nip);
    const batch = await openBatch(harness, token, request);
    await uploadAll(batch, parts);
    await faults().enable('keys-withdrawn');
    expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
    expect(at(await statusOf(token, batch.reference), 'status.code')).toBe(415);
    const late = await call(harness, 'POST', '/sessions/batch', { token, body: request });
    expect(exceptionCode(late)).toBe(21470);
  },
  async 'limits-halved'() {
    const { nip, token } = await newSeller();
    const limits = async () =>
      at((await call(harness, 'GET', '/rate-limits', { token })).body, 'batchSession');
    expect(await limits()).toEqual({ perSecond: 10, perMinute: 20, perHour: 60 });
    await faults().enable('limits-halved', { nip });
    expect(await limits()).toEqual({ perSecond: 5, perMinute: 10, perHour: 30 });
    const bodies = Array.from({ length: 11 }, () => ({ formCode: fa3 }));
    const codes: number[] = [];
    for (const body of bodies)
      codes.push((await call(harness, 'POST', '/sessions/batch', { token, body, wrong: true })).status);
    expect(codes).toEqual([...Array(10).fill(400), 429]);
    harness.emulator.control.clearFaults();
    expect(at(await limits(), 'perHour')).toBe(60);
  },
};

test.for(Object.entries(systemWalks))('%s', ([, walk]) => walk());

test('every entry says what it is and where it comes from', () => {
  for (const { title, source } of Object.values(FAULT_CATALOGUE)) {
    expect(title).not.toBe('');
    expect(source).toMatch(/^(seen( client-java)?( #\d+)+|open-api 2\.7\.0|API 2\.[89]\.0|derived)$/);
  }
});

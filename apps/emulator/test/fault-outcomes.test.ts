/** Walks the catalogued faults of logins, invoices, answers and the system: a raw client meets what each entry says. */
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
import { newSeller, sentBatch, statusOf } from './support/sellers.ts';

const harness = useEmulator();
const faults = () => harness.emulator.control.faults;
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

const verdicts = Object.entries(invoiceFaults).flatMap(([name, { program }]) =>
  'invoice' in program && 'verdict' in program.invoice ? [{ name, code: program.invoice.verdict.code }] : [],
);

test.for(verdicts)(
  '$name strikes the invoice chosen, in a batch and interactively',
  async ({ name, code }) => {
    const { nip, token } = await newSeller(harness);
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
  const { nip, token, reference } = await sentBatch(harness, ['1']);
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
  const { token, reference } = await sentBatch(harness, ['1']);
  const [invoice] = await invoicesOf(harness, token, reference);
  const original = textAt(invoice, 'status.extensions.originalSessionReferenceNumber');
  const address = textAt(await statusOf(harness, token, original), 'upo.pages.0.downloadUrl');
  expect(await (await fetch(address)).text()).toContain(
    textAt(invoice, 'status.extensions.originalKsefNumber'),
  );
});

type AnswerWalk = (name: string) => Promise<void>;

const statusLooks =
  (looksWrong: (status: unknown) => boolean, times: number): AnswerWalk =>
  async (name) => {
    const { token, reference } = await sentBatch(harness);
    await faults().enable(name);
    for (let look = 0; look < times; look += 1) {
      expect(looksWrong(await statusOf(harness, token, reference))).toBe(true);
    }
    const status = await statusOf(harness, token, reference);
    expect([at(status, 'status.code'), at(status, 'upo.pages.length')]).toEqual([200, 1]);
  };

const listOf =
  (list: string, ordinals: number[]): AnswerWalk =>
  async (name) => {
    const { nip, token, reference } = await sentBatch(harness, ['1', '2', '3']);
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
    const { token, reference } = await sentBatch(harness);
    await faults().enable(name);
    const told = await invoicesOf(harness, token, reference);
    expect(told.map((invoice) => at(invoice, 'status.code'))).toEqual([465, 200]);
  },
  'invoice-list-repeats': listOf('invoices', [1, 1, 2, 3]),
  'invoice-list-skips': listOf('invoices', [2, 3]),
  'failed-list-repeats': listOf('invoices/failed', [1, 1, 2, 3]),
  'failed-list-skips': listOf('invoices/failed', [2, 3]),
  async 'upo-wrong-hash'(name) {
    const { status } = await sentBatch(harness);
    await faults().enable(name);
    const address = textAt(status, 'upo.pages.0.downloadUrl');
    for (const isTrue of [false, true]) {
      const response = await fetch(address);
      const hash = response.headers.get('x-ms-meta-hash');
      expect(hash === sha256(await response.text())).toBe(isTrue);
    }
  },
  async 'system-warning'(name) {
    const { token } = await newSeller(harness);
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
    const { nip, token } = await newSeller(harness);
    const { request } = await smallPackage(harness, nip);
    const before = harness.emulator.control.keys().length;
    await faults().enable('keys-rotated');
    expect(harness.emulator.control.keys()).toHaveLength(before + 2);
    expect((await call(harness, 'POST', '/sessions/batch', { token, body: request })).status).toBe(201);
  },
  async 'keys-withdrawn'() {
    const { nip, token } = await newSeller(harness);
    const { parts, request } = await smallPackage(harness, nip);
    const batch = await openBatch(harness, token, request);
    await uploadAll(batch, parts);
    await faults().enable('keys-withdrawn');
    expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
    expect(at(await statusOf(harness, token, batch.reference), 'status.code')).toBe(415);
    const late = await call(harness, 'POST', '/sessions/batch', { token, body: request });
    expect(exceptionCode(late)).toBe(21470);
  },
  async 'limits-halved'() {
    const { nip, token } = await newSeller(harness);
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

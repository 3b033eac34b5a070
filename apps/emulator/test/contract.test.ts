import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rateLimits280 } from '../src/index.ts';
import { notEmulated } from '../src/routes/not-emulated.ts';
import { tarGz } from './support/archives.ts';
import {
  type CallOptions,
  call,
  closeBatch,
  encryptionFor,
  listAt,
  logIn,
  openBatch,
  openOnline,
  packageOf,
  type Reply,
  replyOf,
  sendOnline,
  textAt,
  uploadAll,
} from './support/client.ts';
import { freshSessionKey } from './support/crypto.ts';
import { useEmulator } from './support/harness.ts';
import { freshNip, invoiceXml } from './support/invoice.ts';
import { officialFilesMissing } from './support/official-files.ts';
import { freshChallenge, requestXml, selfSignedSeal, signByHand } from './support/xades.ts';

const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');
const refused = notEmulated.map(([method, template]) => `${method} ${template}`);

describe.skipIf(officialFilesMissing)(
  'the contract, operation by operation (needs the official files)',
  () => {
    const harness = useEmulator();
    const nip = freshNip();
    const walked = new Set<string>();

    /** One good call of an operation; the harness holds both sides of it against the specification. */
    async function good(operation: string, values: string[] = [], options: CallOptions = {}): Promise<Reply> {
      const [method = '', template = ''] = operation.split(' ');
      const left = [...values];
      const filled = template.replace(/\{\w+\}/g, () => left.shift() ?? '');
      const answer = await call(harness, method, `${filled}${left[0] ?? ''}`, options);
      expect([operation, answer.status, answer.text]).toEqual([
        operation,
        expect.toSatisfy(isGood),
        answer.text,
      ]);
      walked.add(operation);
      return answer;
    }

    function isGood(status: unknown): boolean {
      return typeof status === 'number' && status >= 200 && status < 300;
    }

    async function signIn(): Promise<string> {
      const document = signByHand(
        requestXml(await freshChallenge(harness), `<Nip>${nip}</Nip>`),
        selfSignedSeal(nip),
      );
      const url = `${harness.emulator.url}/v2/auth/xades-signature`;
      const headers = { 'content-type': 'application/xml' };
      const init = await replyOf(await fetch(url, { method: 'POST', headers, body: document }));
      expect(init.status).toBe(202);
      walked.add('POST /auth/xades-signature').add('POST /auth/challenge');
      const token = textAt(init.body, 'authenticationToken.token');
      await good('GET /auth/{referenceNumber}', [textAt(init.body, 'referenceNumber')], { token });
      const { body } = await good('POST /auth/token/redeem', [], { token });
      await good('POST /auth/token/refresh', [], { token: textAt(body, 'refreshToken.token') });
      return textAt(body, 'accessToken.token');
    }

    async function walkLogins(token: string): Promise<void> {
      const made = await good('POST /tokens', [], {
        token,
        body: { permissions: ['InvoiceWrite', 'InvoiceRead'], description: 'the contract' },
      });
      const reference = textAt(made.body, 'referenceNumber');
      await good('GET /tokens', ['?status=Active&description=contract'], { token });
      await good('GET /tokens/{referenceNumber}', [reference], { token });
      const first = await logIn(harness, nip, textAt(made.body, 'token'));
      const second = await logIn(harness, nip, textAt(made.body, 'token'));
      walked.add('POST /auth/ksef-token');
      await good('GET /auth/sessions', ['?pageSize=10'], { token: first.access });
      await good('DELETE /auth/sessions/{referenceNumber}', [second.loginReference], { token: first.access });
      await good('DELETE /auth/sessions/current', [], { token: first.access });
      await good('DELETE /tokens/{referenceNumber}', [reference], { token });
    }

    async function walkLimits(token: string): Promise<void> {
      await good('GET /security/public-key-certificates');
      for (const operation of ['GET /limits/context', 'GET /limits/subject', 'GET /rate-limits']) {
        await good(operation, [], { token });
      }
      await good('GET /permissions/attachments/status', [], { token });
      const limits = { maxInvoiceSizeInMB: 1, maxInvoiceWithAttachmentSizeInMB: 3, maxInvoices: 100 };
      const session = { onlineSession: limits, batchSession: limits };
      await good('POST /testdata/limits/context/session', [], { token, body: session });
      await good('DELETE /testdata/limits/context/session', [], { token });
      const subject = { certificate: { maxCertificates: 5 } };
      await good('POST /testdata/limits/subject/certificate', [], { token, body: subject });
      await good('DELETE /testdata/limits/subject/certificate', [], { token });
      await good('POST /testdata/rate-limits/production', [], { token });
      await good('POST /testdata/rate-limits', [], {
        token,
        body: { rateLimits: documented(rateLimits280) },
      });
      await good('DELETE /testdata/rate-limits', [], { token });
    }

    /** The groups that open-api 2.7.0 knows. */
    function documented(limits: typeof rateLimits280): Record<string, unknown> {
      const later = new Set(['batchSessionClose', 'onlineSessionClose', 'global', 'anonymous']);
      return Object.fromEntries(Object.entries(limits).filter(([group]) => !later.has(group)));
    }

    async function walkTestdata(): Promise<void> {
      const description = 'the contract';
      const other = freshNip();
      const context = { contextIdentifier: { type: 'Nip', value: other } };
      const authorized = { ...context, authorizedIdentifier: { type: 'Nip', value: nip } };
      const permissions = [{ permissionType: 'InvoiceWrite', description }];
      await good('POST /testdata/permissions', [], { body: { ...authorized, permissions } });
      await good('POST /testdata/permissions/revoke', [], { body: authorized });
      await good('POST /testdata/attachment', [], { body: { nip: other } });
      await good('POST /testdata/attachment/revoke', [], { body: { nip: other } });
      await good('POST /testdata/context/block', [], { body: context });
      await good('POST /testdata/context/unblock', [], { body: context });
      const person = { nip: other, pesel: '02291012345', isBailiff: false, description };
      await good('POST /testdata/person', [], { body: person });
      await good('POST /testdata/person/remove', [], { body: { nip: other } });
      const subject = { subjectNip: other, subjectType: 'VatGroup', description };
      await good('POST /testdata/subject', [], { body: subject });
      await good('POST /testdata/subject/remove', [], { body: { subjectNip: other } });
    }

    async function walkOnline(token: string): Promise<void> {
      const session = await openOnline(harness, token);
      const xml = Buffer.from(invoiceXml({ nip, number: 'online' }));
      const sent = await sendOnline(harness, token, session, xml);
      const { reference } = session;
      await good('POST /sessions/online/{referenceNumber}/close', [reference], { token });
      walked.add('POST /sessions/online').add('POST /sessions/online/{referenceNumber}/invoices');
      const invoice = textAt(sent, 'referenceNumber');
      const ksefNumber = textAt(sent, 'ksefNumber');
      const one = 'GET /sessions/{referenceNumber}/invoices/{invoiceReferenceNumber}';
      await good(one, [reference, invoice], { token });
      await good(`${one}/upo`, [reference, invoice], { token });
      const byNumber = 'GET /sessions/{referenceNumber}/invoices/ksef/{ksefNumber}/upo';
      await good(byNumber, [reference, ksefNumber], { token });
      await good('GET /invoices/ksef/{ksefNumber}', [ksefNumber], { token });
    }

    async function walkBatch(token: string): Promise<void> {
      const archive = await tarGz([{ name: '1.xml', content: invoiceXml({ nip, number: 'batch' }) }]);
      const { parts, request } = packageOf(harness, archive);
      const batch = await openBatch(harness, token, request);
      await uploadAll(batch, parts);
      expect((await closeBatch(harness, token, batch.reference)).status).toBe(204);
      walked.add('POST /sessions/batch').add('POST /sessions/batch/{referenceNumber}/close');
      const status = await good('GET /sessions/{referenceNumber}', [batch.reference], { token });
      const upo = textAt(listAt(status.body, 'upo.pages')[0], 'referenceNumber');
      const page = 'GET /sessions/{referenceNumber}/upo/{upoReferenceNumber}';
      await good(page, [batch.reference, upo], { token });
      await good('GET /sessions', ['?sessionType=Batch'], { token });
      await good('GET /sessions/{referenceNumber}/invoices', [batch.reference], { token });
      await good('GET /sessions/{referenceNumber}/invoices/failed', [batch.reference], { token });
    }

    async function walkFinding(token: string): Promise<void> {
      const dateRange = { dateType: 'Invoicing', from: '2026-03-01T00:00:00Z' };
      const filters = { subjectType: 'Subject1', dateRange };
      await good('POST /invoices/query/metadata', ['?pageSize=10&sortOrder=Desc'], { token, body: filters });
      const body = { encryption: encryptionFor(harness, freshSessionKey()), filters };
      const started = await good('POST /invoices/exports', [], { token, body });
      await harness.emulator.control.idle();
      const reference = textAt(started.body, 'referenceNumber');
      await good('GET /invoices/exports/{referenceNumber}', [reference], { token });
    }

    test('every operation the emulator does goes by the specification, both ways', async () => {
      const token = await signIn();
      await walkLogins(token);
      await walkTestdata();
      await walkOnline(token);
      await walkBatch(token);
      await walkFinding(token);
      await walkLimits(token);
      const all = harness.guard?.coverage().map(({ operation }) => operation) ?? [];
      const emulated = all.filter((operation) => !refused.includes(operation));
      expect([...walked].sort()).toEqual(emulated.sort());
      expect(readme).toContain(`does ${walked.size} of the ${all.length} operations of open-api 2.7.0`);
    });
  },
);

test('the README names every operation that answers 501, and no other', () => {
  const [, list = ''] = /on these it answers 501 and their name:\n\n```\n([^`]*)\n```/.exec(readme) ?? [];
  expect(list.split('\n').sort()).toEqual([...refused].sort());
});

describe('what a refusal says', () => {
  const harness = useEmulator();

  test('each operation that is not emulated answers 501 and its name', async () => {
    for (const operation of refused) {
      const [method = '', template = ''] = operation.split(' ');
      const { status, text } = await call(harness, method, template.replace(/[{}]/g, ''));
      expect([operation, status, text]).toEqual([operation, 501, expect.stringContaining(operation)]);
    }
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { makeZip } from '@wsad/testkit/zip-maker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemSchema } from '../src/schemas/common.ts';
import { goodXml, goodXmls, sellerPath } from './support/invoices.ts';
import { ADMIN, type Answer, startTestApi, type TestApi } from './support/test-api.ts';

const INVOICES = sellerPath('invoices');
const XML = Buffer.from('<Faktura/>');

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ callLimits: { bytesMax: 2_000_000, invoicesMax: 10 } });
});
afterAll(() => api.close());

function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.json?.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(answer.json);
  expect(problem).toMatchObject({ status, type: `/docs/errors#${code}` });
  expect(problem.instance).toBe(answer.headers.get('x-request-id'));
  expect(problem.detail).not.toBe('');
}

const form = (...parts: [Blob | string, string?][]): FormData => {
  const data = new FormData();
  for (const [value, name] of parts) {
    if (typeof value === 'string') data.append('field', value);
    else data.append('file', value, name ?? 'a.xml');
  }
  return data;
};

describe('bodies that cannot be taken', () => {
  it.each<[string, number, string, { body?: string | Buffer<ArrayBuffer> | FormData; type?: string }]>([
    ['no content type', 415, 'UNSUPPORTED_MEDIA_TYPE', { body: Buffer.from('x') }],
    ['an unknown content type', 415, 'UNSUPPORTED_MEDIA_TYPE', { body: 'x', type: 'application/pdf' }],
    ['a content type that is none', 415, 'UNSUPPORTED_MEDIA_TYPE', { body: 'x', type: 'nonsense' }],
    ['no body at all', 415, 'UNSUPPORTED_MEDIA_TYPE', {}],
    ['an empty XML body', 400, 'NO_INVOICES', { body: '', type: 'application/xml' }],
    ['an empty JSON body', 400, 'MALFORMED_BODY', { body: '', type: 'application/json' }],
    ['broken JSON', 400, 'MALFORMED_BODY', { body: '{"invoices":[', type: 'application/json' }],
    [
      'JSON that is nested without end',
      400,
      'MALFORMED_BODY',
      { body: `{"invoices":[{"xml":${'['.repeat(100_000)}`, type: 'application/json' },
    ],
    ['JSON without invoices', 400, 'INVALID_REQUEST', { body: '{}', type: 'application/json' }],
    ['JSON with no invoice', 400, 'NO_INVOICES', { body: '{"invoices":[]}', type: 'application/json' }],
    [
      'JSON with a wrong invoice',
      400,
      'INVALID_REQUEST',
      { body: '{"invoices":[{}]}', type: 'application/json' },
    ],
    [
      'JSON of another encoding',
      400,
      'MALFORMED_BODY',
      { body: Buffer.from('{"invoices":[]}', 'utf16le'), type: 'application/json' },
    ],
    ['an empty ZIP body', 400, 'ARCHIVE_UNREADABLE', { body: '', type: 'application/zip' }],
    ['a ZIP that is none', 400, 'ARCHIVE_UNREADABLE', { body: 'PK', type: 'application/zip' }],
    ['a ZIP without files', 400, 'NO_INVOICES', { body: makeZip([]), type: 'application/zip' }],
    [
      'a ZIP with a traversal',
      400,
      'ARCHIVE_UNSAFE',
      { body: makeZip([{ name: '../../a.xml', data: XML }]), type: 'application/zip' },
    ],
    [
      'a ZIP in a ZIP',
      400,
      'ARCHIVE_UNSAFE',
      { body: makeZip([{ name: 'b.zip', data: makeZip([]) }]), type: 'application/zip' },
    ],
    ['a bomb', 413, 'TOO_LARGE', { body: bomb(), type: 'application/zip' }],
    ['a ZIP with too many files', 413, 'TOO_LARGE', { body: manyFiles(11), type: 'application/zip' }],
    ['a form without boundary', 400, 'MALFORMED_BODY', { body: 'x', type: 'multipart/form-data' }],
    [
      'a form that breaks off',
      400,
      'MALFORMED_BODY',
      {
        body: '--b\r\nContent-Disposition: form-data; name="f"; filename="a.xml"\r\n\r\n<a',
        type: 'multipart/form-data; boundary=b',
      },
    ],
    ['an empty form', 400, 'NO_INVOICES', { body: '--b--\r\n', type: 'multipart/form-data; boundary=b' }],
    ['a form field that is no file', 400, 'INVALID_REQUEST', { body: form(['text']) }],
    ['a form with a bomb', 413, 'TOO_LARGE', { body: form([new Blob([bomb()]), 'a.zip']) }],
    [
      'a form with a traversal in its ZIP',
      400,
      'ARCHIVE_UNSAFE',
      { body: form([new Blob([makeZip([{ name: '../a.xml', data: XML }])]), 'a.zip']) },
    ],
    [
      'a form with too many files',
      413,
      'TOO_LARGE',
      { body: form(...Array.from({ length: 11 }, (): [Blob] => [new Blob([XML])])) },
    ],
    ['a form that is too large', 413, 'TOO_LARGE', { body: form([new Blob([Buffer.alloc(2_100_000)])]) }],
    [
      'a body that is too large',
      413,
      'TOO_LARGE',
      { body: Buffer.alloc(2_000_001), type: 'application/xml' },
    ],
    [
      'too many invoices',
      413,
      'TOO_LARGE',
      { body: JSON.stringify({ invoices: goodXmls(11).map((xml) => ({ xml })) }), type: 'application/json' },
    ],
  ])('refuses %s', async (_what, status, code, { body, type }) => {
    const answer = await api.call('POST', INVOICES, { body, ...(type === undefined ? {} : { type }) });
    expectProblem(answer, status, code);
  });

  it('refuses an encoded body', async () => {
    const answer = await api.call('POST', INVOICES, {
      body: Buffer.from(deflateRawSync(XML)),
      type: 'application/xml',
      headers: { 'content-encoding': 'deflate' },
    });
    expectProblem(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each(['application/xml', 'application/json', 'application/zip', 'multipart/form-data; boundary=b'])(
    'counts a body of unknown length (%s)',
    async (type) => {
      const answer = await api.call('POST', INVOICES, { body: endless(type, 3_000_000), type });
      expectProblem(answer, 413, 'TOO_LARGE');
    },
  );

  it('answers before a declared giant is sent', async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${INVOICES} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ADMIN}\r\nContent-Type: application/zip\r\nContent-Length: 300000000000\r\n\r\n`,
    );
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it('survives a sender that vanishes in the middle', async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${INVOICES} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ADMIN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"invoices":[`,
      () => socket.destroy(),
    );
    await once(socket, 'close');
    expect((await api.call('GET', '/healthz')).status).toBe(200);
  });

  it('answers the next call on the same connection after a refusal', async () => {
    for (let round = 0; round < 3; round += 1) {
      const refused = await api.call('POST', INVOICES, {
        body: Buffer.alloc(2_000_001),
        type: 'application/xml',
      });
      expect(refused.status).toBe(413);
      const taken = await api.call('POST', INVOICES, { body: goodXml(), type: 'application/xml' });
      expect(taken.status).toBe(202);
    }
  });
});

describe('requests that cannot be understood', () => {
  it.each<[string, string, string, number, string]>([
    ['an unknown address', 'GET', '/v1/nothing', 404, 'NOT_FOUND'],
    ['an unknown root', 'GET', '/nothing', 404, 'NOT_FOUND'],
    ['a broken address', 'GET', '/v1/invoices/%E0%A4%A', 404, 'NOT_FOUND'],
    ['a wrong method', 'DELETE', INVOICES, 405, 'METHOD_NOT_ALLOWED'],
    ['a wrong method at the root', 'POST', '/healthz', 405, 'METHOD_NOT_ALLOWED'],
    ['a NIP that is none', 'POST', sellerPath('invoices', '123'), 400, 'INVALID_NIP'],
    ['a NIP with dashes', 'GET', sellerPath('status', '526-587-76-35'), 400, 'INVALID_NIP'],
    ['a wrong query', 'POST', `${INVOICES}?offline=perhaps`, 400, 'INVALID_REQUEST'],
    ['a state that is none', 'GET', '/v1/invoices?state=lost', 400, 'INVALID_REQUEST'],
    ['a page without end', 'GET', '/v1/invoices?limit=100000', 400, 'INVALID_REQUEST'],
    ['a foreign cursor', 'GET', '/v1/invoices?cursor=abc', 400, 'INVALID_REQUEST'],
    ['a NIP that is none in the query', 'GET', '/v1/invoices?nip=1', 400, 'INVALID_NIP'],
    ['an invoice that is not there', 'GET', '/v1/invoices/1', 404, 'NOT_FOUND'],
    [
      'a submission that is not there',
      'GET',
      '/v1/submissions/00000000-0000-7000-8000-000000000000',
      404,
      'NOT_FOUND',
    ],
    ['a session that is not there', 'GET', '/v1/sessions/x', 404, 'NOT_FOUND'],
    ['a key that is not there', 'DELETE', '/v1/keys/x', 404, 'NOT_FOUND'],
    ['a seller that is not there', 'GET', sellerPath('status', '9999999999'), 404, 'UNKNOWN_SELLER'],
  ])('answers %s', async (_what, method, path, status, code) => {
    expectProblem(await api.call(method, path), status, code);
  });

  it('refuses an Idempotency-Key that is none', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(256) };
    const answer = await api.call('POST', INVOICES, { body: goodXml(), type: 'text/xml', headers });
    expectProblem(answer, 400, 'INVALID_REQUEST');
    expect(answer.json.errors[0].path).toContain('idempotency-key');
  });

  it('names the methods of an address', async () => {
    const answer = await api.call('PATCH', INVOICES);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('ignores queries it does not know', async () => {
    expect((await api.call('GET', '/v1/invoices?colour=red')).status).toBe(200);
  });

  it.each([
    ['broken JSON', '{', 'application/json', 400, 'MALFORMED_BODY'],
    ['another type', '<a/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['too much', `"${'x'.repeat(1_100_000)}"`, 'application/json', 413, 'TOO_LARGE'],
  ])('refuses %s where JSON is due', async (_what, body, type, status, code) => {
    expectProblem(await api.call('POST', '/v1/keys', { body, type }), Number(status), String(code));
  });
});

describe('what is no HTTP', () => {
  it('answers nonsense and stays up', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write('nonsense\r\n\r\n');
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json.*"code":"INVALID_REQUEST"/s);
    expect((await api.call('GET', '/healthz')).status).toBe(200);
  });
});

function bomb(): Buffer<ArrayBuffer> {
  return makeZip([{ name: 'a.xml', data: Buffer.alloc(3_000_000), claimedBytes: 100 }]);
}

function manyFiles(count: number): Buffer<ArrayBuffer> {
  return makeZip(Array.from({ length: count }, (_, index) => ({ name: `${index}.xml`, data: XML })));
}

/** A body sent in chunks, without its length. */
function endless(type: string, bytes: number): ReadableStream {
  const begin = type.startsWith('multipart')
    ? '--b\r\nContent-Disposition: form-data; name="f"; filename="a.xml"\r\n\r\n'
    : type.endsWith('json')
      ? '{"invoices":[{"xml":"'
      : '<a>';
  let sent = 0;
  return new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(begin)),
    pull(controller) {
      sent += 50_000;
      controller.enqueue(Buffer.alloc(50_000, 'a'));
      if (sent >= bytes) controller.close();
    },
  });
}

import { constants, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { testCertificate } from '@wsad/testkit';
import { decode } from 'fast-png';
import jsQr from 'jsqr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodXml, sellerPath } from './support/invoices.ts';
import { NIP, startTestApi, type TestApi } from './support/test-api.ts';

let api: TestApi;
beforeAll(async () => {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  api = await startTestApi();
});
afterAll(() => api.close());

/** The picture as a decoder that is not ours reads it. */
function read(png: Uint8Array): string | undefined {
  const { width, height, data, channels } = decode(png);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel += 1)
    for (let channel = 0; channel < 3; channel += 1)
      rgba[pixel * 4 + channel] = data[pixel * channels + (channels < 3 ? 0 : channel)] ?? 255;
  return jsQr.default(rgba, width, height)?.data;
}

async function invoiceOf(query = ''): Promise<string> {
  const answer = await api.call('POST', sellerPath(`invoices${query}`), {
    body: goodXml(),
    type: 'application/xml',
  });
  return answer.json.invoices[0].id;
}

async function png(id: string, query = ''): Promise<Uint8Array> {
  const headers = { authorization: `Bearer ${await api.key('read', [NIP])}` };
  const answer = await fetch(`${api.url}/v1/invoices/${id}/qr?format=png${query}`, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
  return new Uint8Array(await answer.arrayBuffer());
}

const invoice = async (id: string) => (await api.call('GET', `/v1/invoices/${id}`)).json;
const svg = (id: string, query = '') => api.call('GET', `/v1/invoices/${id}/qr${query}`);

async function putOffline(key: 'rsa' | 'ec', validTo?: Date) {
  const made = await testCertificate({
    key,
    usage: 'offline',
    ...(validTo === undefined ? {} : { validTo }),
  });
  const json = { type: 'certificate', ...made };
  expect((await api.call('PUT', sellerPath('offline-certificate'), { json })).status).toBe(204);
  return new X509Certificate(made.certificatePem);
}

describe('KOD I', () => {
  it('is the verification link, as PNG and as SVG of any size', async () => {
    const id = await invoiceOf();
    const { verificationUrl } = await invoice(id);
    expect(read(await png(id))).toBe(verificationUrl);
    expect(read(await png(id, '&size=240'))).toBe(verificationUrl);
    const drawn = await svg(id, '?size=500');
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml');
    expect(read(new Resvg(drawn.text).render().asPng())).toBe(verificationUrl);
    expect(drawn.text).toMatch(/^<svg [^>]*width="500" /);
  });

  it('says OFFLINE under it until there is a KSeF number, then the number', async () => {
    const id = await invoiceOf();
    expect((await svg(id)).text).toContain('>OFFLINE</text>');
    const before = decode(await png(id));
    const ksefNumber = '5265877635-20261020-010040741B3E-46';
    await api.ledger.pool.query(
      `UPDATE invoices SET state = 'cleared', ksef_number = $2, settled_at = now(), hold_cause = NULL, hold_detail = NULL,
         held_at = NULL WHERE id = $1`,
      [id, ksefNumber],
    );
    expect((await svg(id)).text).toContain(`>${ksefNumber}</text>`);
    const after = decode(await png(id));
    expect([before.width, after.width, before.height]).toEqual([300, 300, 322]);
    expect(after.data).not.toEqual(before.data);
    expect((await invoice(id)).certificateVerificationUrl).toBeNull();
  });

  it('is not there for one whom the invoice is not for, nor of an odd size', async () => {
    const id = await invoiceOf();
    const key = await api.key('read', ['1234563218']);
    expect((await api.call('GET', `/v1/invoices/${id}/qr`, { key })).status).toBe(404);
    expect((await svg(id, '?size=100')).json.code).toBe('INVALID_REQUEST');
  });
});

describe('KOD II', () => {
  it.each(['rsa', 'ec'] as const)('is signed by the Offline certificate of the seller (%s)', async (key) => {
    const certificate = await putOffline(key);
    const id = await invoiceOf('?offline=true');
    const { certificateVerificationUrl: url, sha256 } = await invoice(id);
    const hash = Buffer.from(sha256, 'base64').toString('base64url');
    const [, signed = '', signature = ''] = /^https:\/\/(.*)\/([^/]+)$/.exec(url) ?? [];
    expect(signed).toBe(
      `qr-test.ksef.mf.gov.pl/certificate/Nip/${NIP}/${NIP}/${certificate.serialNumber}/${hash}`,
    );
    expectSignature(certificate, signed, signature);
    const picture = read(await png(id, '&code=2&size=600')) ?? '';
    expect(picture.startsWith(`https://${signed}/`)).toBe(true);
    expectSignature(certificate, signed, picture.slice(`https://${signed}/`.length));
    expect((await svg(id, '?code=2')).text).toContain('>CERTYFIKAT</text>');
  });

  it('is not there for online invoices, nor without a valid certificate', async () => {
    const online = await svg(await invoiceOf(), '?code=2');
    expect([online.status, online.json.code]).toEqual([409, 'QR_NOT_AVAILABLE']);
    const id = await invoiceOf('?offline=true');
    await putOffline('ec', new Date('2026-10-21T00:00:00Z'));
    expect((await svg(id, '?code=2')).status).toBe(200);
    api.setNow(new Date('2026-10-21T00:00:00Z'));
    expect((await svg(id, '?code=2')).json.code).toBe('QR_NOT_AVAILABLE');
    expect((await invoice(id)).certificateVerificationUrl).toBeNull();
    await api.call('DELETE', sellerPath('offline-certificate'));
    expect((await svg(id, '?code=2')).json.code).toBe('QR_NOT_AVAILABLE');
  });
});

function expectSignature({ publicKey }: X509Certificate, signed: string, signature: string): void {
  const scheme =
    publicKey.asymmetricKeyType === 'rsa'
      ? { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  expect(verify('sha256', Buffer.from(signed), scheme, Buffer.from(signature, 'base64url'))).toBe(true);
}

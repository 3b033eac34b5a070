import { describe, expect, it } from 'vitest';
import { ACCESS_TOKEN, BATCH_REQUEST, happyKsef, INVOICE, ONLINE, SESSION } from './support/happy-ksef.ts';
import type { Reply } from './support/scripted-server.ts';
import { exceptionReply, faultOf, jsonOf, NIP, NOW, startWorld, testKeys } from './support/world.ts';

const OPEN = 'POST /sessions/batch';
const SEND = `POST /sessions/online/${ONLINE}/invoices`;

function openedReply(...ordinals: number[]): Reply {
  const partUploadRequests = ordinals.map((ordinalNumber) => ({
    ordinalNumber,
    method: 'PUT',
    url: `https://storage.example.com/part/${ordinalNumber}?sig=abc`,
    headers: { 'x-ms-blob-type': 'BlockBlob', 'x-not-given': null },
  }));
  return { status: 201, json: { referenceNumber: SESSION, partUploadRequests } };
}

const partsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...BATCH_REQUEST.parts[0], ordinal: index + 1 }));

describe('opening a batch session', () => {
  it('tells form, package, parts and key', async () => {
    const { client, server } = await startWorld(happyKsef());
    await client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST);
    const { symmetric } = testKeys();
    const { encryption, ...sent } = jsonOf(server.seen[1]);
    expect(sent).toEqual({
      formCode: { systemCode: 'FA (3)', schemaVersion: '1-0E', value: 'FA' },
      batchFile: {
        fileSize: 16_037,
        fileHash: BATCH_REQUEST.package.sha256,
        compressionType: 'TarGz',
        fileParts: [{ ordinalNumber: 1, fileSize: 16_048, fileHash: BATCH_REQUEST.parts[0].sha256 }],
      },
      offlineMode: false,
    });
    expect(encryption).toMatchObject({
      initializationVector: BATCH_REQUEST.iv.toString('base64'),
      publicKeyId: symmetric.publicKeyId,
    });
    const { encryptedSymmetricKey } = Object(encryption);
    expect(await symmetric.decrypt(encryptedSymmetricKey)).toEqual(BATCH_REQUEST.key);
  });

  it('answers where the parts go, in order, and until when', async () => {
    const { client } = await startWorld(happyKsef({ [OPEN]: openedReply(3, 1, 2) }));
    const opened = await client.openBatch(NIP, ACCESS_TOKEN, { ...BATCH_REQUEST, parts: partsOf(3) });
    expect(opened.reference).toBe(SESSION);
    expect(opened.usableUntil).toEqual(new Date(NOW.getTime() + 3 * 20 * 60_000));
    expect(opened.uploads.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
    expect(opened.uploads[0]).toEqual({
      ordinal: 1,
      method: 'PUT',
      url: 'https://storage.example.com/part/1?sig=abc',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
    });
  });

  it('tells offline mode and Zip', async () => {
    const { client, server } = await startWorld(happyKsef());
    const zip = { ...BATCH_REQUEST.package, compression: 'Zip' } as const;
    await client.openBatch(NIP, ACCESS_TOKEN, {
      ...BATCH_REQUEST,
      mode: 'offline',
      form: 'FA (2)',
      package: zip,
    });
    expect(jsonOf(server.seen[1])).toMatchObject({
      formCode: { systemCode: 'FA (2)' },
      batchFile: { compressionType: 'Zip' },
      offlineMode: true,
    });
  });

  it.each([
    ['too few', [1]],
    ['too many', [1, 2, 3]],
    ['others', [1, 3]],
    ['the same twice', [1, 1]],
  ])('is a fault where the addresses are %s', async (_name, ordinals) => {
    const { client } = await startWorld(happyKsef({ [OPEN]: openedReply(...ordinals) }));
    const fault = await faultOf(client.openBatch(NIP, ACCESS_TOKEN, { ...BATCH_REQUEST, parts: partsOf(2) }));
    expect(fault.treatment).toBe('retry');
    expect(fault.fault.mayHaveWorked).toBe(false);
  });

  it.each([{ status: 500 }, { mishap: 'cut' }] as Reply[])(
    'is simply tried again when its answer is lost: %o',
    async (reply) => {
      const { client } = await startWorld(happyKsef({ [OPEN]: reply }));
      const fault = await faultOf(client.openBatch(NIP, ACCESS_TOKEN, BATCH_REQUEST));
      expect(fault).toMatchObject({ treatment: 'retry', fault: { mayHaveWorked: false } });
    },
  );
});

describe('an interactive session', () => {
  it('is opened with a key and told until when it is good', async () => {
    const { client, server } = await startWorld(happyKsef());
    const request = { form: 'FA (3)', key: BATCH_REQUEST.key, iv: BATCH_REQUEST.iv } as const;
    await expect(client.openOnline(NIP, ACCESS_TOKEN, request)).resolves.toEqual({
      reference: ONLINE,
      usableUntil: new Date('2026-09-01T22:00:00.015Z'),
    });
    expect(jsonOf(server.seen[1])).toMatchObject({
      formCode: { systemCode: 'FA (3)', schemaVersion: '1-0E', value: 'FA' },
      encryption: { initializationVector: BATCH_REQUEST.iv.toString('base64') },
    });
  });

  it('takes invoices', async () => {
    const { client, server } = await startWorld(happyKsef());
    await expect(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE)).resolves.toEqual({
      reference: '20260901-EE-319D7EE000-B67F415CDC-2C',
    });
    expect(jsonOf(server.seen[0])).toEqual({
      invoiceHash: INVOICE.sha256,
      invoiceSize: 6480,
      encryptedInvoiceHash: INVOICE.encryptedSha256,
      encryptedInvoiceSize: 6496,
      encryptedInvoiceContent: INVOICE.encrypted.toString('base64'),
      offlineMode: false,
    });
  });

  it.each([
    ['500', { status: 500 }],
    ['a lost answer', { mishap: 'cut' }],
    ['an answer without a reference', { status: 202, json: {} }],
    ['an answer cut off', { status: 202, body: '{"refe' }],
  ] as [string, Reply][])('may have taken an invoice that ends in %s', async (_name, reply) => {
    const { client } = await startWorld(happyKsef({ [SEND]: reply }));
    const fault = await faultOf(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE));
    expect(fault).toMatchObject({ treatment: 'ask-session', fault: { mayHaveWorked: true } });
  });

  it.each([
    [21155, 'new-session'],
    [21180, 'new-session'],
    [21184, 'new-session'],
    [21402, 'stop'],
    [21405, 'stop'],
  ])('has not taken an invoice that it refuses with %i', async (code, treatment) => {
    const { client } = await startWorld(happyKsef({ [SEND]: exceptionReply(code) }));
    const fault = await faultOf(client.sendInvoice(NIP, ACCESS_TOKEN, ONLINE, INVOICE));
    expect(fault).toMatchObject({ treatment, fault: { mayHaveWorked: false, code } });
  });
});

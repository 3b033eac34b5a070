import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { transferAddress } from '../src/addresses.ts';
import type { Reply } from './support/scripted-server.ts';
import { faultOf, startWorld, type World } from './support/world.ts';

const BYTES = Buffer.alloc(3_000_000, 'part');
const part = { sizeBytes: BYTES.length, open: () => Readable.from(chunks()) };

function* chunks(): Generator<Buffer> {
  for (let at = 0; at < BYTES.length; at += 65_536) yield BYTES.subarray(at, at + 65_536);
}

function uploadTo({ server }: World) {
  const url = `${server.origin}/storage/part/1?sv=2025&sig=8mKZ%2Fn7w%3D`;
  return { method: 'PUT', url, headers: { 'x-ms-blob-type': 'BlockBlob', 'x-told': 'so' } };
}

describe('uploading a part', () => {
  it('goes exactly as told, with a length and without a token', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    await world.client.uploadPart(uploadTo(world), part);
    const [seen] = world.server.seen;
    expect(seen?.method).toBe('PUT');
    expect(seen?.path).toBe('/storage/part/1?sv=2025&sig=8mKZ%2Fn7w%3D');
    const { host, connection, ...headers } = seen?.headers ?? {};
    expect(headers).toEqual({ 'x-ms-blob-type': 'BlockBlob', 'x-told': 'so', 'content-length': '3000000' });
    expect(seen?.body.equals(BYTES)).toBe(true);
  });

  it('tells the length once, whatever the given headers say', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    const headers = { 'Content-Length': '7', 'X-Ms-Blob-Type': 'BlockBlob' };
    await world.client.uploadPart({ ...uploadTo(world), headers }, part);
    expect(world.server.seen[0]?.headers['content-length']).toBe('3000000');
  });

  it('survives a part that breaks after the request has failed', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    const headers = { 'transfer-encoding': 'chunked' };
    const open = () => createReadStream('/no/such/part');
    const call = world.client.uploadPart({ ...uploadTo(world), headers }, { sizeBytes: 1, open });
    expect(await faultOf(call)).toMatchObject({ fault: { status: null } });
    expect(world.server.seen).toEqual([]);
  });

  it('whose own file cannot be read is a matter of the disk, not of the storage', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    const eio = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    const open = () =>
      new Readable({
        read() {
          this.destroy(eio);
        },
      });
    await expect(world.client.uploadPart(uploadTo(world), { sizeBytes: 1, open })).rejects.toBe(eio);
  });

  it('takes no place in any window, and is told as an event', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    await world.client.uploadPart(uploadTo(world), part);
    expect(world.pacer.taken).toEqual([]);
    expect(world.events).toEqual([
      { type: 'ksef.called', operation: 'uploadPart', nip: null, status: 201, durationMs: 0 },
    ]);
  });

  it.each([
    ['a page with 200', { status: 200, body: '<html>' }, 'retry'],
    ['202', { status: 202 }, 'retry'],
    ['bad data', { status: 400 }, 'retry'],
    ['no authentication', { status: 401 }, 'new-session'],
    ['an address run out', { status: 403 }, 'new-session'],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example' } }, 'retry'],
    ['500', { status: 500 }, 'retry'],
    ['a cut connection', { mishap: 'cut' }, 'retry'],
  ] as [string, Reply, string][])('fails with %s', async (_name, reply, treatment) => {
    const world = await startWorld(() => reply);
    const fault = await faultOf(world.client.uploadPart(uploadTo(world), part));
    expect(fault.treatment).toBe(treatment);
    expect(fault.fault).toMatchObject({ operation: 'uploadPart', mayHaveWorked: false });
  });

  it('names the error of storage without its words', async () => {
    const reply = {
      status: 403,
      headers: { 'x-ms-error-code': 'AuthenticationFailed', 'content-type': 'application/xml' },
      body: '<Error><AuthenticationErrorDetail>Signature did not match 8mKZ</AuthenticationErrorDetail></Error>',
    };
    const world = await startWorld(() => reply);
    const fault = await faultOf(world.client.uploadPart(uploadTo(world), part));
    expect(fault.fault.description).toBe('answered with application/xml (AuthenticationFailed)');
  });

  it('fails where the part has another size than promised', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    const fault = await faultOf(world.client.uploadPart(uploadTo(world), { ...part, sizeBytes: 2_000_000 }));
    expect(fault.treatment).toBe('retry');
  });

  it('fails where the part cannot be read, and lets go of what it opened', async () => {
    const world = await startWorld(() => ({ status: 201 }));
    const missing = { sizeBytes: 10, open: () => createReadStream('/no/such/part') };
    expect((await faultOf(world.client.uploadPart(uploadTo(world), missing))).message).toContain('ENOENT');
    const opened = Readable.from(chunks());
    world.server.script = () => ({ mishap: 'cut' });
    await faultOf(world.client.uploadPart(uploadTo(world), { ...part, open: () => opened }));
    expect(opened.destroyed).toBe(true);
  });

  it('ends when the caller gives up', async () => {
    const world = await startWorld(() => ({ mishap: 'silence' }));
    const leaving = new AbortController();
    const endless = new Readable({ read: () => leaving.abort() });
    const call = world.client.uploadPart(
      uploadTo(world),
      { sizeBytes: 10, open: () => endless },
      leaving.signal,
    );
    expect((await faultOf(call)).fault.description).toBe('given up by wsad itself');
  });
});

describe('an address for a transfer', () => {
  const refused = (address: string, baseIsLoopback = false) => {
    expect(() => transferAddress('uploadPart', address, baseIsLoopback)).toThrow(/refused/);
  };

  it.each([
    'http://storage.example.com/part',
    'https://127.0.0.1/part',
    'https://localhost/part',
    'https://10.1.2.3/part',
    'https://172.20.0.1/part',
    'https://192.168.1.1/part',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/part',
    'https://0.0.0.0/part',
    'https://2130706433/part',
    'https://0x7f.1/part',
    'https://[::1]/part',
    'https://[fd00::1]/part',
    'https://[::ffff:10.0.0.1]/part',
    'https://redis/part',
    'https://metadata.google.internal/part',
    'https://ksef.localhost/part',
    'https://user:word@storage.example.com/part',
    'ftp://storage.example.com/part',
    'file:///etc/passwd',
    'no address',
  ])('is refused: %s', (address) => refused(address));

  it.each([
    'https://ksefstorage.blob.core.windows.net/part?sig=x',
    'https://upo.ksef.mf.gov.pl/a',
    'https://8.8.8.8/a',
  ])('is taken: %s', (address) => {
    expect(transferAddress('uploadPart', address, false).href).toBe(address);
  });

  it('may be plain http on loopback where KSeF itself is there', () => {
    expect(transferAddress('uploadPart', 'http://127.0.0.1:8088/part', true).port).toBe('8088');
    refused('http://127.0.0.1:8088/part', false);
    refused('http://storage.example.com/part', true);
    refused('http://10.0.0.1/part', true);
  });

  it('is refused before anything is opened or sent, and its query is not told', async () => {
    const { client, events } = await startWorld(() => ({ status: 201 }));
    const upload = { method: 'PUT', url: 'http://10.0.0.1/part?sig=secret-signature', headers: {} };
    const open = () => {
      throw new Error('was opened');
    };
    const fault = await faultOf(client.uploadPart(upload, { sizeBytes: 1, open }));
    expect(fault.treatment).toBe('stop');
    expect(JSON.stringify([fault.message, fault.fault, events])).not.toContain('secret-signature');
  });
});

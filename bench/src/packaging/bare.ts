/** The primitives that a package cannot do without, one after another: hash each, compress, hash, encrypt, hash. */
import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { type Compression, DEFAULT_LEVEL } from '@wsad/archive';

/** Room for the output of a few dozen megabytes: in small pieces gzip would be slower. */
const OUTPUT_CHUNK_BYTES = 1 << 20;

const compress: Record<Compression, (invoices: readonly Uint8Array[]) => Buffer> = {
  TarGz: (invoices) =>
    gzipSync(Buffer.concat(invoices), { level: DEFAULT_LEVEL, chunkSize: OUTPUT_CHUNK_BYTES }),
  Zip: (invoices) => Buffer.concat(invoices.map((bytes) => deflateRawSync(bytes, { level: DEFAULT_LEVEL }))),
};

export function bare(invoices: readonly Uint8Array[], compression: Compression): void {
  for (const bytes of invoices) hash('sha256', bytes, 'base64');
  const archive = compress[compression](invoices);
  hash('sha256', archive, 'base64');
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16));
  hash('sha256', Buffer.concat([cipher.update(archive), cipher.final()]), 'base64');
}

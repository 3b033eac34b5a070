/** As `ksef-client-ts` packages: the archive in memory, then split, encrypted and hashed. */
import { createCipheriv, randomBytes } from 'node:crypto';
import type { Compression } from '@wsad/archive';
import { BatchFileBuilder, createTarGz, createZip } from 'ksef-client-ts';

const archivers = { TarGz: createTarGz, Zip: createZip };

export async function peerPackage(
  entries: readonly { name: string; bytes: Buffer }[],
  compression: Compression,
): Promise<void> {
  const files = entries.map(({ name, bytes }) => ({ fileName: name, content: bytes }));
  const packed = await archivers[compression](files);
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  BatchFileBuilder.build(packed, (part) => {
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return Buffer.concat([cipher.update(part), cipher.final()]);
  });
}

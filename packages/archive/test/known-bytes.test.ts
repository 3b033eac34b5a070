import { gunzipSync } from 'node:zlib';
import { createDeflater } from '@wsad/deflate';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/index.ts';
import { decryptedArchive, entryOf, invoices, noisyEntries, packageKey, workFolder } from './support.ts';

/**
 * A session that is open was announced with the hashes of its package: whoever takes it over must build these very
 * bytes, or give it up and send its invoices in another. A change of these figures belongs into docs/upgrading.md.
 */
const KNOWN = {
  TarGz: {
    partBytesMax: 25_000,
    sizeBytes: 58_725,
    sha256: '0KAvlDewLBPN+Gix/RJJHCbSWhHZnvNn1DHwjMYo6YQ=',
    parts: [
      'NtGaaQddGILlRuItNrvpZgNgjMgcrYaQmtEB0MGiVmA=',
      'aQ8+6RI5n2yJRMWYoO5+0ZtUvoozuMw8GZg3RFzWiXQ=',
      'UcHVi9IXWEL+bitRlr8yFVtITdmiqm8lpF3wxeLKfaA=',
    ],
  },
  Zip: {
    partBytesMax: 1_500_000,
    sizeBytes: 3_535_463,
    sha256: 'HYxo3+05QXQEy89hexwnqYz1ULWRpUwRAmPA2Oe1wdo=',
    parts: [
      '+aHexrn+bvd8gCQxtaxbOfcbIibS8t891oYd0AV4pjs=',
      'nKWpNNXAzr0I3nu7aBjVYZo58Zxl/LW3s7itXIe287o=',
      'WQhx35vbaK0up4ov64d9Gm5l3PL4N/+bPOVQZxaCk84=',
    ],
  },
};

const BLOCK_BYTES = 512 * 1024;

describe('the bytes of a package', () => {
  const folder = workFolder();

  it.each(['TarGz', 'Zip'] as const)(
    'are those that this version is known for, as %s',
    async (compression) => {
      const { partBytesMax, ...known } = KNOWN[compression];
      const input = { entries: alike(), compression, directory: folder.path, ...packageKey };
      const { sizeBytes, sha256, parts } = await buildPackage({ ...input, partBytesMax });
      expect({ sizeBytes, sha256, parts: parts.map((part) => part.sha256) }).toEqual(known);
    },
  );

  it('are the same whatever was made before', async () => {
    const input = { compression: 'TarGz', directory: folder.path, ...packageKey } as const;
    const first = await buildPackage({ ...input, entries: alike() });
    await buildPackage({ ...input, entries: noisyEntries(3, 700_000) });
    const second = await buildPackage({ ...input, entries: alike() });
    expect(second.sha256).toBe(first.sha256);
  });

  it('are a TarGz cut each 512 KiB of the tar before it is deflated', async () => {
    const input = { compression: 'TarGz', directory: folder.path, ...packageKey } as const;
    const archive = await decryptedArchive(await buildPackage({ ...input, entries: alike() }));
    expect(archive.subarray(10, -10).equals(deflatedInBlocks(gunzipSync(archive)))).toBe(true);
  });
});

/** Among them names that take a pax record, and invoices that end on a border or reach over more than one. */
function alike() {
  return [
    ...invoices(700).map(({ name, bytes }) => entryOf(name, bytes, 0)),
    entryOf(`${'ż'.repeat(100)}.xml`, counted(600_000), 0),
    entryOf(`${'z'.repeat(124)}.xml`, counted(1_200_000), 0),
    entryOf('to-the-border.xml', counted(2 * BLOCK_BYTES - 512), 0),
    entryOf('small.xml', counted(1), 0),
  ];
}

function counted(sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, (_, index) => ((index * index) >>> 7) % 256));
}

function deflatedInBlocks(tar: Buffer): Buffer {
  const deflater = createDeflater();
  deflater.room(tar.length).set(tar);
  for (let at = 0; at < tar.length; at += BLOCK_BYTES) {
    deflater.deflate(at, Math.min(at + BLOCK_BYTES, tar.length), false);
  }
  return Buffer.from(deflater.deflated());
}

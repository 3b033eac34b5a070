import { constants, deflateRawSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/index.ts';
import { decryptedArchive, entryOf, invoices, packageKey, workFolder } from './support.ts';

/**
 * A session that is open was announced with the hashes of its package: whichever version takes it over, however long
 * it runs, must build these very bytes. A change of these figures is a new package format (docs/upgrading.md).
 * Nothing is compressed where a hash is known, for what zlib makes of the same bytes is not the same everywhere.
 */
const KNOWN = {
  TarGz: {
    sizeBytes: 3_993_488,
    sha256: 'eIeimR/p+1TlFKrtka7sO1YlRCPoAu+fvlg0C6ziub0=',
    parts: [
      'pChE4/5n3Ncb/Vo5MghyALHFdNRdYQ5XCfaooQj4ycw=',
      'tyZ+iS77S79HCKLa9JUoPhwTajAnDrmYysP3QN1Kd80=',
      'fg3EHdSTHZRLCnGbvUHU56f5zKE9wVJtiqZ5jnSBrGA=',
    ],
  },
  Zip: {
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
const WINDOW_BYTES = 32 * 1024;

describe('the bytes of a package', () => {
  const folder = workFolder();

  it.each(['TarGz', 'Zip'] as const)('are those of every version before, as %s', async (compression) => {
    const input = { entries: alike(), compression, directory: folder.path, ...packageKey };
    const built = await buildPackage({ ...input, level: 0, partBytesMax: 1_500_000 });
    const { sizeBytes, sha256, parts } = built;
    expect({ sizeBytes, sha256, parts: parts.map((part) => part.sha256) }).toEqual(KNOWN[compression]);
  });

  it.each([1, 4, 9])(
    'are a TarGz cut each 512 KiB of the tar before it is deflated at level %d',
    async (level) => {
      const input = {
        entries: alike(),
        compression: 'TarGz',
        directory: folder.path,
        ...packageKey,
      } as const;
      const archive = await decryptedArchive(await buildPackage({ ...input, level }));
      const deflated = deflatedInBlocks(gunzipSync(archive), level);
      expect(archive.subarray(10, -10).equals(deflated)).toBe(true);
    },
  );
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

function deflatedInBlocks(tar: Buffer, level: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < tar.length; at += BLOCK_BYTES) {
    const window = tar.subarray(Math.max(0, at - WINDOW_BYTES), at);
    const options = { level, finishFlush: constants.Z_SYNC_FLUSH };
    const withWindow = at === 0 ? options : { ...options, dictionary: window };
    blocks.push(deflateRawSync(tar.subarray(at, at + BLOCK_BYTES), withWindow));
  }
  return Buffer.concat(blocks);
}

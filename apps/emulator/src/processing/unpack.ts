import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Intake } from './intake.ts';
import { takePlainFiles } from './plain-tar.ts';
import { SessionFailure } from './session-failure.ts';
import { unpackZip } from './unpack-zip.ts';

/** Takes an archive apart. Fails the session with 430 where it is damaged or not flat, 420 where it holds too much. */
export async function unpack(
  archiveFile: string,
  compression: 'Zip' | 'TarGz',
  intake: Intake,
): Promise<void> {
  try {
    await (compression === 'Zip' ? unpackZip(archiveFile, intake) : unpackTarGz(archiveFile, intake));
  } catch (error) {
    if (error instanceof SessionFailure) throw error;
    throw new SessionFailure(430, [error instanceof Error ? error.message : String(error)]);
  }
}

/** Bytes at a time: each piece is a turn of the event loop. */
const PACKED_BYTES = 128_000;
const PLAIN_BYTES = 512_000;

async function unpackTarGz(archiveFile: string, intake: Intake): Promise<void> {
  const packed = createReadStream(archiveFile, { highWaterMark: PACKED_BYTES });
  const gunzip = createGunzip({ chunkSize: PLAIN_BYTES });
  const rest = extract();
  const feeding = pipeline(packed, gunzip, (chunks) => takePlainFiles(chunks, intake), rest);
  await Promise.all([feeding, takeEntries()]);

  async function takeEntries(): Promise<void> {
    for await (const entry of rest) {
      const { name, type } = entry.header;
      if (type !== 'file') throw new SessionFailure(430, [`Niedozwolony wpis w archiwum: ${name}`]);
      await intake.take(name, entry);
    }
  }
}

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { createIntake, type Intake, type PackedFile, type UnpackLimits } from './intake.ts';
import { SessionFailure } from './session-failure.ts';
import { unpackZip } from './unpack-zip.ts';

/** Takes an archive apart. Fails the session with 430 where it is damaged or not flat, 420 where it holds too much. */
export async function unpack(
  archiveFile: string,
  compression: 'Zip' | 'TarGz',
  limits: UnpackLimits,
): Promise<PackedFile[]> {
  const intake = createIntake(limits);
  try {
    await (compression === 'Zip' ? unpackZip(archiveFile, intake) : unpackTarGz(archiveFile, intake));
  } catch (error) {
    if (error instanceof SessionFailure) throw error;
    throw new SessionFailure(430, [error instanceof Error ? error.message : String(error)]);
  }
  return intake.files;
}

async function unpackTarGz(archiveFile: string, intake: Intake): Promise<void> {
  const tar = extract();
  const feeding = pipeline(createReadStream(archiveFile), createGunzip(), tar);
  await Promise.all([feeding, takeEntries()]);

  async function takeEntries(): Promise<void> {
    for await (const entry of tar) {
      const { name, type } = entry.header;
      if (type !== 'file') throw new SessionFailure(430, [`Niedozwolony wpis w archiwum: ${name}`]);
      await intake.take(name, entry);
    }
  }
}

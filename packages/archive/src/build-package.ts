import { blocksOf } from './blocks.ts';
import type { PackagePart } from './encrypted-part.ts';
import { type ArchiveEntry, EntryGate } from './entries.ts';
import { refusal } from './errors.ts';
import { PART_BYTES_MAX, type PackageLimits, packageLimits } from './limits.ts';
import { checkPackageKey, type PackageKey } from './package-key.ts';
import { PartWriter } from './part-writer.ts';
import { tarGzip } from './tar-gzip.ts';
import { untilAborted } from './until-aborted.ts';
import { zip } from './zip.ts';

export type Compression = 'TarGz' | 'Zip';

export interface PackageInput extends PackageKey {
  /** In the order they are to have in the archive. Their bytes must not change until the package is built. */
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>;
  compression: Compression;
  /** Where the package gets a folder of its own for its large parts. */
  directory: string;
  /** A part before encryption. */
  partBytesMax?: number | undefined;
  limits?: Partial<PackageLimits> | undefined;
  signal?: AbortSignal | undefined;
}

export interface BuiltPackage {
  compression: Compression;
  /** Of the plain archive. */
  sizeBytes: number;
  /** Of the plain archive, base64. */
  sha256: string;
  invoiceCount: number;
  parts: PackagePart[];
  /** Deletes the parts' files. May be called again. */
  dispose(): Promise<void>;
}

const archivers = { TarGz: tarGzip, Zip: zip };

/** Hashed, encrypted and written at a time; the event loop gets its turn in between, after about 1 ms. */
const CHUNK_BYTES = 512 * 1024;

/**
 * Packs invoices into one archive, split, encrypted and hashed, as a batch session takes it. The bytes are a
 * function of the ordered entries, compression, key and IV alone, so that a package can be built again after a
 * crash, by this version: another one may make other bytes (compare `sha256`). Memory does not grow with the package.
 *
 * @throws ArchiveError for what KSeF would refuse; the signal's reason when aborted; the system's error when
 *   the disk fails. Nothing is left on the disk in any of these cases.
 */
export async function buildPackage(input: PackageInput): Promise<BuiltPackage> {
  const { compression, key, iv, directory, signal } = input;
  const { partBytesMax = PART_BYTES_MAX } = input;
  const limits = { ...packageLimits, ...input.limits };
  checkPackageKey({ key, iv });
  checkWhole('partBytesMax', partBytesMax, 1, PART_BYTES_MAX);
  signal?.throwIfAborted();

  const gate = new EntryGate(limits);
  const entries = gate.checked(untilAborted(input.entries, signal));
  const writer = new PartWriter({ directory, partBytesMax, key, iv, limits });
  try {
    const archive = archivers[compression](entries);
    for await (const chunk of blocksOf(archive, CHUNK_BYTES, 1)) {
      signal?.throwIfAborted();
      await writer.write(chunk);
    }
    const written = await writer.finish();
    return { compression, invoiceCount: gate.invoiceCount, ...written, dispose: () => writer.discard() };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

function checkWhole(option: string, value: number, least: number, most: number): void {
  const fits = Number.isInteger(value) && value >= least && value <= most;
  if (!fits) throw refusal.optionInvalid(option, value, `a whole number from ${least} to ${most}`);
}

/** The archive package behind the engine's port: parts are encrypted, large ones lie in the spool's folder, and go when disposed of. */
import { mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  type ArchiveEntry,
  ArchiveError,
  buildPackage,
  encryptInvoice,
  openPart,
  PACKAGE_FOLDER_PREFIX,
} from '@wsad/archive';
import { diskFailureOf, type EmitEvent, messageOf, originalBytes, PayloadDamaged } from '@wsad/domain';
import type { Packager, PackedInvoice } from '@wsad/engine';

/** No package is under way for so long: what is older was left by a process that was killed. */
const ABANDONED_MS = 24 * 3_600_000;

/** Removes what killed processes left behind; best effort, a folder that is in use elsewhere stays. */
export async function sweepSpool(spoolDirectory: string, now: Date): Promise<void> {
  const names = await readdir(spoolDirectory).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(PACKAGE_FOLDER_PREFIX))) {
    const folder = join(spoolDirectory, name);
    const modifiedAt = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => now.getTime(),
    );
    if (now.getTime() - modifiedAt > ABANDONED_MS)
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Told when a worker starts: small packages need no spool, and the first large one may come weeks later. */
export async function tellBadSpool(spoolDirectory: string, emit: EmitEvent): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(spoolDirectory, PACKAGE_FOLDER_PREFIX)));
  } catch (error) {
    const why = diskFailureOf(error)?.why ?? 'broken';
    emit({ type: 'disk.failed', disk: 'files', why, message: `WSAD_SPOOL_DIR: ${messageOf(error)}` });
  }
}

export function createPackager(spoolDirectory: string): Packager {
  return {
    async build(input) {
      try {
        const built = await buildPackage({
          ...input,
          entries: counted(input.entries),
          directory: spoolDirectory,
        });
        return { ...built, open: (ordinal) => openPart(partOf(built.parts, ordinal)) };
      } catch (error) {
        throw damageIn(error) ?? error;
      }
    },
    encryptInvoice,
  };
}

/** Invoices that an earlier version took in have no CRC-32 yet. */
async function* counted(invoices: AsyncIterable<PackedInvoice>): AsyncGenerator<ArchiveEntry> {
  for await (const invoice of invoices) yield { ...invoice, crc32: invoice.crc32 ?? countedCrc32(invoice) };
}

/** Of bytes that are compared with their SHA-256 first: a CRC-32 of damaged bytes would fit them. */
function countedCrc32(invoice: PackedInvoice): number {
  const plain = originalBytes(invoice);
  if (plain === null) throw new PayloadDamaged(invoice.name);
  return crc32(plain);
}

function damageIn(error: unknown): PayloadDamaged | null {
  if (!(error instanceof ArchiveError) || error.code !== 'ARCHIVE_INVOICE_DAMAGED') return null;
  return error.entryName === null ? null : new PayloadDamaged(error.entryName);
}

function partOf<Part extends { ordinal: number }>(parts: readonly Part[], ordinal: number): Part {
  const part = parts.find((candidate) => candidate.ordinal === ordinal);
  if (part === undefined) throw new Error(`the package has no part ${ordinal}`);
  return part;
}

/** The archive package behind the engine's port: parts lie encrypted in a folder of their own and go when disposed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPackage, encryptInvoice, openPart } from '@wsad/archive';
import type { Packager } from '@wsad/engine';
import { inflateInvoiceSync } from '@wsad/invoice';

export function createPackager(spoolDirectory: string): Packager {
  return {
    async build(input) {
      const directory = await mkdtemp(join(spoolDirectory, 'wsad-package-'));
      const removeAll = () => rm(directory, { recursive: true, force: true });
      try {
        const built = await buildPackage({ ...input, directory });
        return {
          sizeBytes: built.sizeBytes,
          sha256: built.sha256,
          parts: built.parts,
          open: (ordinal) => openPart(partOf(built.parts, ordinal)),
          dispose: removeAll,
        };
      } catch (error) {
        await removeAll();
        throw error;
      }
    },
    encryptInvoice,
    inflate: inflateInvoiceSync,
  };
}

function partOf<Part extends { ordinal: number }>(parts: readonly Part[], ordinal: number): Part {
  const part = parts.find((candidate) => candidate.ordinal === ordinal);
  if (part === undefined) throw new Error(`the package has no part ${ordinal}`);
  return part;
}

/** The files that the arguments name: invoices and archives, also those in folders. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UsageError } from '../failure.ts';

export interface FoundFile {
  readonly path: string;
  /** As it goes to wsad: without its folders. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** In the order of the arguments, each folder by name. */
export async function collect(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch(() => null);
    if (facts === null) throw new UsageError(`There is no ${path}.`);
    if (facts.isDirectory()) found.push(...(await inFolder(path)));
    else if (isInvoiceOrArchive(path)) found.push(fileOf(path, facts.size));
    else throw new UsageError(`${path} is neither an XML file, nor a ZIP, nor a folder.`);
  }
  if (found.length === 0) throw new UsageError(`There is no XML and no ZIP file in ${paths.join(', ')}.`);
  return found;
}

export function isArchive(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** Hidden files are somebody else's: programs that copy often write into one until it is whole. */
export function isInvoiceOrArchive(path: string): boolean {
  return /^[^.].*\.(xml|zip)$/i.test(basename(path));
}

async function inFolder(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && isInvoiceOrArchive(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files: FoundFile[] = [];
  for (const path of paths) files.push(fileOf(path, (await stat(path)).size));
  return files;
}

function fileOf(path: string, sizeBytes: number): FoundFile {
  return { path, name: basename(path), sizeBytes };
}

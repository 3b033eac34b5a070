/** The built dashboard as it is served: its files in memory, each as it is and compressed. */
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const DIST = new URL('../../dashboard/dist/', import.meta.url);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface PageFile {
  readonly mediaType: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly br: Buffer;
}

/** By the path under the folder; none where the dashboard has not been built. */
export async function dashboardFiles(folder: URL = DIST): Promise<Map<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && extname(entry.name) in MEDIA_TYPES)
    .map(({ parentPath, name }) => `${parentPath.replace(/\/?$/, '/')}${name}`.slice(folder.pathname.length));
  const files = await Promise.all(names.map(async (name) => [name, await fileOf(folder, name)] as const));
  return new Map(files);
}

async function fileOf(folder: URL, name: string): Promise<PageFile> {
  const plain = await readFile(new URL(name, folder));
  // Done once when the API starts: thorough enough, and not felt.
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
  const [gzipped, br] = await Promise.all([
    promisify(gzip)(plain),
    promisify(brotliCompress)(plain, quality),
  ]);
  return { mediaType: MEDIA_TYPES[extname(name)] ?? '', plain, gzip: gzipped, br };
}

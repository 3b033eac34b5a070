/** The database of these settings for a command that runs beside wsad: one that runs is used as it is. */
import { join } from 'node:path';
import { type Config, writableFolder } from '@wsad/config';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '@wsad/embedded';

export interface DatabaseAtHand {
  readonly url: string;
  /** Stops what was started for the while. */
  close(): Promise<void>;
}

const nothingToClose = async (): Promise<void> => {};

/** A stopped embedded database is started for the while. Null where there is none yet, and none is to be `made`. */
export async function databaseAtHand(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { made }: { readonly made: boolean },
): Promise<DatabaseAtHand | null> {
  if (databaseUrl !== null) return { url: databaseUrl, close: nothingToClose };
  const folder = join(dataDir, 'postgres');
  const embedded = await findEmbeddedPostgres(folder);
  if (embedded.state === 'running') return { url: embedded.url, close: nothingToClose };
  if (embedded.state === 'absent' && !made) return null;
  const server = await startEmbeddedPostgres({ dataDir: await writableFolder(folder) });
  return { url: server.url, close: () => server.stop() };
}

import type { Config } from './config.ts';

/** What may be logged of a configuration: no secret, and of an address neither user, password nor query. */
export function describe(config: Config): Readonly<Record<string, unknown>> {
  const { secrets, databaseUrl, queueUrl, ...open } = config;
  return {
    ...open,
    database: databaseUrl === null ? 'embedded' : whereTo(databaseUrl),
    queue: queueUrl === null ? 'the database' : whereTo(queueUrl),
    vaultKey: secrets.vaultKey !== null ? 'given' : (secrets.vaultKeyFile ?? 'kept in the data folder'),
    adminToken: secrets.adminToken !== null ? 'given' : 'kept in the data folder',
  };
}

function whereTo(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** Is the database there, new enough, of this environment, and sealed with this vault key? Nothing in it is changed. */
import { randomBytes } from 'node:crypto';
import { type Config, ConfigError, resolveSecrets } from '@wsad/config';
import { createLedger, type Diagnosis, type PostgresLedger, VaultError } from '@wsad/ledger';
import { type DatabaseAtHand, databaseAtHand } from '../../database-at-hand.ts';
import { type Finding, good, problem, warning, wordsOf } from '../finding.ts';

const VERSION_NUMBER_MIN = 150_000;
const CONNECTIONS_MAX = 4;

export interface ExaminedDatabase {
  readonly findings: readonly Finding[];
  readonly url: string | null;
  /** Null where nothing more can be read from it. */
  readonly ledger: PostgresLedger | null;
  close(): Promise<void>;
}

export async function examineDatabase(config: Config): Promise<ExaminedDatabase> {
  const found = await databaseOf(config).catch((error: unknown) => cannotStart(error));
  if ('check' in found) return { findings: [found], url: null, ledger: null, close: async () => {} };
  const { url, close } = found;
  const opened = await openLedger(config, url);
  if (!('ledger' in opened)) return { findings: [opened], url, ledger: null, close };
  const { ledger } = opened;
  const closeAll = async () => {
    await ledger.close();
    await close();
  };
  const findings = await diagnose(config, ledger);
  const usable = !findings.some(({ state }) => state === 'problem');
  return { findings, url, ledger: usable ? ledger : null, close: closeAll };
}

async function databaseOf(config: Config): Promise<DatabaseAtHand | Finding> {
  const found = await databaseAtHand(config, { made: false });
  if (found !== null) return found;
  const says = `there is no embedded database in ${config.dataDir} yet`;
  return problem('database', says, 'Start wsad once (npm start), or set DATABASE_URL.');
}

function cannotStart(error: unknown): Finding {
  return problem('database', wordsOf(error), 'Mend what this says, or set DATABASE_URL to another database.');
}

async function openLedger(
  config: Config,
  databaseUrl: string,
): Promise<{ ledger: PostgresLedger } | Finding> {
  try {
    const { vaultKey, earlierVaultKeys } = await resolveSecrets(config, { randomBytes });
    return {
      ledger: createLedger({
        databaseUrl,
        vaultKey,
        earlierVaultKeys,
        connectionsMax: CONNECTIONS_MAX,
        egress: config.egress,
      }),
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return problem('database', error.message, `Set ${error.variable} right: see docs/configuration.md.`);
  }
}

async function diagnose(config: Config, ledger: PostgresLedger): Promise<Finding[]> {
  try {
    const diagnosis = await ledger.diagnosis();
    const findings = [
      versionFinding(diagnosis),
      ...schemaFindings(diagnosis),
      ...environmentFindings(config, diagnosis),
    ];
    if (findings.some(({ state }) => state === 'problem')) return findings;
    return [...findings, ...(await vaultFindings(ledger))];
  } catch (error) {
    const mend =
      'Check that PostgreSQL runs and that DATABASE_URL names the right host, user, password and database.';
    return [problem('database', `the database does not answer: ${wordsOf(error)}`, mend)];
  }
}

function versionFinding({ serverVersionNumber }: Diagnosis): Finding {
  const version = `${Math.floor(serverVersionNumber / 10_000)}.${serverVersionNumber % 10_000}`;
  if (serverVersionNumber >= VERSION_NUMBER_MIN) return good('database', `PostgreSQL ${version} answers`);
  return problem('database', `PostgreSQL ${version} is too old`, 'Move the data to PostgreSQL 15 or newer.');
}

function schemaFindings({ missingMigrations, foreignMigrations }: Diagnosis): Finding[] {
  if (missingMigrations.length > 0) {
    const says = `its schema lacks ${missingMigrations.length} step(s) of this version (${missingMigrations[0]})`;
    return [
      problem(
        'database',
        says,
        'Start wsad of this version once: it brings the schema up to date by itself.',
      ),
    ];
  }
  if (foreignMigrations.length === 0) return [];
  const says = `its schema has steps of a newer wsad (${foreignMigrations[0]})`;
  return [
    warning('database', says, 'Fine in the middle of an upgrade; else run the newer version here too.'),
  ];
}

function environmentFindings({ ksef }: Config, { environment }: Diagnosis): Finding[] {
  if (environment === null || environment === ksef.environment) return [];
  const says = `it belongs to the KSeF environment ${environment} for ever, and KSEF_ENV is ${ksef.environment}`;
  const mend = `Set KSEF_ENV=${environment}, or give ${ksef.environment} a database of its own.`;
  return [problem('database', says, mend)];
}

async function vaultFindings(ledger: PostgresLedger): Promise<Finding[]> {
  try {
    await ledger.verifyVaultKey();
    return [];
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return [problem('database', error.message, 'Set VAULT_KEY to the key with which this ledger was begun.')];
  }
}

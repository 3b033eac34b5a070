/** Where two variables contradict each other, or one asks for another. Each rule throws a ConfigError. */
import { ENVIRONMENTS, KSEF_ENVIRONMENTS } from '@wsad/domain';
import type { Role } from './config.ts';
import { ConfigError, refuse } from './config-error.ts';
import type { Values } from './variables.ts';

export function checkTogether(values: Values, role: Role): void {
  addressBelongsToEnvironment(values);
  oneVaultKey(values);
  onePreviousVaultKey(values);
  embeddedIsOneProcess(values, role);
  ownDatabaseNeedsOwnSecrets(values, role);
}

/** TEST rules against production's address would send real invoices by mistake. */
function addressBelongsToEnvironment({ KSEF_ENV, KSEF_BASE_URL }: Values): void {
  if (KSEF_BASE_URL === undefined) return;
  const { host } = new URL(KSEF_BASE_URL);
  const owner = KSEF_ENVIRONMENTS.find((name) => new URL(ENVIRONMENTS[name].baseUrl).host === host);
  if (owner === undefined || owner === KSEF_ENV) return;
  throw new ConfigError(
    'KSEF_BASE_URL',
    `KSEF_BASE_URL is the address of ${owner} while KSEF_ENV is ${KSEF_ENV}: set KSEF_ENV=${owner}, or leave KSEF_BASE_URL out`,
  );
}

function oneVaultKey({ VAULT_KEY, VAULT_KEY_FILE }: Values): void {
  if (VAULT_KEY === undefined || VAULT_KEY_FILE === undefined) return;
  throw new ConfigError(
    'VAULT_KEY_FILE',
    'VAULT_KEY and VAULT_KEY_FILE are both set: keep one of them, for example VAULT_KEY_FILE=/run/secrets/vault_key',
  );
}

function onePreviousVaultKey({ VAULT_KEY_PREVIOUS, VAULT_KEY_PREVIOUS_FILE }: Values): void {
  if (VAULT_KEY_PREVIOUS === undefined || VAULT_KEY_PREVIOUS_FILE === undefined) return;
  throw new ConfigError(
    'VAULT_KEY_PREVIOUS_FILE',
    'VAULT_KEY_PREVIOUS and VAULT_KEY_PREVIOUS_FILE are both set: keep one of them, for example VAULT_KEY_PREVIOUS_FILE=/run/secrets/vault_key_previous',
  );
}

function embeddedIsOneProcess({ DATABASE_URL }: Values, role: Role): void {
  if (DATABASE_URL === undefined && role !== 'all')
    throw refuse('DATABASE_URL', `is required where ${role} runs in a process of its own`);
}

function ownDatabaseNeedsOwnSecrets(values: Values, role: Role): void {
  if (values.DATABASE_URL === undefined) return;
  if (values.VAULT_KEY === undefined && values.VAULT_KEY_FILE === undefined)
    throw refuse('VAULT_KEY', 'or VAULT_KEY_FILE is required with DATABASE_URL (openssl rand -base64 32)');
  if (values.ADMIN_TOKEN === undefined && answersHttp(role))
    throw refuse('ADMIN_TOKEN', 'is required with DATABASE_URL (openssl rand -hex 24)');
}

export function answersHttp(role: Role): boolean {
  return role === 'all' || role === 'api';
}

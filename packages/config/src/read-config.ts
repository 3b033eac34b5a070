import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { ENVIRONMENTS } from '@wsad/domain';
import type { Config, Role } from './config.ts';
import { ConfigError, refuse } from './config-error.ts';
import { checkTogether } from './rules.ts';
import { environmentSchema, type Values, type VariableName, variables } from './variables.ts';
import { warningsFor } from './warnings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const names = environmentSchema.keyof().options;
/** Of others that may share our shell: the command line's, and the test suite's, which the programs it starts inherit. */
const NOT_OURS = new Set(['WSAD_URL', 'WSAD_KEY', 'WSAD_KEY_FILE', 'WSAD_SEED']);

/** Reads and checks the whole environment, once; the answer is frozen. Throws ConfigError. An empty value counts as none. */
export function readConfig(env: Environment, { role }: { role: Role }): Config {
  const given = Object.fromEntries(Object.entries(withSilence(env)).filter(([, value]) => value?.trim()));
  refuseUnknown(given);
  const values = parse(given);
  checkTogether(values, role);
  return frozen(configOf(values, role));
}

/** The one variable whose emptiness says something: an empty WSAD_LATARNIA_URL turns the reading off. */
function withSilence(env: Environment): Environment {
  return env.WSAD_LATARNIA_URL?.trim() === '' ? { ...env, WSAD_LATARNIA_URL: 'off' } : env;
}

/** The environment of this very process. */
export function readProcessConfig(role: Role): Config {
  return readConfig(process.env, { role });
}

function refuseUnknown(given: Environment): void {
  const known = new Set<string>(names);
  const unknown = Object.keys(given).find(
    (name) => /^(WSAD|KSEF)_/.test(name) && !known.has(name) && !NOT_OURS.has(name),
  );
  if (unknown === undefined) return;
  const ours = names.filter((name) => /^(WSAD|KSEF)_/.test(name)).join(', ');
  throw new ConfigError(unknown, `${unknown} is not a variable of wsad; those that begin so are ${ours}`);
}

function parse(given: Environment): Values {
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
  const first = names.find((name: VariableName) => wrong.has(name));
  if (first === undefined) throw parsed.error;
  throw refuse(first, `must be ${variables[first].must}`);
}

function configOf(values: Values, role: Role): Config {
  return {
    role,
    ksef: {
      environment: values.KSEF_ENV,
      baseUrl: values.KSEF_BASE_URL ?? ENVIRONMENTS[values.KSEF_ENV].baseUrl,
      latarniaUrl: latarniaOf(values),
    },
    databaseUrl: values.DATABASE_URL ?? null,
    queueUrl: values.QUEUE_URL ?? values.DATABASE_URL ?? null,
    api: {
      host: values.API_HOST,
      port: values.API_PORT,
      trustedProxies: values.API_TRUST_PROXY,
    },
    secrets: {
      vaultKey: values.VAULT_KEY ?? null,
      vaultKeyFile: values.VAULT_KEY_FILE ?? null,
      previousVaultKey: values.VAULT_KEY_PREVIOUS ?? null,
      previousVaultKeyFile: values.VAULT_KEY_PREVIOUS_FILE ?? null,
      adminToken: values.ADMIN_TOKEN ?? null,
    },
    dataDir: resolve(values.WSAD_DATA_DIR),
    spoolDir: resolve(values.WSAD_SPOOL_DIR ?? tmpdir()),
    lingerMs: values.WSAD_LINGER_MS,
    intakeBytesMax: values.WSAD_INTAKE_BYTES,
    compression: values.WSAD_COMPRESSION,
    workerConcurrency: values.WSAD_WORKER_CONCURRENCY,
    logLevel: values.WSAD_LOG_LEVEL,
    egress: values.WSAD_EGRESS,
    shutdownMs: values.WSAD_SHUTDOWN_MS,
    healthPort: values.WSAD_HEALTH_PORT ?? null,
    webhookHosts: values.WSAD_WEBHOOK_HOSTS,
    pgBinDir: values.WSAD_PG_BIN === undefined ? null : resolve(values.WSAD_PG_BIN),
    practises: values.WSAD_PRACTICE === 'on',
    traces: { url: tracesUrlOf(values), share: values.OTEL_TRACES_SAMPLER_ARG },
    endsWithParent: values.WSAD_PARENT_IPC !== undefined,
    warnings: warningsFor(values),
  };
}

/** Whoever replaces KSeF's address (by an emulator) is not told of the real one's troubles. */
function latarniaOf({ WSAD_LATARNIA_URL, KSEF_BASE_URL, KSEF_ENV }: Values): string | null {
  if (WSAD_LATARNIA_URL !== undefined) return WSAD_LATARNIA_URL === 'off' ? null : WSAD_LATARNIA_URL;
  return KSEF_BASE_URL === undefined ? ENVIRONMENTS[KSEF_ENV].latarniaUrl : null;
}

/** As OpenTelemetry's specification puts the two together. */
function tracesUrlOf(values: Values): string | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own } = values;
  return own ?? (base === undefined ? null : `${base}/v1/traces`);
}

function frozen(config: Config): Config {
  const { ksef, api, secrets, webhookHosts, traces, warnings } = config;
  for (const part of [ksef, api, api.trustedProxies, secrets, webhookHosts, traces, warnings])
    Object.freeze(part);
  return Object.freeze(config);
}

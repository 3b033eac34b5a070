/** Every variable that is read from the environment: what it means and what it must be. The documentation is compared with this. */
import { z } from 'zod';
import {
  adminToken,
  collectorUrl,
  databaseUrl,
  hostList,
  integer,
  ksefBaseUrl,
  label,
  latarniaUrl,
  networkList,
  path,
  port,
  queueUrl,
  share,
  vaultKey,
} from './formats.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const COMPRESSIONS = ['TarGz', 'Zip'] as const;
const SWITCH = ['on', 'off'] as const;

export const environmentSchema = z.object({
  KSEF_ENV: z.enum(['TEST', 'DEMO', 'PRD']).default('TEST'),
  KSEF_BASE_URL: ksefBaseUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  QUEUE_URL: queueUrl.optional(),
  API_PORT: port.default(8080),
  API_HOST: z.string().default('127.0.0.1'),
  API_TRUST_PROXY: networkList.default([]),
  VAULT_KEY: vaultKey.optional(),
  VAULT_KEY_FILE: path.optional(),
  VAULT_KEY_PREVIOUS: vaultKey.optional(),
  VAULT_KEY_PREVIOUS_FILE: path.optional(),
  ADMIN_TOKEN: adminToken.optional(),
  WSAD_DATA_DIR: path.default('./.data'),
  WSAD_LINGER_MS: integer(0, 60_000).default(250),
  WSAD_INTAKE_BYTES: integer(256_000_000, 64_000_000_000).default(512_000_000),
  WSAD_COMPRESSION: z.enum(COMPRESSIONS).default('TarGz'),
  WSAD_WORKER_CONCURRENCY: integer(1, 64).default(16),
  WSAD_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  WSAD_SPOOL_DIR: path.optional(),
  WSAD_EGRESS: label.default('default'),
  WSAD_SHUTDOWN_MS: integer(0, 600_000).default(25_000),
  WSAD_HEALTH_PORT: port.optional(),
  WSAD_LATARNIA_URL: latarniaUrl.optional(),
  WSAD_WEBHOOK_HOSTS: hostList.default([]),
  WSAD_PG_BIN: path.optional(),
  WSAD_PRACTICE: z.enum(SWITCH).default('on'),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl.optional(),
  OTEL_TRACES_SAMPLER_ARG: share.default(1),
  WSAD_PARENT_IPC: z.literal('1').optional(),
});

export type VariableName = keyof typeof environmentSchema.shape;
export type Values = z.output<typeof environmentSchema>;

export interface Variable {
  readonly meaning: string;
  /** In words, where there is no value. */
  readonly default: string;
  /** Completes "<name> must be …". */
  readonly must: string;
  readonly example: string;
}

export const variables: { readonly [Name in VariableName]: Variable } = {
  KSEF_ENV: {
    meaning: 'The KSeF environment: rules, QR host and address. A ledger belongs to one of them for ever.',
    default: 'TEST',
    must: 'TEST, DEMO or PRD',
    example: 'TEST',
  },
  KSEF_BASE_URL: {
    meaning: "Replaces the address of KSeF's API alone.",
    default: 'by KSEF_ENV',
    must: 'an https address that ends in /v2 (plain http only for this machine)',
    example: 'http://127.0.0.1:8088/v2',
  },
  DATABASE_URL: {
    meaning: 'PostgreSQL 15 or newer.',
    default: 'embedded, in WSAD_DATA_DIR',
    must: 'a postgres:// or postgresql:// address',
    example: 'postgres://wsad:secret@db:5432/wsad',
  },
  QUEUE_URL: {
    meaning: 'Where the queue lives: Redis (for production) or PostgreSQL.',
    default: 'the database',
    must: 'a redis://, rediss:// or postgres:// address',
    example: 'redis://redis:6379',
  },
  API_PORT: {
    meaning: 'The port on which the API listens; 0 takes a free one.',
    default: '8080',
    must: 'a whole number from 0 to 65535',
    example: '8080',
  },
  API_HOST: {
    meaning: 'The address on which the API listens.',
    default: '127.0.0.1',
    must: 'an address of this machine',
    example: '0.0.0.0',
  },
  API_TRUST_PROXY: {
    meaning:
      'Proxies before the API: what X-Forwarded-For, -Host and -Proto say is believed from these alone, so that wrong keys are counted by the address of who tries them.',
    default: 'none',
    must: 'addresses or networks, with commas between them',
    example: '10.0.0.0/8,192.168.1.4',
  },
  VAULT_KEY: {
    meaning: 'Encrypts the credentials at rest. Lost with it: every stored credential.',
    default: 'made and kept in WSAD_DATA_DIR with the embedded database; required otherwise',
    must: '32 bytes in base64 (openssl rand -base64 32)',
    example: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  },
  VAULT_KEY_FILE: {
    meaning: 'A file that holds the vault key, in place of VAULT_KEY.',
    default: 'none',
    must: 'the path of a file that holds 32 bytes in base64',
    example: '/run/secrets/vault_key',
  },
  VAULT_KEY_PREVIOUS: {
    meaning:
      'The vault key before this one, or the one after it: it opens what it sealed while keys are changed.',
    default: 'none',
    must: '32 bytes in base64 (openssl rand -base64 32)',
    example: 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=',
  },
  VAULT_KEY_PREVIOUS_FILE: {
    meaning: 'A file that holds that other key, in place of VAULT_KEY_PREVIOUS.',
    default: 'none',
    must: 'the path of a file that holds 32 bytes in base64',
    example: '/run/secrets/vault_key_previous',
  },
  ADMIN_TOKEN: {
    meaning: 'The first administrator token; also an API key for everything.',
    default: 'made and printed once with the embedded database; required otherwise',
    must: 'a word without spaces (openssl rand -hex 24)',
    example: 'wsad_admin_4f9c2d7e81b35a60',
  },
  WSAD_DATA_DIR: {
    meaning: 'Where the embedded PostgreSQL and made-up secrets live.',
    default: './.data',
    must: 'the path of a folder',
    example: '/var/lib/wsad',
  },
  WSAD_LINGER_MS: {
    meaning: 'How long five invoices or fewer wait for neighbours, in milliseconds.',
    default: '250',
    must: 'a whole number from 0 to 60000',
    example: '250',
  },
  WSAD_INTAKE_BYTES: {
    meaning:
      'How many bytes of submissions the API takes in at once; what comes beyond that waits a moment, then is answered 503.',
    default: '512000000',
    must: 'a whole number from 256000000 to 64000000000',
    example: '1024000000',
  },
  WSAD_COMPRESSION: {
    meaning: 'The archive format of batch sessions.',
    default: 'TarGz',
    must: 'TarGz or Zip',
    example: 'TarGz',
  },
  WSAD_WORKER_CONCURRENCY: {
    meaning: 'How many sessions one worker process sends at once.',
    default: '16',
    must: 'a whole number from 1 to 64',
    example: '16',
  },
  WSAD_LOG_LEVEL: {
    meaning: 'The least important messages that are still logged.',
    default: 'info',
    must: 'fatal, error, warn, info, debug, trace or silent',
    example: 'info',
  },
  WSAD_SPOOL_DIR: {
    meaning:
      'Where the encrypted parts of a package that are larger than 512 KiB lie until they are uploaded.',
    default: "the system's folder for temporary files",
    must: 'the path of a folder',
    example: '/var/spool/wsad',
  },
  WSAD_EGRESS: {
    meaning: "The name of the address from which this process reaches KSeF: KSeF's limits are kept per name.",
    default: 'default',
    must: 'a name of letters, digits, dots, dashes and underscores',
    example: 'warsaw-1',
  },
  WSAD_SHUTDOWN_MS: {
    meaning: 'How long running work may take to finish after SIGTERM, in milliseconds.',
    default: '25000',
    must: 'a whole number from 0 to 600000',
    example: '25000',
  },
  WSAD_HEALTH_PORT: {
    meaning: 'The port on which a worker or poller process answers /healthz, /readyz and /metrics.',
    default: 'none',
    must: 'a whole number from 0 to 65535',
    example: '9101',
  },
  WSAD_LATARNIA_URL: {
    meaning:
      "KSeF's status service, read every minute; off, or nothing after the equals sign: it is not read.",
    default: 'by KSEF_ENV (none for DEMO); off where KSEF_BASE_URL is set',
    must: 'off or an https address (plain http only for this machine)',
    example: 'https://api-latarnia.ksef.mf.gov.pl',
  },
  WSAD_WEBHOOK_HOSTS: {
    meaning:
      'Hosts that webhooks may call although their addresses are private, also without TLS; all others must be public and https.',
    default: 'none',
    must: 'names or addresses of hosts, without ports, with commas between them',
    example: 'saas.internal,127.0.0.1',
  },
  WSAD_PG_BIN: {
    meaning: 'The folder of pg_dump and pg_restore, for backups.',
    default: 'wherever PATH finds them',
    must: 'the path of a folder',
    example: '/usr/lib/postgresql/18/bin',
  },
  WSAD_PRACTICE: {
    meaning:
      'Whether a process practises on made-up invoices at its start, so that the first real ones are as quick as later ones; off: it starts sooner, for tests.',
    default: 'on',
    must: 'on or off',
    example: 'off',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    meaning:
      'Where traces go, by OTLP over HTTP; without it or the next one none are kept. See operating.md for more of its kind.',
    default: 'none',
    must: 'an http or https address without user, query or fragment',
    example: 'http://otel-collector:4318',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    meaning: 'The same for traces alone, taken as it is: nothing is put behind it.',
    default: 'OTEL_EXPORTER_OTLP_ENDPOINT with /v1/traces',
    must: 'an http or https address without user, query or fragment',
    example: 'http://otel-collector:4318/v1/traces',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    meaning: 'The share of traces that is kept; one that a caller began is kept where the caller keeps it.',
    default: '1',
    must: 'a number from 0 to 1',
    example: '0.1',
  },
  WSAD_PARENT_IPC: {
    meaning: 'Set by npm run alone: the process ends when the one that started it does.',
    default: 'none',
    must: '1 or nothing',
    example: '1',
  },
};

import type { KsefEnvironment } from '@wsad/domain';
import type { COMPRESSIONS, LOG_LEVELS } from './variables.ts';

/** Which part of wsad this process is; `all` is every part in one process. */
export type Role = 'all' | 'api' | 'worker' | 'poller';

export interface Config {
  readonly role: Role;
  readonly ksef: {
    readonly environment: KsefEnvironment;
    readonly baseUrl: string;
    /** KSeF's status service; null: it is not read. */
    readonly latarniaUrl: string | null;
  };
  /** Null: the embedded PostgreSQL, in `dataDir`. */
  readonly databaseUrl: string | null;
  /** Null: the database, whichever it is. */
  readonly queueUrl: string | null;
  readonly api: {
    readonly host: string;
    readonly port: number;
    /** Addresses and networks of proxies whose X-Forwarded-… headers are believed. */
    readonly trustedProxies: readonly string[];
  };
  /** As given; resolveSecrets reads or makes the rest. */
  readonly secrets: {
    readonly vaultKey: Buffer | null;
    readonly vaultKeyFile: string | null;
    readonly previousVaultKey: Buffer | null;
    readonly previousVaultKeyFile: string | null;
    readonly adminToken: string | null;
  };
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute. */
  readonly spoolDir: string;
  readonly lingerMs: number;
  /** Of all submissions that are being taken in. */
  readonly intakeBytesMax: number;
  readonly compression: (typeof COMPRESSIONS)[number];
  readonly workerConcurrency: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly egress: string;
  readonly shutdownMs: number;
  /** Null: no such port. */
  readonly healthPort: number | null;
  /** Hosts that webhooks may call although they are private. */
  readonly webhookHosts: readonly string[];
  /** Null: pg_dump and pg_restore are wherever PATH finds them. */
  readonly pgBinDir: string | null;
  /** On made-up invoices at its start. */
  readonly practises: boolean;
  readonly traces: {
    /** Where OTLP over HTTP takes them; null: none are kept. */
    readonly url: string | null;
    /** Of all, 0 to 1. */
    readonly share: number;
  };
  /** True: the loss of the IPC channel to the parent counts as SIGTERM. */
  readonly endsWithParent: boolean;
  /** What is allowed and still deserves a word at the start. */
  readonly warnings: readonly string[];
}

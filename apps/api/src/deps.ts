/** What the API needs of the world; apps wire it (main.ts, apps/wsad), tests may replace any of it. */
import type { BaseAdapter } from '@bull-board/api/baseAdapter';
import type { EnvironmentRules, KsefEnvironment } from '@wsad/domain';
import type { Doorbell } from '@wsad/engine';
import type { CheckedInvoice, CheckRules } from '@wsad/invoice';
import type { Telemetry } from '@wsad/telemetry';
import type { FastifyBaseLogger } from 'fastify';
import type { CallLimits } from './intake/call-budget.ts';
import type { IntakeRoom } from './intake/intake-room.ts';
import type { ApiLedger } from './ledger-port.ts';

export interface ApiDeps {
  readonly ledger: ApiLedger;
  readonly checker: {
    check(
      files: readonly Uint8Array[],
      rules: CheckRules,
      deflated?: readonly (Uint8Array | null)[],
    ): Promise<CheckedInvoice[]>;
  };
  readonly doorbell: Pick<
    Doorbell,
    'dispatch' | 'login' | 'invoiceReceipt' | 'confirmation' | 'authSessions'
  >;
  readonly queueAnswers: () => Promise<boolean>;
  /** Queues as Bull Board wants them. */
  readonly board: readonly BaseAdapter[];
  readonly telemetry: Pick<Telemetry, 'contentType' | 'metrics' | 'emit'>;
  readonly logger: FastifyBaseLogger;
  readonly environment: KsefEnvironment;
  /** What differs between the environments: forms, check digits, the host of QR codes. */
  readonly rules: EnvironmentRules;
  readonly clock: () => Date;
  readonly randomBytes: (count: number) => Buffer;
  readonly adminToken: string;
  /** How long a call of up to five invoices waits for neighbours. */
  readonly lingerMs: number;
  readonly room: IntakeRoom;
  /** Addresses and networks of proxies whose X-Forwarded-… headers are believed; none where nothing is said. */
  readonly trustedProxies?: readonly string[];
  /** Hosts that webhooks may call although they are private; none where nothing is said. */
  readonly webhookHosts?: readonly string[];
  /** Smaller ones than the contract's serve tests alone. */
  readonly callLimits?: CallLimits;
  /** How often a followed submission is looked at. */
  readonly progressEveryMs?: number;
}

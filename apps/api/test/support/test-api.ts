import { randomBytes } from 'node:crypto';
import { ENVIRONMENTS, type KsefEnvironment, type Lane } from '@wsad/domain';
import { createInvoiceChecker, type InvoiceChecker } from '@wsad/invoice';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { createLogger, createTelemetry } from '@wsad/telemetry';
import { testDatabase } from '@wsad/testkit';
import type { FastifyInstance } from 'fastify';
import { type ApiDeps, buildApi } from '../../src/index.ts';
import { CALL_BYTES_MAX } from '../../src/intake/call-budget.ts';
import { intakeRoom } from '../../src/intake/intake-room.ts';

export const ADMIN = 'administrator-token-of-the-tests';
export const NIP = '5265877635';
export const OTHER_NIP = '1234563218';
export const TODAY = '2026-10-20';

const VAULT_KEY = Buffer.alloc(32, 7);

export interface TestApi {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly ledger: PostgresLedger;
  readonly rings: {
    lanes: Lane[];
    logins: string[];
    receipts: string[];
    confirmations: string[];
    authSessions: string[];
  };
  readonly logged: string[];
  /** Moves the clock. */
  setNow(now: Date): void;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  key(role: 'read' | 'submit' | 'admin', sellers: 'all' | string[]): Promise<string>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly key?: string | null;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData | ReadableStream | undefined;
  readonly json?: unknown;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: ReturnType<typeof JSON.parse>;
}

let checker: InvoiceChecker | undefined;

/** The API on a port of this machine, over the real ledger, PostgreSQL and checker. */
export async function startTestApi(
  options: Partial<ApiDeps> & { environment?: KsefEnvironment } = {},
): Promise<TestApi> {
  const database = await testDatabase({ template: 'api_ledger', prepare });
  const ledger = createLedger({ databaseUrl: database.url, vaultKey: VAULT_KEY, connectionsMax: 5 });
  checker ??= createInvoiceChecker({ threads: 1 });
  const rings: TestApi['rings'] = {
    lanes: [],
    logins: [],
    receipts: [],
    confirmations: [],
    authSessions: [],
  };
  const logged: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => logged.push(line) } });
  const environment = options.environment ?? 'TEST';
  let now = new Date(`${TODAY}T10:00:00Z`);
  const app = await buildApi({
    ledger,
    checker,
    doorbell: {
      dispatch: async (lane) => void rings.lanes.push(lane),
      login: async (nip) => void rings.logins.push(nip),
      invoiceReceipt: async (id) => void rings.receipts.push(id),
      confirmation: async (id) => void rings.confirmations.push(id),
      authSessions: async (nip) => void rings.authSessions.push(nip),
    },
    queueAnswers: async () => true,
    board: [],
    telemetry: createTelemetry({ logger }),
    logger,
    environment,
    rules: ENVIRONMENTS[environment],
    clock: () => now,
    randomBytes,
    adminToken: ADMIN,
    lingerMs: 250,
    room: intakeRoom(CALL_BYTES_MAX * 2),
    progressEveryMs: 5,
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const call: TestApi['call'] = (method, path, given = {}) => callAt(url, method, path, given);
  return {
    url,
    app,
    ledger,
    rings,
    logged,
    setNow: (moment) => {
      now = moment;
    },
    call,
    async key(role, sellers) {
      const made = await call('POST', '/v1/keys', { json: { name: role, role, sellers } });
      return made.json.key;
    },
    async close() {
      await app.close();
      await ledger.close();
      await database.drop();
    },
  };
}

async function prepare(databaseUrl: string): Promise<void> {
  const ledger = createLedger({ databaseUrl, vaultKey: VAULT_KEY });
  await ledger.migrate();
  await ledger.close();
}

async function callAt(url: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const headers = new Headers(options.headers);
  if (options.key !== null) headers.set('authorization', `Bearer ${options.key ?? ADMIN}`);
  if (options.json !== undefined) headers.set('content-type', 'application/json');
  if (options.type !== undefined) headers.set('content-type', options.type);
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const answer = await fetch(url + path, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
}

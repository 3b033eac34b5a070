/** The path without its processes: PostgreSQL, the emulator, the client, the archive and the checker are real. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRightOfWay, type IntakeInvoice, type WsadEvent, warsawDay } from '@wsad/domain';
import { type Emulator, type EmulatorOptions, startEmulator } from '@wsad/emulator';
import type { Doorbell, World } from '@wsad/engine';
import { createInvoiceChecker, type InvoiceChecker } from '@wsad/invoice';
import { createLedger, type PostgresLedger } from '@wsad/ledger';
import { makeInvoice } from '@wsad/samples';
import { testDatabase } from '@wsad/testkit';
import { createWorld, type WorldParts } from '@wsad/wiring';
import { createHandQueue } from './hand-queue.ts';

export const NIP = '5265877635';

export interface PathOptions {
  readonly emulator?: EmulatorOptions;
  readonly compression?: 'TarGz' | 'Zip';
  /** What takes long to start, for many paths one after another; its owner closes it. */
  readonly shared?: SharedParts;
  /** A database that outlives the path; its owner drops it. */
  readonly database?: { readonly url: string; readonly vaultKey: Buffer };
  /** Puts something between the engine and the world. */
  readonly over?: (world: World, emulator: Emulator, ledger: PostgresLedger) => World;
}

export interface SharedParts {
  readonly emulator: Emulator;
  readonly checker: InvoiceChecker;
}

export async function startShared(
  clock: () => Date,
  options: EmulatorOptions = {},
): Promise<SharedParts & { close(): Promise<void> }> {
  const emulator = await startEmulator({ port: 0, speed: 'instant', clock, ...options });
  const checker = createInvoiceChecker({ threads: 1 });
  return {
    emulator,
    checker,
    async close() {
      await checker.close();
      await emulator.close();
    },
  };
}

/** With a queue turned by hand, in the machine's own time. */
export async function startPath(options: PathOptions = {}) {
  const queue = createHandQueue();
  const path = await openPath({ ...options, clock: () => new Date(), doorbell: queue.doorbell });
  return {
    ...path,
    queue,
    putToken: (token = `token-${randomUUID()}`) => path.putToken(NIP, token),
    /** Accepts made-up invoices as the API would, and rings for them. */
    submit: (count: number, prefix: string, issueDate = '2026-02-01') =>
      path.submit(
        NIP,
        Array.from({ length: count }, (_, seed) =>
          makeInvoice({ nip: NIP, number: `${prefix}/${seed + 1}`, issueDate, seed }),
        ),
      ),
  };
}

export async function openPath(
  options: PathOptions & Pick<WorldParts, 'clock' | 'pace'> & { readonly doorbell: Doorbell },
) {
  const { clock, doorbell, pace, compression = 'TarGz' } = options;
  const emulator =
    options.shared?.emulator ??
    (await startEmulator({ port: 0, speed: 'instant', clock, ...options.emulator }));
  const database = options.database === undefined ? await newDatabase() : kept(options.database);
  const rightOfWay = createRightOfWay();
  const ledger = createLedger({
    databaseUrl: database.url,
    vaultKey: database.vaultKey,
    egress: 'test',
    giveWay: rightOfWay.giveWay,
  });
  if (options.database !== undefined) await ledger.migrate();
  await ledger.bindEnvironment('TEST');
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'wsad-test-'));
  const events: WsadEvent[] = [];
  const { world: wired, close } = createWorld({
    rightOfWay,
    ...{ ledger, doorbell, clock, spoolDirectory, compression },
    emit: (event) => events.push(event),
    ksefBaseUrl: `${emulator.url}/v2`,
    egress: 'test',
    ...(pace === undefined ? {} : { pace }),
  });
  const world = options.over?.(wired, emulator, ledger) ?? wired;
  const checker = options.shared?.checker ?? createInvoiceChecker({ threads: 1 });
  return {
    ...{ emulator, ledger, world, events },
    putToken: (nip: string, token: string) =>
      ledger.putCredentials({
        owner: { nip },
        secret: { type: 'ksefToken', token },
        actor: 'test',
        now: clock(),
      }),
    async submit(nip: string, xmls: readonly string[], { urgent = false } = {}) {
      const results = await accept(ledger, await check(checker, nip, xmls, clock()), nip, clock(), urgent);
      await doorbell.dispatch({ nip, form: 'FA (3)', mode: 'online' });
      return results;
    },
    async close() {
      await close();
      await ledger.close();
      if (options.shared === undefined) {
        await checker.close();
        await emulator.close();
      }
      await database.drop();
      await rm(spoolDirectory, { recursive: true, force: true });
    },
  };
}

/** Whoever owns it drops it. */
function kept(database: NonNullable<PathOptions['database']>) {
  return { ...database, drop: async () => {} };
}

async function newDatabase() {
  return {
    ...(await testDatabase({ template: 'ledger', prepare: migrated })),
    vaultKey: randomBytes(32),
  };
}

async function migrated(databaseUrl: string): Promise<void> {
  const ledger = createLedger({ databaseUrl, vaultKey: randomBytes(32) });
  await ledger.migrate();
  await ledger.close();
}

async function check(
  checker: InvoiceChecker,
  nip: string,
  xmls: readonly string[],
  now: Date,
): Promise<IntakeInvoice[]> {
  const checked = await checker.check(
    xmls.map((xml) => Buffer.from(xml)),
    {
      environment: 'TEST',
      forms: ['FA (3)', 'FA (2)'],
      nipChecksum: false,
      sellerNip: nip,
      onBehalf: false,
      today: warsawDay(now),
      daysAheadMax: 31,
    },
  );
  return checked.map(({ facts, faults, ...file }, position) => {
    if (facts === null || faults.length > 0)
      throw new Error(`invoice ${position}: ${JSON.stringify(faults)}`);
    return { position, externalId: null, fileName: null, ...file, facts };
  });
}

async function accept(
  ledger: PostgresLedger,
  invoices: IntakeInvoice[],
  nip: string,
  now: Date,
  urgent: boolean,
) {
  return await ledger.accept({
    submissionId: randomUUID(),
    ...{ nip, invoices, now },
    mode: 'online',
    refused: [],
    idempotencyKey: null,
    urgent,
    actor: 'test',
    dueAt: now,
  });
}

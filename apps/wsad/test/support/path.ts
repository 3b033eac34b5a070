/** Everything the path needs, real save for the queue: PostgreSQL, the emulator, the client, the archive, the checker. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IntakeInvoice, WsadEvent } from '@wsad/domain';
import { type EmulatorOptions, startEmulator } from '@wsad/emulator';
import { createInvoiceChecker } from '@wsad/invoice';
import { createLedger } from '@wsad/ledger';
import { makeInvoice } from '@wsad/samples';
import { testDatabase } from '@wsad/testkit';
import { createWorld } from '@wsad/wiring';
import { createHandQueue } from './hand-queue.ts';

export const NIP = '5265877635';

async function migrated(databaseUrl: string): Promise<void> {
  const ledger = createLedger({ databaseUrl, vaultKey: randomBytes(32) });
  await ledger.migrate();
  await ledger.close();
}

export async function startPath(options: { emulator?: EmulatorOptions; compression?: 'TarGz' | 'Zip' } = {}) {
  const clock = () => new Date();
  const emulator = await startEmulator({ port: 0, speed: 'instant', ...options.emulator });
  const database = await testDatabase({ template: 'ledger', prepare: migrated });
  const ledger = createLedger({ databaseUrl: database.url, vaultKey: randomBytes(32) });
  await ledger.bindEnvironment('TEST');
  const spoolDirectory = await mkdtemp(join(tmpdir(), 'wsad-test-'));
  const events: WsadEvent[] = [];
  const queue = createHandQueue();
  const { world, close } = createWorld({
    ledger,
    doorbell: queue.doorbell,
    emit: (event) => events.push(event),
    clock,
    ksefBaseUrl: `${emulator.url}/v2`,
    egress: 'test',
    spoolDirectory,
    compression: options.compression ?? 'TarGz',
  });
  const checker = createInvoiceChecker({ threads: 1 });
  return {
    emulator,
    ledger,
    world,
    events,
    queue,
    async close() {
      await close();
      await ledger.close();
      await checker.close();
      await emulator.close();
      await database.drop();
      await rm(spoolDirectory, { recursive: true, force: true });
    },
    async putToken(token = `token-${randomUUID()}`) {
      return await ledger.putCredentials({
        owner: { nip: NIP },
        secret: { type: 'ksefToken', token },
        actor: 'test',
        now: clock(),
      });
    },
    /** Accepts made-up invoices as the API would, and rings for them. */
    async submit(count: number, prefix: string, day = '2026-02-01') {
      const xmls = Array.from({ length: count }, (_, index) =>
        Buffer.from(makeInvoice({ nip: NIP, number: `${prefix}/${index + 1}`, issueDate: day, seed: index })),
      );
      return await this.submitXmls(xmls);
    },
    async submitXmls(xmls: Buffer[]) {
      const checked = await checker.check(xmls, {
        environment: 'TEST',
        forms: ['FA (3)', 'FA (2)'],
        nipChecksum: false,
        sellerNip: NIP,
        onBehalf: false,
        today: '2026-11-22',
        daysAheadMax: 31,
      });
      const invoices = checked.map(({ facts, faults, ...file }, position): IntakeInvoice => {
        if (facts === null || faults.length > 0)
          throw new Error(`invoice ${position}: ${JSON.stringify(faults)}`);
        return { position, externalId: null, fileName: null, ...file, facts };
      });
      const now = clock();
      const results = await ledger.accept({
        submissionId: randomUUID(),
        nip: NIP,
        mode: 'online',
        invoices,
        refused: [],
        idempotencyKey: null,
        actor: 'test',
        now,
        dueAt: now,
      });
      await queue.doorbell.dispatch({ nip: NIP, form: 'FA (3)', mode: 'online' });
      return results;
    },
  };
}

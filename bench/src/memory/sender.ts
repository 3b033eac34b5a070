/**
 * Sends one session as a worker does, and tells what it took. The ledger gives pages and forgets what it is told, and
 * KSeF opens and closes; what lies between is the worker's own code.
 *
 *   node bench/src/memory/sender.ts <TarGz|Zip> <megabytes> <address of the storage>
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LOOKS_TO_SPARE, NOBODY_FIRST, type SendingSession, type WsadEvent } from '@wsad/domain';
import { sendSession, type World } from '@wsad/engine';
import type { PostgresLedger } from '@wsad/ledger';
import { createWorld } from '@wsad/wiring';
import { z } from 'zod';
import type { Sending } from './sending.ts';
import { storedInvoices } from './stored.ts';

const [compression, megabytes, storageUrl] = z
  .tuple([z.enum(['TarGz', 'Zip']), z.coerce.number(), z.url()])
  .parse(process.argv.slice(2));

const session: SendingSession = {
  id: 'session',
  nip: '5265877635',
  form: 'FA (3)',
  mode: 'online',
  kind: 'batch',
  state: 'claimed',
  fence: 1,
  tries: 0,
  invoiceCount: 1,
  onTrial: false,
  key: randomBytes(32),
  iv: randomBytes(16),
  reference: null,
  credentialId: null,
  openedAt: null,
  usableUntil: null,
  package: null,
  parts: [],
  origins: [],
};

const nothing = async () => undefined;

/** Only what one session needs is there. */
const ledger = {
  pacer: () => ({
    take: async () => ({ answered: nothing }),
    refused: nothing,
    looksLeft: () => LOOKS_TO_SPARE,
  }),
  recordConnection: nothing,
  authentication: async () => ({
    nip: session.nip,
    state: 'active',
    credentialId: 'credential',
    method: 'ksefToken',
    accessToken: 'token',
    accessUntil: new Date(Date.now() + 3_600_000),
    refreshToken: null,
    refreshUntil: null,
    permissions: null,
    limitsReadAt: null,
    lastError: null,
  }),
  acquireSession: async () => session,
  renewLease: async () => true,
  releaseLease: nothing,
  payloads: () => storedInvoices(megabytes * 1e6),
  recordOpened: nothing,
  recordPartUploaded: nothing,
  recordClosing: nothing,
  recordClosed: nothing,
} as Partial<PostgresLedger> as PostgresLedger;

const doorbell: World['doorbell'] = {
  dispatch: nothing,
  send: nothing,
  follow: nothing,
  login: nothing,
  invoiceReceipt: nothing,
  confirmation: nothing,
  authSessions: nothing,
  webhook: nothing,
};

/** Storage is the one that really takes bytes; opening and closing are single small calls. */
function withOpenSession(ksef: World['ksef']): World['ksef'] {
  return {
    ...ksef,
    openBatch: async (_nip, _accessToken, { parts }) => ({
      reference: 'reference',
      usableUntil: new Date(Date.now() + 3_600_000),
      uploads: parts.map(({ ordinal }) => ({
        ordinal,
        method: 'PUT',
        url: `${storageUrl}/${ordinal}`,
        headers: {},
      })),
    }),
    closeBatch: nothing,
  };
}

const spoolDirectory = await mkdtemp(join(tmpdir(), 'wsad-bench-'));
const events: WsadEvent[] = [];
const wired = createWorld({
  rightOfWay: NOBODY_FIRST,
  ledger,
  doorbell,
  emit: (event) => void events.push(event),
  clock: () => new Date(),
  ksefBaseUrl: `${storageUrl}/v2`,
  egress: 'bench',
  spoolDirectory,
  compression,
});
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const startedAt = performance.now();
await sendSession({ ...wired.world, ksef: withOpenSession(wired.world.ksef) }, session.id);
const elapsedMs = performance.now() - startedAt;
delay.disable();
await wired.close();
await rm(spoolDirectory, { recursive: true });

const packaged = events.find((event) => event.type === 'session.packaged');
const isClosed = events.some((event) => event.type === 'session.closed');
if (packaged === undefined || !isClosed) throw new Error(`not sent: ${JSON.stringify(events.at(-1))}`);
const sending: Sending = {
  packageBytes: packaged.bytes,
  parts: packaged.parts,
  elapsedMs,
  peakBytes: await peakBytes(),
  loopP99Ms: delay.percentile(99) / 1e6,
};
process.stdout.write(JSON.stringify(sending));

/** Of this process alone: on Linux the usage of resources still counts the peak of the process that started it. */
async function peakBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) * 1024;
}

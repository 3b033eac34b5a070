/** A world of models: ledger and KSeF in memory, a clock moved by hand and a queue turned by hand. */
import { Readable } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import { type Lane, NOBODY_FIRST, type Outcome, snooze, unobserved, type WsadEvent } from '@wsad/domain';
import {
  type BuiltPackage,
  confirmInvoice,
  type Doorbell,
  deliverToWebhook,
  dispatchLane,
  fetchInvoiceReceipt,
  followSession,
  type Ledger,
  logIn,
  type Packager,
  rescue,
  sendSession,
  tendAuthSessions,
  type WebhookLedger,
  type World,
} from '../../src/index.ts';
import { following, reconciling, rescuing, watching } from './following-ledger.ts';
import { createKsefModel, type KsefModel, type KsefModelOptions } from './ksef-model.ts';
import { loggingIn, putCredential } from './login-ledger.ts';
import { dispatching, sending } from './sending-ledger.ts';
import { emptyState, LANE, type LedgerState, type ModelInvoice, newInvoice, sha256 } from './state.ts';

export interface TestWorld {
  readonly world: World;
  readonly state: LedgerState;
  readonly model: KsefModel;
  readonly events: WsadEvent[];
  readonly queue: Queue;
  /** Lets time pass. */
  pass(ms: number): void;
  /** Accepts invoices with these texts. */
  accept(...texts: string[]): ModelInvoice[];
  /** `count` of them. */
  acceptMany(count: number): ModelInvoice[];
  /** Dispatches, and turns the queue until every invoice is at rest. */
  settle(world?: World): Promise<void>;
}

export interface TestWorldOptions extends Omit<KsefModelOptions, 'clock'> {
  readonly partBytes?: number;
  readonly credential?: boolean;
}

export const START = new Date('2026-11-22T09:00:00Z');

export function testWorld(options: TestWorldOptions = {}): TestWorld {
  let now = START;
  const clock = () => now;
  const state = emptyState();
  const events: WsadEvent[] = [];
  const model = createKsefModel({ ...options, clock });
  const queue = createQueue(clock, (to) => {
    now = to;
  });
  if (options.credential !== false)
    putCredential(state, { id: 'credential-1', type: 'ksefToken', token: 'secret' });
  const world: World = {
    ledger: modelLedger(state),
    ksef: model.ksef,
    packager: modelPackager(options.partBytes ?? 1_000_000),
    doorbell: queue.doorbell,
    clock,
    emit: (event) => events.push(event),
    observe: unobserved,
    owner: 'test',
    compression: 'TarGz',
    latarnia: null,
    rightOfWay: NOBODY_FIRST,
    webhooks: { send: async () => ({ kind: 'delivered', status: 204 }) },
  };
  const accept = (...texts: string[]): ModelInvoice[] =>
    texts.map((text) => {
      const invoice = newInvoice(text, now);
      state.invoices.set(invoice.id, invoice);
      return invoice;
    });
  return {
    world,
    state,
    model,
    events,
    queue,
    pass: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    accept,
    acceptMany: (count) => accept(...Array.from({ length: count }, (_, index) => `FV/${index + 1}`)),
    async settle(by = world) {
      await queue.doorbell.dispatch(LANE);
      await queue.turn(by, () => atRest(state));
    },
  };
}

export function atRest(state: LedgerState): boolean {
  return [...state.invoices.values()].every((invoice) =>
    ['cleared', 'rejected', 'held', 'withdrawn'].includes(invoice.state),
  );
}

export function modelLedger(state: LedgerState): Ledger {
  return {
    ...dispatching(state),
    ...sending(state),
    ...following(state),
    ...loggingIn(state),
    ...rescuing(state),
    ...watching(),
    ...reconciling(),
    ...telling(),
  };
}

/** Nobody wants to be told. */
function telling(): WebhookLedger {
  return {
    gatherWebhooks: async () => 0,
    webhooksDue: async () => [],
    claimDelivery: async () => null,
    recordDelivery: async () => null,
  };
}

interface Ring {
  readonly id: string;
  readonly run: (world: World) => Promise<Outcome>;
  readonly dueAt: Date;
}

export interface Queue {
  readonly doorbell: Doorbell;
  readonly rung: () => string[];
  /** As a queue that loses everything. */
  clear(): void;
  /** Runs what is rung, moving the clock on to whatever comes next, until `enough`. */
  turn(world: World, enough: () => boolean): Promise<void>;
  /** One job, or one step of the clock. */
  step(world: World): Promise<void>;
}

const STEPS_MAX = 20_000;
const RESCUE_EVERY_MS = 1_000;

function createQueue(clock: () => Date, setClock: (to: Date) => void): Queue {
  const rings = new Map<string, Ring>();
  const ring = async (id: string, run: Ring['run']): Promise<void> => {
    rings.set(id, { id, run, dueAt: clock() });
  };
  const next = (): Ring | undefined =>
    [...rings.values()].sort((left, right) => left.dueAt.getTime() - right.dueAt.getTime())[0];

  async function run(world: World, { id, run: work }: Ring): Promise<void> {
    rings.delete(id);
    const outcome = await work(world);
    const later = outcome.kind === 'retry' ? snooze(new Date(clock().getTime() + 1_000), '') : outcome;
    if (later.kind === 'snooze' && !rings.has(id)) rings.set(id, { id, run: work, dueAt: later.until });
  }

  async function step(world: World): Promise<void> {
    const ready = next();
    if (ready !== undefined && ready.dueAt <= clock()) return await run(world, ready);
    setClock(ready?.dueAt ?? new Date(clock().getTime() + RESCUE_EVERY_MS));
    await rescue(world);
  }

  return {
    doorbell: {
      dispatch: (lane: Lane) => ring('dispatch', (world) => dispatchLane(world, lane)),
      send: (id) => ring(`send ${id}`, (world) => sendSession(world, id)),
      follow: (id) => ring(`follow ${id}`, (world) => followSession(world, id)),
      login: (nip) => ring(`login ${nip}`, (world) => logIn(world, nip)),
      invoiceReceipt: (id) => ring(`receipt ${id}`, (world) => fetchInvoiceReceipt(world, id)),
      confirmation: (id) => ring(`confirmation ${id}`, (world) => confirmInvoice(world, id)),
      authSessions: (nip) => ring(`authSessions ${nip}`, (world) => tendAuthSessions(world, nip)),
      webhook: (id) => ring(`webhook ${id}`, (world) => deliverToWebhook(world, id, () => 0)),
    },
    rung: () => [...rings.keys()],
    clear: () => rings.clear(),
    step,
    async turn(world, enough) {
      for (let steps = 0; !enough(); steps += 1) {
        if (steps > STEPS_MAX) throw new Error(`not at rest after ${STEPS_MAX} steps`);
        await step(world);
      }
    },
  };
}

/** A package is the JSON of its files, cut into parts. */
function modelPackager(partBytes: number): Packager {
  return {
    async build({ entries }) {
      const files: [string, string][] = [];
      for await (const { name, deflated } of entries) files.push([name, inflateRawSync(deflated).toString()]);
      return packageOf(Buffer.from(JSON.stringify(files)), partBytes);
    },
    encryptInvoice(plain) {
      const encrypted = Buffer.from(plain);
      const hash = sha256(plain);
      return { encrypted, sha256: hash, sizeBytes: plain.length, encryptedSha256: hash };
    },
  };
}

function packageOf(archive: Buffer, partBytes: number): BuiltPackage {
  const count = Math.ceil(archive.length / partBytes);
  const contents = Array.from({ length: count }, (_, index) =>
    archive.subarray(index * partBytes, (index + 1) * partBytes),
  );
  const parts = contents.map((bytes, index) => ({
    ordinal: index + 1,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    path: '',
  }));
  return {
    sizeBytes: archive.length,
    sha256: sha256(archive),
    parts,
    open: (ordinal) => Readable.from([contents[ordinal - 1] ?? Buffer.alloc(0)]),
    async dispose() {},
  };
}

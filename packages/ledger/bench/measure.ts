/** What the ledger's big steps cost: `node packages/ledger/bench/measure.ts postgres://… [invoices] [history]`. */
import { createHash, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type AcceptCommand, crc8, type IntakeInvoice, planDispatch } from '@wsad/domain';
import { createLedger, newId, type PostgresLedger } from '../src/index.ts';

const NIP = '5265877635';
const LANE = { nip: NIP, form: 'FA (3)', mode: 'online' } as const;
/** Deflated size of the Ministry's example invoices: 13.3 MB for 10,000. */
const PAYLOAD_BYTES = 1330;
const PACED_CALLS = 500;

export type Measured = Record<string, number>;

/** Milliseconds of each step, for `invoices` of them on top of `history` settled ones. */
export async function measureLedger(databaseUrl: string, invoices = 10_000, history = 0): Promise<Measured> {
  const ledger = createLedger({ databaseUrl, vaultKey: randomBytes(32) });
  try {
    await ledger.migrate();
    const now = new Date();
    const secret = { type: 'ksefToken', token: 'a-token' } as const;
    await ledger.putCredentials({ owner: { nip: NIP }, secret, actor: 'bench', now });
    for (let made = 0; made < history; made += 10_000) await wholePath(ledger, 10_000);
    await ledger.pool.query('ANALYZE');
    return { ...(await wholePath(ledger, invoices)), ...(await paced(ledger)) };
  } finally {
    await ledger.close();
  }
}

async function wholePath(ledger: PostgresLedger, invoices: number): Promise<Measured> {
  const measured: Measured = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    measured[name] = Math.round((performance.now() - startedAt) * 10) / 10;
    return result;
  };
  const command = acceptCommand(invoices);
  const { now } = command;
  await timed('acceptMs', () => ledger.accept(command));
  await timed('acceptAgainMs', () => ledger.accept({ ...command, submissionId: newId(now, randomBytes) }));
  const { sessions } = await timed('claimMs', () =>
    ledger.claimLane(LANE, now, (waiting, room) => planDispatch(now, waiting, room)),
  );
  await timed('submissionMs', () => ledger.submission(command.submissionId, 'all'));
  for (const { id } of sessions) await sendAndSettle(ledger, id, now, timed);
  await timed('lanesDueMs', () => ledger.lanesDue(now, 100));
  await timed('metricsMs', () => ledger.metrics(now));
  return measured;
}

async function sendAndSettle(
  ledger: PostgresLedger,
  id: string,
  now: Date,
  timed: <T>(name: string, work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const session = await timed('acquireMs', () => ledger.acquireSession(id, 'bench', now, 60_000));
  const credential = await ledger.credentialOf(NIP);
  if (session === null || credential === null) throw new Error('the session cannot be taken');
  await timed('payloadsMs', async () => {
    for await (const stored of ledger.payloads(id)) void stored;
  });
  const opened = { reference: `bench-${id}`, credentialId: credential.id, openedAt: now, usableUntil: now };
  await ledger.recordOpened(id, session.fence, { ...opened, package: null, parts: [] });
  await ledger.recordClosing(id, session.fence, now);
  await timed('closedMs', () => ledger.recordClosed(id, session.fence, now));
  const members = await timed('membersMs', () => ledger.members(id));
  await timed('settleMs', () =>
    ledger.settleSession(
      id,
      members.map(({ sha256 }) => ({ sha256, reference: null, outcome: cleared(now) })),
      [{ page: 1, reference: 'upo', xml: randomBytes(3_000_000), sha256: 'none' }],
      now,
    ),
  );
}

/** One call after another, as a single process makes them: the cost of a place in every window. */
async function paced(ledger: PostgresLedger): Promise<Measured> {
  let ms = Date.now();
  const clock = (): Date => new Date(ms);
  const pacer = ledger.pacer({ egress: `bench-${ms}`, clock, wait: async () => {} });
  const startedAt = performance.now();
  for (let calls = 0; calls < PACED_CALLS; calls += 1) {
    const slot = await pacer.take('sessionStatus', NIP);
    await slot.answered();
    ms += 3_100;
  }
  return { pacedCallMs: Math.round(((performance.now() - startedAt) / PACED_CALLS) * 100) / 100 };
}

function acceptCommand(count: number): AcceptCommand {
  const now = new Date();
  const run = newId(now, randomBytes);
  const invoices = Array.from({ length: count }, (_, position) => intake(`${run}/${position}`, position));
  return {
    submissionId: run,
    nip: NIP,
    mode: 'online',
    invoices,
    refused: [],
    idempotencyKey: null,
    urgent: false,
    actor: 'bench',
    now,
    dueAt: now,
  };
}

function intake(number: string, position: number): IntakeInvoice {
  return {
    position,
    externalId: null,
    fileName: `${position}.xml`,
    sha256: createHash('sha256').update(number).digest('base64'),
    sizeBytes: 4000,
    deflated: randomBytes(PAYLOAD_BYTES),
    crc32: 0,
    facts: {
      form: 'FA (3)',
      issuerNip: NIP,
      kind: 'VAT',
      number,
      issueDate: new Date().toISOString().slice(0, 10),
      hasAttachment: false,
      buyerName: 'Nabywca sp. z o.o.',
      buyerNip: '7831812112',
      currency: 'PLN',
      grossAmount: '1230.00',
    },
  };
}

function cleared(at: Date) {
  const body = `${NIP}-20261020-${randomBytes(6).toString('hex').toUpperCase()}`;
  const ksefNumber = `${body}-${crc8(body).toString(16).toUpperCase().padStart(2, '0')}`;
  return { state: 'cleared', ksefNumber, invoicingMode: 'Online', acquiredAt: at, receiptPage: 1 } as const;
}

if (import.meta.main) {
  const [url = '', invoices = '10000', history = '0'] = process.argv.slice(2);
  const measured = await measureLedger(url, Number(invoices), Number(history));
  process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
}

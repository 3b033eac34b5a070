/** Bugs that are planted in wsad, each with the trouble that brings it to light and what the checker must say. */

import type { FindingName } from '../../src/checker.ts';
import type { PlannedFault } from '../../src/faults.ts';
import type { Plant } from '../../src/fleet.ts';
import type { Plan, PlannedSeller } from '../../src/plan.ts';
import { planOf } from '../../src/plan.ts';

export interface PlantedBug {
  readonly bug: string;
  readonly plants: readonly Plant[];
  readonly plan: Plan;
  readonly finding: FindingName;
  /** For bugs whose end is that nothing happens any more. */
  readonly patienceMs?: number;
}

const BATCH = 8;
const LEASE_AND_MORE_MS = 10_000;
/** Far enough apart for each to leave alone. */
const SPACING_MS = 2_500;

function planWith(
  faults: readonly PlannedFault[],
  counts: readonly (readonly number[])[],
  change: Partial<Plan> = {},
): Plan {
  const base = planOf(0, 'quick');
  const sellers = base.sellers.slice(0, counts.length).map(
    ({ nip }, place): PlannedSeller => ({
      nip,
      login: 'token',
      submissions: (counts[place] ?? []).map((count, submission) => ({
        atMs: submission * SPACING_MS,
        invoices: Array.from({ length: count }, (_, seed) => ({ seed: seed + 1, bad: false })),
        offline: false,
        again: false,
      })),
    }),
  );
  return { ...base, queue: 'redis', shape: 'apart', workers: 1, sellers, faults, ...change };
}

const ksefFault = (fault: string): PlannedFault => ({ kind: `ksef-${fault}`, how: 'ksef', fault, times: 1 });

/** The first worker sleeps before it notes the invoice; the second takes over and is slow to close. */
const TWO_SENDERS: readonly PlannedFault[] = [
  {
    kind: 'pause-at-intent',
    how: 'pause-at',
    part: 'worker',
    point: { at: 'query', phase: 'before', skip: 0, text: 'SET intent_at' },
    lastsMs: LEASE_AND_MORE_MS + 4_000,
  },
  {
    kind: 'pause-at-intent',
    how: 'pause-at',
    part: 'worker',
    point: { at: 'call', call: 'online-close', phase: 'before', bytes: 0 },
    lastsMs: LEASE_AND_MORE_MS,
  },
];

/** Killed when KSeF has closed the batch and the answer is lost; hours later somebody goes on, and nobody follows. */
const CLOSED_UNAWARES: readonly PlannedFault[] = [
  {
    kind: 'crash-at-batch-close',
    how: 'crash',
    part: 'worker',
    point: { at: 'call', call: 'batch-close', phase: 'answered', bytes: 0 },
    backAfterMs: 500,
  },
  {
    kind: 'crash-at-batch-close',
    after: 0,
    how: 'clock',
    whose: 'all',
    shiftMs: 3 * 3_600_000,
    atMs: 0,
    lastsMs: null,
  },
  { kind: 'kill-poller', after: 0, how: 'kill', parts: ['poller'], atMs: 0, backAfterMs: 15_000 },
];

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    bug: "the fence of a sender's claim is not looked at",
    plants: [
      {
        file: 'packages/ledger/src/sending.ts',
        find: 'WITH fenced AS (SELECT id FROM sessions WHERE id = $1 AND fence = $2',
        plant: 'WITH fenced AS (SELECT id FROM sessions WHERE id = $1 AND $2::int IS NOT NULL',
      },
    ],
    plan: planWith(TWO_SENDERS, [[1]], { workers: 2 }),
    finding: 'sent twice',
  },
  {
    bug: 'closing is recorded only when it has been done',
    plants: [
      {
        file: 'packages/engine/src/close.ts',
        find: 'if (!known.mayHaveClosed) await world.ledger.recordClosing(session.id, session.fence, world.clock());',
        plant: '',
      },
      {
        file: 'packages/engine/src/close.ts',
        find: '  await largeInTurnAnyway(',
        plant:
          '  if (!known.mayHaveClosed) await world.ledger.recordClosing(session.id, session.fence, world.clock());\n  await largeInTurnAnyway(',
      },
    ],
    plan: planWith(CLOSED_UNAWARES, [[BATCH]]),
    finding: 'sent twice',
  },
  {
    bug: 'an invoice whose answer timed out is sent again',
    plants: [
      {
        file: 'packages/engine/src/send-interactively.ts',
        find: 'if (!nothingLeft(error)) return afterDoubtfulSend(error);',
        plant: 'if (!nothingLeft(error) && !(error instanceof KsefFault)) return afterDoubtfulSend(error);',
      },
    ],
    plan: planWith([ksefFault('invoice-send-lost-worked')], [[2]]),
    finding: 'sent twice',
  },
  {
    bug: 'a duplicate is cleared without comparing its hash',
    plants: [
      {
        file: 'packages/engine/src/duplicates.ts',
        find: 'if (registered.sha256 === sha256) return',
        plant: "if (registered.sha256 !== '') return",
      },
    ],
    plan: planWith([ksefFault('duplicate-of-foreign')], [[2]]),
    finding: 'cleared without a confirmed hash',
  },
  {
    bug: 'a call that was accepted is not written down',
    plants: [
      {
        file: 'packages/ledger/src/accept.ts',
        find: '    return command.invoices.map(',
        plant: "    await tx.query('ROLLBACK');\n    return command.invoices.map(",
      },
    ],
    plan: planWith([], [[3]]),
    finding: 'lost',
    patienceMs: 1_000,
  },
  {
    bug: 'an access token is logged',
    plants: [
      {
        file: 'packages/engine/src/access.ts',
        find: '    return await work(access);',
        plant: '    process.stderr.write(access.accessToken);\n    return await work(access);',
      },
    ],
    plan: planWith([], [[2]]),
    finding: 'secret in a log',
  },
  {
    bug: 'nobody rings again for what is due',
    plants: [
      {
        file: 'apps/poller/src/start-poller.ts',
        find: 'startLoop(() => rescue(world), RESCUE_PAUSE_MS',
        plant: 'startLoop(async () => rescue, RESCUE_PAUSE_MS',
      },
    ],
    plan: planWith(
      [
        {
          kind: 'crash-at-batch-open',
          how: 'crash',
          part: 'worker',
          point: { at: 'call', call: 'batch-open', phase: 'before', bytes: 0 },
          backAfterMs: 1_000,
        },
        { kind: 'redis-flushed', after: 0, how: 'redis', end: 'flush', atMs: 0, lastsMs: 0 },
      ],
      [[BATCH]],
    ),
    finding: 'stuck',
    patienceMs: 15_000,
  },
  {
    bug: 'the limits that KSeF names are not obeyed',
    plants: [
      {
        file: 'packages/ledger/src/rate-limits.ts',
        find: 'limits: limitsSchema.parse(row.limits),',
        plant: 'limits: {},',
      },
    ],
    // Fifteen a minute may be sent by then.
    plan: planWith(
      [{ kind: 'ksef-limits-halved', how: 'ksef', fault: 'limits-halved', times: null }],
      [[5, 5, 5, 5]],
    ),
    finding: 'over the limit',
  },
];

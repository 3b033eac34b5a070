/** Brings back what was planned by a clock that ran ahead. */
import { NEXT_TRY_MS_MAX, SECRET_OVERLAP_MS, WEBHOOK_REST_MS_MAX } from '@wsad/domain';
import { databaseClock } from './database-clock.ts';
import { type Db, inTransaction } from './db.ts';
import { LEASE_MS_MOST } from './leases.ts';
import { WAITING } from './stages.ts';

/** The longest that a gate is shut, that a turn is far, that KSeF bars a call, and that its word on consent is good. */
const GATE_MS_MOST = 300_000;
const TURN_MS_MOST = 60_000;
const PENALTY_MS_MOST = 3_600_000;
const CONSENT_MS_MOST = 86_400_000;

export interface PutBack {
  /** What is planned within so long is left as it is; 0 where the clock was seen to be put back. */
  readonly spareMs?: number;
  /** PostgreSQL's clock, where it is not to be asked. */
  readonly databaseNow?: Date;
}

/**
 * The clock of the caller was put back to `now`. Moments that lie ahead of it may have been set while it ran ahead, and
 * would be waited for until they come again: they are brought back. What was rightly planned for later is tried early
 * once, which does no harm; who holds a lease by a right clock keeps it.
 *
 * The caller's clock may be the one that is wrong, and fall behind those of all others: what they did just now would look
 * planned, and their calls would be forgotten. So nothing is brought back to before PostgreSQL's clock. Everywhere else
 * time is passed in; here it is SQL's, since it arbitrates between machines.
 */
export async function clockPutBack(
  db: Db,
  now: Date,
  { spareMs = 0, databaseNow }: PutBack = {},
): Promise<void> {
  const arbiter = databaseNow ?? (await databaseClock(db));
  const bound = new Date(Math.max(now.getTime(), arbiter.getTime()));
  await inTransaction(db.pool, async (tx) => {
    for (const { sql, mostMs } of PLANS) await tx.query(sql, [bound, mostMs ?? spareMs]);
  });
}

interface Plan {
  readonly column: string;
  /** $1 is the time it is, $2 how many milliseconds ahead of it are believed. */
  readonly sql: string;
  /** Null: nothing says how far ahead it may rightly be. */
  readonly mostMs: number | null;
}

const BELIEVED = `($1::timestamptz + $2::float8 * interval '1 millisecond')`;
/** Of all others nobody holds a lease or puts anything off: they need not be looked at. */
const TO_SEND = `state IN ('claimed', 'opened', 'closing')`;
/** However far ahead an issue day begins, it is waited for. */
const ISSUE_DAY = `(issue_date::timestamp AT TIME ZONE 'Europe/Warsaw')`;

function plan(
  column: string,
  mostMs: number | null,
  { to = '$1', where = 'true' }: { readonly to?: string; readonly where?: string } = {},
): Plan {
  const [table = '', name = ''] = column.split('.');
  return {
    column,
    mostMs,
    sql: `UPDATE ${table} SET ${name} = ${to} WHERE ${name} > ${BELIEVED} AND ${where}`,
  };
}

const PLANS: readonly Plan[] = [
  plan('sessions.lease_until', LEASE_MS_MOST, { to: 'NULL, lease_owner = NULL', where: TO_SEND }),
  plan('sessions.send_after', null, { where: TO_SEND }),
  plan('sessions.claimed_at', 0, { where: "state = 'claimed'" }),
  plan('sessions.next_poll_at', null),
  plan('sessions.judged_at', 0, { where: 'next_poll_at IS NOT NULL' }),
  plan('authentications.login_until', LEASE_MS_MOST, { to: 'NULL, login_owner = NULL' }),
  plan('invoices.due_at', null, { where: WAITING }),
  plan('invoices.not_before', null, {
    to: `greatest($1, ${ISSUE_DAY})`,
    where: `not_before > ${ISSUE_DAY} AND ${WAITING}`,
  }),
  plan('trials.began_at', 0),
  plan('reconciliations.next_at', null, { where: 'done_at IS NULL' }),
  plan('found_sessions.next_look_at', null, { where: 'read_at IS NULL' }),
  plan('attachment_consents.ask_after', null),
  plan('attachment_consents.good_until', CONSENT_MS_MOST),
  plan('call_slots.answered_at', 0),
  plan('call_slots.taken_at', 0, { where: 'answered_at IS NULL' }),
  plan('call_penalties.until', PENALTY_MS_MOST, { to: BELIEVED }),
  plan('ksef_gates.shut_until', GATE_MS_MOST),
  plan('ksef_gates.probe_until', GATE_MS_MOST, { to: 'NULL' }),
  plan('ksef_gates.ramp_from', 0),
  plan('turns.next_at', TURN_MS_MOST),
  plan('webhooks.rests_until', WEBHOOK_REST_MS_MAX),
  plan('webhooks.earlier_until', SECRET_OVERLAP_MS, { to: BELIEVED }),
  plan('webhook_deliveries.next_at', NEXT_TRY_MS_MAX),
  plan('webhook_deliveries.lease_until', LEASE_MS_MOST, { to: 'NULL' }),
  plan('idempotency.expires_at', LEASE_MS_MOST, { to: BELIEVED, where: 'status IS NULL' }),
];

/** Every column that holds such moments. */
export const BROUGHT_BACK: readonly string[] = PLANS.map(({ column }) => column);

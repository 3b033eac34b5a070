import { type AttachmentConsent, type Lane, SENDING_ATTEMPTS_MAX } from '@wsad/domain';
import { type Db, inTransaction, type Tx } from './db.ts';
import { recordInvoicesEvent, SYSTEM_ACTOR } from './events.ts';
import { kept } from './kept-plans.ts';
import { releaseHeld } from './release.ts';
import { HELD, WAITING } from './stages.ts';

/** How the seller's attachments stand. */
export interface AttachmentStanding {
  /** Some are in line. */
  readonly waiting: boolean;
  /** KSeF's last word; null where there is none that is still good. */
  readonly answer: AttachmentConsent | null;
  /** False where the last question got no answer, and it is too early for another. */
  readonly mayAsk: boolean;
}

/** A held attachment is asked after so often; when KSeF's word itself is refused by a verdict, likewise. */
const REFUSED_GOOD_MS = 600_000;
/** Where KSeF does not tell this login, its next verdict is the only way to find out: that costs a session. */
const UNTOLD_GOOD_MS = 86_400_000;
/** Held for want of consent, and to be asked after: the others are left to a person. */
const AWAITING = `${HELD} AND hold_cause = 'attachment_consent' AND attempts < ${SENDING_ATTEMPTS_MAX}`;

/** Null where no attachment of the seller waits or is held for want of consent, or where sending is paused. */
export async function attachmentStanding(db: Db, nip: string, now: Date): Promise<AttachmentStanding | null> {
  const { rows } = await db.pool.query<StandingRow>(
    kept(`SELECT
       EXISTS (
         SELECT FROM invoices WHERE nip = $1 AND ${WAITING} AND has_attachment AND not_before <= $2
       ) AS waiting,
       EXISTS (SELECT FROM invoices WHERE nip = $1 AND ${AWAITING}) AS held,
       EXISTS (
         SELECT FROM settings WHERE paused_at IS NOT NULL
         UNION ALL SELECT FROM sellers WHERE sellers.nip = $1 AND paused_at IS NOT NULL
       ) AS paused,
       (SELECT answer FROM attachment_consents WHERE nip = $1 AND good_until > $2) AS answer,
       NOT EXISTS (SELECT FROM attachment_consents WHERE nip = $1 AND ask_after > $2) AS "mayAsk"`),
    [nip, now],
  );
  const [row] = rows;
  if (row === undefined || row.paused || !(row.waiting || row.held)) return null;
  return { waiting: row.waiting, answer: row.answer, mayAsk: row.mayAsk };
}

interface StandingRow extends AttachmentStanding {
  readonly held: boolean;
  readonly paused: boolean;
}

/** KSeF's word, good until `goodUntil`. */
export async function recordConsent(
  db: Db,
  nip: string,
  answer: AttachmentConsent,
  now: Date,
  goodUntil: Date,
): Promise<void> {
  await writeConsent(db.pool, nip, answer, now, goodUntil);
}

/**
 * KSeF's own verdict (415) says that there is none, whatever it said before. Where it had said that there is, these
 * invoices could go round for ever: each time counts as an attempt, and after too many a person must look.
 */
export async function consentRefusedByVerdict(
  tx: Tx,
  sessionId: string,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ nip: string; answer: AttachmentConsent | null; good: boolean | null }>(
    `SELECT sessions.nip, answer, good_until > $2 AS good
     FROM sessions LEFT JOIN attachment_consents AS consent ON consent.nip = sessions.nip WHERE id = $1`,
    [sessionId, now],
  );
  const [said] = rows;
  if (said === undefined || (said.answer === 'refused' && said.good === true)) return;
  if (said.answer === 'granted') await countContradiction(tx, ids);
  const goodMs = said.answer === 'unknown' ? UNTOLD_GOOD_MS : REFUSED_GOOD_MS;
  await writeConsent(tx, said.nip, 'refused', now, new Date(now.getTime() + goodMs));
}

const CONTRADICTION =
  'KSeF says that the seller may send attachments, and refuses this one all the same; clear that up with KSeF, then retry: ';

async function countContradiction(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE invoices SET attempts = attempts + 1,
       hold_detail = CASE WHEN attempts + 1 < $2 THEN hold_detail ELSE concat($3::text, hold_detail) END
     WHERE id = ANY ($1::uuid[])`,
    [ids, SENDING_ATTEMPTS_MAX, CONTRADICTION],
  );
}

async function writeConsent(
  on: Tx | Db['pool'],
  nip: string,
  answer: AttachmentConsent,
  now: Date,
  goodUntil: Date,
): Promise<void> {
  await on.query(
    `INSERT INTO attachment_consents (nip, answer, asked_at, good_until, ask_after) VALUES ($1, $2, $3, $4, $3)
     ON CONFLICT (nip) DO UPDATE SET answer = excluded.answer, asked_at = excluded.asked_at,
       good_until = excluded.good_until, ask_after = excluded.ask_after`,
    [nip, answer, now, goodUntil],
  );
}

/** No answer came: no question before `until`, and no bell rings for the attachments in line until then. */
export async function deferConsent(db: Db, nip: string, now: Date, until: Date): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    await tx.query(
      `INSERT INTO attachment_consents (nip, asked_at, good_until, ask_after) VALUES ($1, $2, $2, $3)
       ON CONFLICT (nip) DO UPDATE SET ask_after = excluded.ask_after`,
      [nip, now, until],
    );
    await tx.query(
      `UPDATE invoices SET due_at = $2 WHERE id IN (
         SELECT id FROM invoices
         WHERE nip = $1 AND ${WAITING} AND has_attachment AND due_at < $2 ORDER BY id FOR UPDATE
       )`,
      [nip, until],
    );
  });
}

/** Without consent: every attachment in line is held, those dated ahead included. Answers how many. */
export async function holdAttachments(db: Db, nip: string, now: Date): Promise<number> {
  return inTransaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `UPDATE invoices SET state = 'held', hold_cause = 'attachment_consent', held_at = $2
       WHERE id IN (
         SELECT id FROM invoices WHERE nip = $1 AND ${WAITING} AND has_attachment ORDER BY id FOR UPDATE
       )
       RETURNING id`,
      [nip, now],
    );
    const ids = rows.map((row) => row.id);
    const detail = { cause: 'attachment_consent' };
    await recordInvoicesEvent(tx, ids, { at: now, type: 'invoice.held', nip }, () => detail);
    return ids.length;
  });
}

/** There is consent: what was held for the want of it goes on. Answers whose bells to ring. */
export async function releaseAttachments(db: Db, nip: string, now: Date): Promise<readonly Lane[]> {
  return inTransaction(db.pool, async (tx) => {
    const cured = { causes: ['attachment_consent'], cure: 'consent', actor: SYSTEM_ACTOR } as const;
    const { lanes } = await releaseHeld(tx, [nip], cured, now);
    return lanes;
  });
}

/** A person says that it may have changed: the next question goes at once. */
export async function forgetConsent(tx: Tx, nip: string): Promise<void> {
  await tx.query('DELETE FROM attachment_consents WHERE nip = $1', [nip]);
}

/** One lane of each seller whose held attachments are to be asked after again. */
export async function lanesAwaitingConsent(db: Db, now: Date, limit: number): Promise<Lane[]> {
  const { rows } = await db.pool.query<Lane>(
    `SELECT DISTINCT ON (nip) nip, form, mode FROM invoices
     WHERE ${AWAITING}
       AND NOT EXISTS (
         SELECT FROM attachment_consents AS consent
         WHERE consent.nip = invoices.nip AND (good_until > $1 OR ask_after > $1)
       )
       AND NOT EXISTS (SELECT FROM sellers WHERE sellers.nip = invoices.nip AND paused_at IS NOT NULL)
       AND NOT EXISTS (SELECT FROM settings WHERE paused_at IS NOT NULL)
     ORDER BY nip, form, mode LIMIT $2`,
    [now, limit],
  );
  return rows;
}

/**
 * Attachments go only with the seller's consent at e-Urząd Skarbowy. KSeF is asked for it when one waits, before any
 * package is built: without it they are held and their neighbours go on, and what is held is asked after again. Where
 * KSeF does not tell this login, they go all the same, and its verdict (415) is believed for a day.
 */
import type { AttachmentConsent } from '@wsad/domain';
import { withAccess } from './access.ts';
import { Busy, holdSeller, isRefusal, LoginHeld, outcomeOf } from './outcomes.ts';
import type { World } from './ports.ts';

/** How long KSeF's word is believed. */
const GOOD_MS: Readonly<Record<AttachmentConsent, number>> = {
  granted: 3_600_000,
  refused: 600_000,
  unknown: 3_600_000,
};
/** Neighbours wait for the answer, but not for long. */
const PATIENCE_MS = 5_000;
const ASK_AGAIN_MS = 30_000;

/** Throws Busy where another process is logging the seller in: nothing could be sent before that either. */
export async function settleAttachmentConsent(world: World, nip: string): Promise<void> {
  const standing = await world.ledger.attachmentStanding(nip, world.clock());
  if (standing === null) return;
  const answer = standing.answer ?? (standing.mayAsk ? await asked(world, nip) : null);
  if (answer === 'refused' && standing.waiting) await hold(world, nip);
  if (answer === 'granted' || answer === 'unknown') await release(world, nip);
}

/** Null where no answer is to be had now; where KSeF will not tell us, its verdict on the invoice will. */
async function asked(world: World, nip: string): Promise<AttachmentConsent | null> {
  try {
    const { allowed, until } = await withAccess(world, nip, null, ({ accessToken }) =>
      world.ksef.attachmentConsent(nip, accessToken, AbortSignal.timeout(PATIENCE_MS)),
    );
    return await noted(world, nip, allowed ? 'granted' : 'refused', until);
  } catch (error) {
    if (error instanceof Busy) throw error;
    if (isRefusal(error)) return await noted(world, nip, 'unknown', null);
    if (error instanceof LoginHeld) await holdSeller(world, nip, error);
    else await world.ledger.deferConsent(nip, world.clock(), askAgainAt(world, error));
    return null;
  }
}

async function noted(
  world: World,
  nip: string,
  answer: AttachmentConsent,
  until: Date | null,
): Promise<AttachmentConsent> {
  const now = world.clock();
  const goodUntilMs = now.getTime() + GOOD_MS[answer];
  const goodUntil = new Date(Math.min(goodUntilMs, until?.getTime() ?? goodUntilMs));
  await world.ledger.recordConsent(nip, answer, now, goodUntil);
  return answer;
}

function askAgainAt(world: World, error: unknown): Date {
  const outcome = outcomeOf(error, world.clock());
  return outcome.kind === 'snooze' ? outcome.until : new Date(world.clock().getTime() + ASK_AGAIN_MS);
}

async function hold(world: World, nip: string): Promise<void> {
  const count = await world.ledger.holdAttachments(nip, world.clock());
  if (count > 0) world.emit({ type: 'invoices.held', nip, cause: 'attachment_consent', count });
}

async function release(world: World, nip: string): Promise<void> {
  const lanes = await world.ledger.releaseAttachments(nip, world.clock());
  await Promise.all(lanes.map((lane) => world.doorbell.dispatch(lane)));
}

/** An invoice whose stored bytes are not what was taken in is held by itself; the others of its session go on. */
import { type Outcome, originalBytes, type PayloadDamaged, type SendingSession } from '@wsad/domain';
import { givenUp } from './give-up.ts';
import { fileNameOf } from './own-invoices.ts';
import type { World } from './ports.ts';

const PAYLOADS_DAMAGED =
  'what is stored of some of its invoices is not what was taken in, or they are in it no more';
const DETAIL = 'What is stored of it no longer has the SHA-256 or the CRC-32 under which it was taken in';

/**
 * Reads all of a session again: what is damaged is held, and the session given up. `known`: one that was found so, though
 * its SHA-256 may fit. Null where nothing is damaged, or KSeF may hold invoices of the session already.
 */
export async function withoutDamaged(
  world: World,
  session: SendingSession,
  known: PayloadDamaged | null,
): Promise<Outcome | null> {
  const damaged: number[] = [];
  for await (const stored of world.ledger.payloads(session.id))
    if (fileNameOf(stored) === known?.fileName || originalBytes(stored) === null)
      damaged.push(stored.ordinal);
  return await withoutThose(world, session, damaged);
}

/** Those that have left the session, or may be at KSeF, are not held. Null as above. */
export async function withoutThose(
  world: World,
  session: SendingSession,
  ordinals: readonly number[],
): Promise<Outcome | null> {
  if (ordinals.length === 0) return null;
  const { id, fence, nip } = session;
  const words = { detail: DETAIL, why: PAYLOADS_DAMAGED };
  const { held, abandoned } = await world.ledger.holdDamaged(id, fence, ordinals, words, world.clock());
  if (held > 0) world.emit({ type: 'invoices.held', nip, cause: 'payload_damaged', count: held });
  return abandoned ? await givenUp(world, session, PAYLOADS_DAMAGED) : null;
}

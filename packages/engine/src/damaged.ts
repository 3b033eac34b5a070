/** An invoice whose stored bytes are not what was taken in is held by itself; the others of its session go on. */
import { hash } from 'node:crypto';
import type { Outcome, PayloadDamaged, SendingSession, SessionMember } from '@wsad/domain';
import { giveUp } from './give-up.ts';
import { fileNameOf } from './own-invoices.ts';
import type { StoredInvoice, World } from './ports.ts';

export const PAYLOADS_DAMAGED = 'what is stored of some of its invoices is not what was taken in';
const DETAIL = 'What is stored of it no longer has the SHA-256 or the CRC-32 under which it was taken in';

/** The original bytes; null where what is stored of them is not what was taken in. */
export function originalOf({ packager }: World, { deflated, sha256 }: StoredInvoice): Buffer | null {
  try {
    const plain = packager.inflate(deflated);
    return hash('sha256', plain, 'base64') === sha256 ? plain : null;
  } catch {
    return null;
  }
}

/** Reads all of a session again and holds what is damaged. `known`: one that was found so, though its SHA-256 may fit. */
export async function holdDamaged(
  world: World,
  session: SendingSession,
  known: PayloadDamaged | null,
): Promise<number> {
  const whole = new Set<number>();
  for await (const stored of world.ledger.payloads(session.id))
    if (fileNameOf(stored) !== known?.fileName && originalOf(world, stored) !== null)
      whole.add(stored.ordinal);
  const members = await world.ledger.members(session.id);
  return await holdThose(
    world,
    session,
    members.filter(({ ordinal }) => !whole.has(ordinal)),
  );
}

/** Answers how many are held now: none that has left the session or may be at KSeF. */
export async function holdThose(
  world: World,
  { id, fence, nip }: SendingSession,
  damaged: readonly SessionMember[],
): Promise<number> {
  if (damaged.length === 0) return 0;
  const ordinals = damaged.map(({ ordinal }) => ordinal);
  const count = await world.ledger.holdDamaged(id, fence, ordinals, DETAIL, world.clock());
  if (count > 0) world.emit({ type: 'invoices.held', nip, cause: 'payload_damaged', count });
  return count;
}

/** Its package cannot be built: the damaged are held, the others go back in line. Null as for giving up. */
export async function withoutDamaged(
  world: World,
  session: SendingSession,
  damaged: PayloadDamaged,
): Promise<Outcome | null> {
  await holdDamaged(world, session, damaged);
  return await giveUp(world, session, PAYLOADS_DAMAGED);
}

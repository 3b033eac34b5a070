/**
 * An interactive session: open, send each invoice with its intent recorded first, close. An invoice whose answer was
 * lost is never sent again here: the closed session's final list says whether KSeF has it, and only if not it goes again.
 */
import {
  type InvoiceRefusal,
  judgeAlone,
  KsefFault,
  LimitReached,
  originalBytes,
  SENDING_ATTEMPTS_MAX,
  type SendingSession,
  type SessionMember,
} from '@wsad/domain';
import pLimit from 'p-limit';
import { type Access, openAccess, withAccess, withAccessToSend } from './access.ts';
import { closeSession } from './close.ts';
import { withoutThose } from './damaged.ts';
import { giveUp } from './give-up.ts';
import { Busy, isForbidden, LoginHeld } from './outcomes.ts';
import type { World } from './ports.ts';

const PARALLEL_SENDS = 5;

export async function sendInteractively(
  world: World,
  session: SendingSession,
  lost: AbortSignal,
): Promise<void> {
  const [members, payloads] = await Promise.all([
    world.ledger.members(session.id),
    payloadsByOrdinal(world, session.id),
  ]);
  const waiting = members.filter(({ intentAt, refusedAt }) => intentAt === null && !refusedAt);
  const damaged = waiting.filter(({ ordinal }) => !payloads.has(ordinal));
  // While KSeF has none of the others they go in another session; else this one is finished without it.
  const ordinals = damaged.map(({ ordinal }) => ordinal);
  if ((await withoutThose(world, session, ordinals)) !== null) return;
  const opened =
    session.reference === null
      ? await world.observe({ name: 'session.open' }, () => openSession(world, session))
      : session;
  lost.throwIfAborted();
  const whole = await sendAll(world, opened, waiting, payloads);
  // What could not be sent goes in another session; where nothing was, there is nothing to close either.
  if (!whole && (await giveUp(world, opened, 'KSeF takes no invoices in this session'))) return;
  await closeSession(world, opened, { mayHaveClosed: false });
}

async function openSession(world: World, session: SendingSession): Promise<SendingSession> {
  const openedAt = world.clock();
  const { answer, credentialId } = await withAccessToSend(world, session.nip, async (access) => ({
    credentialId: access.credentialId,
    answer: await world.ksef.openOnline(session.nip, access.accessToken, {
      form: session.form,
      key: session.key,
      iv: session.iv,
    }),
  }));
  const { reference, usableUntil } = answer;
  const opened = { reference, credentialId, openedAt, usableUntil, package: null, parts: [] };
  await world.ledger.recordOpened(session.id, session.fence, opened);
  world.emit({
    type: 'session.opened',
    nip: session.nip,
    sessionId: session.id,
    kind: 'interactive',
    reference,
  });
  return { ...session, ...opened, state: 'opened', tries: 0 };
}

/** Without those that are not what was taken in. */
async function payloadsByOrdinal(world: World, sessionId: string): Promise<Map<number, Buffer>> {
  const payloads = new Map<number, Buffer>();
  for await (const stored of world.ledger.payloads(sessionId)) {
    const plain = originalBytes(stored);
    if (plain !== null) payloads.set(stored.ordinal, plain);
  }
  return payloads;
}

type Sent = 'gone' | 'refused' | 'session full';

/** False when some were not sent: KSeF refused them alone, or the session takes no more and the rest go in another. */
async function sendAll(
  world: World,
  session: SendingSession,
  members: readonly SessionMember[],
  payloads: ReadonlyMap<number, Buffer>,
): Promise<boolean> {
  const limit = pLimit(PARALLEL_SENDS);
  const outcomes: Sent[] = [];
  const sends = members.map((member) =>
    limit(async () => {
      const plain = payloads.get(member.ordinal);
      if (plain === undefined || outcomes.includes('session full')) return;
      const sent = await world.observe({ name: 'invoice.send' }, () =>
        sendOne(world, session, member, plain),
      );
      outcomes.push(sent);
    }),
  );
  const results = await Promise.allSettled(sends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.every((outcome) => outcome === 'gone');
}

async function sendOne(
  world: World,
  session: SendingSession,
  member: SessionMember,
  plain: Buffer,
): Promise<Sent> {
  const { reference } = session;
  if (reference === null) throw new Error(`session ${session.id} is not open`);
  const { ledger, ksef, packager, clock } = world;
  const packed = packager.encryptInvoice(plain, session);
  // First the login: one that fails by then leaves no doubt whether the invoice went.
  const access = await openAccess(world, session.nip, session.credentialId);
  await ledger.recordInvoiceIntent(session.id, session.fence, member.ordinal, clock());
  try {
    const invoice = { ...packed, mode: session.mode, correctedSha256: member.correctedSha256 ?? null };
    const send = ({ accessToken }: Access) => ksef.sendInvoice(session.nip, accessToken, reference, invoice);
    const sent = await withAccess(world, session.nip, session.credentialId, send, access);
    await ledger.recordInvoiceSent(session.id, session.fence, member.ordinal, sent.reference, clock());
    return 'gone';
  } catch (error) {
    if (isRefusedAlone(error)) return await refused(world, session, member, error, judgeAlone(error.fault));
    if (isForbiddenForLong(session, error)) return await refused(world, session, member, error, 'forbidden');
    if (!nothingLeft(error)) return afterDoubtfulSend(error);
    await ledger.recordInvoiceIntent(session.id, session.fence, member.ordinal, null);
    if (error instanceof KsefFault && error.treatment === 'new-session') return 'session full';
    throw error;
  }
}

/** KSeF finds this one request wrong, and took nothing in. */
function isRefusedAlone(error: unknown): error is KsefFault {
  return error instanceof KsefFault && error.treatment === 'stop';
}

/**
 * The login that began the session may send no more, however often it tries: what has gone is settled by closing it,
 * the rest is held. Where nothing has gone the session is given up at once instead.
 */
function isForbiddenForLong({ tries }: SendingSession, error: unknown): error is KsefFault {
  return isForbidden(error) && tries >= SENDING_ATTEMPTS_MAX;
}

/** Its words stay with the invoice, whatever becomes of it and of the session. */
async function refused(
  world: World,
  session: SendingSession,
  member: SessionMember,
  { fault }: KsefFault,
  outcome: InvoiceRefusal['outcome'],
): Promise<Sent> {
  const { code, status, description, details } = fault;
  const refusal = { outcome, verdict: { code: code ?? status ?? 0, description, details } };
  const { id, fence } = session;
  await world.ledger.recordInvoiceRefused(id, fence, member.ordinal, refusal, world.clock());
  return 'refused';
}

/** KSeF did not take the invoice in: it was never asked, or it said no to the call. */
function nothingLeft(error: unknown): boolean {
  if (error instanceof LimitReached || error instanceof LoginHeld || error instanceof Busy) return true;
  if (!(error instanceof KsefFault)) return false;
  return ['wait', 'retry', 'relogin', 'hold-permission', 'hold-login', 'new-session'].includes(
    error.treatment,
  );
}

/** The answer is lost: the final list will tell, the neighbours go on. */
function afterDoubtfulSend(error: unknown): Sent {
  if (error instanceof KsefFault) return 'gone';
  throw error;
}

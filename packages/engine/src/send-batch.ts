/** A batch session: package, open, upload, close. Each step is recorded before the next begins. */
import { KsefFault, PayloadDamaged, PIECE_ROWS, type SendingSession, type SessionPart } from '@wsad/domain';
import pLimit from 'p-limit';
import { type Access, openAccess, openAccessToSend, withAccessToSend } from './access.ts';
import { closeSession } from './close.ts';
import { withoutDamaged } from './damaged.ts';
import { giveUp } from './give-up.ts';
import { largeInTurn } from './large-work.ts';
import { Busy } from './outcomes.ts';
import { fileNameOf } from './own-invoices.ts';
import type { BuiltPackage, PackedInvoice, World } from './ports.ts';

const PARALLEL_UPLOADS = 4;
const UPLOAD_TRIES = 4;
/** Where other large sessions are ahead, this one's turn is looked for again. */
const TURN_LOOK_MS = 1_000;

export async function sendBatch(world: World, session: SendingSession, lost: AbortSignal): Promise<void> {
  if (session.usableUntil !== null && session.usableUntil <= world.clock()) {
    await giveUp(world, session, 'the time for uploading ran out');
    return;
  }
  // Nothing looks into a Zip while it is built: after a whole failure its invoices are compared with their hashes once.
  if (
    session.onTrial &&
    compressionOf(world, session) === 'Zip' &&
    (await withoutDamaged(world, session, null)) !== null
  )
    return;
  // First the login: where it is held, refused, busy elsewhere or may not send, no package is built in vain.
  const { nip, reference, credentialId } = session;
  const access =
    reference === null ? await openAccessToSend(world, nip) : await openAccess(world, nip, credentialId);
  const built = await largeInTurn(world, 'sending', session.invoiceCount, () =>
    packageOf(world, session, lost),
  );
  if (built === null)
    throw new Busy('other large sessions are ahead', new Date(world.clock().getTime() + TURN_LOOK_MS));
  try {
    lost.throwIfAborted();
    const opened = await continuedOrOpened(world, session, built, access);
    if (opened === null) return;
    await uploadParts(world, opened, built, lost);
    await closeSession(world, opened, { mayHaveClosed: false, access });
  } finally {
    await built.dispose();
  }
}

async function packageOf(world: World, session: SendingSession, lost: AbortSignal): Promise<BuiltPackage> {
  const startedAt = world.clock();
  const built = await world.observe({ name: 'session.package' }, async (tell) => {
    const made = await world.packager.build({
      entries: entriesOf(world, session.id),
      compression: compressionOf(world, session),
      key: session.key,
      iv: session.iv,
      signal: lost,
    });
    tell({ bytes: made.sizeBytes, parts: made.parts.length });
    return made;
  });
  world.emit({
    type: 'session.packaged',
    nip: session.nip,
    sessionId: session.id,
    bytes: built.sizeBytes,
    parts: built.parts.length,
    durationMs: world.clock().getTime() - startedAt.getTime(),
  });
  return built;
}

function compressionOf(world: World, session: SendingSession): World['compression'] {
  return session.package?.compression ?? world.compression;
}

/** A piece of ordinary invoices is packed in about 10 ms, on both of two cores. */
async function* entriesOf(world: World, sessionId: string): AsyncGenerator<PackedInvoice> {
  let packed = 0;
  for await (const stored of world.ledger.payloads(sessionId)) {
    if (packed > 0 && packed % PIECE_ROWS === 0) await world.rightOfWay.giveWay();
    packed += 1;
    const { deflated, sizeBytes, crc32, sha256 } = stored;
    const name = fileNameOf(stored);
    if (deflated === null) throw new PayloadDamaged(name);
    yield { name, deflated, sizeBytes, crc32, sha256 };
  }
}

/** An opened session goes on only with the very bytes it announced; other bytes mean a new session (null). */
async function continuedOrOpened(
  world: World,
  session: SendingSession,
  built: BuiltPackage,
  access: Access,
): Promise<SendingSession | null> {
  if (session.reference === null)
    return await world.observe({ name: 'session.open' }, () => openSession(world, session, built, access));
  if (session.package?.sha256 === built.sha256) return session;
  await giveUp(world, session, 'the rebuilt package has other bytes than the announced one');
  return null;
}

async function openSession(
  world: World,
  session: SendingSession,
  built: BuiltPackage,
  access: Access,
): Promise<SendingSession> {
  const compression = world.compression;
  const facts = { compression, sizeBytes: built.sizeBytes, sha256: built.sha256 };
  const openedAt = world.clock();
  const { answer, credentialId } = await withAccessToSend(
    world,
    session.nip,
    async (current) => ({
      credentialId: current.credentialId,
      answer: await world.ksef.openBatch(session.nip, current.accessToken, {
        form: session.form,
        mode: session.mode,
        package: facts,
        parts: built.parts,
        key: session.key,
        iv: session.iv,
      }),
    }),
    access,
  );
  const parts = built.parts.map(({ ordinal, sizeBytes, sha256 }) => {
    const upload = answer.uploads.find((candidate) => candidate.ordinal === ordinal);
    if (upload === undefined) throw new Error(`KSeF gave no address for part ${ordinal}`);
    const { method, url, headers } = upload;
    return { ordinal, sizeBytes, sha256, upload: { method, url, headers } };
  });
  const { reference, usableUntil } = answer;
  await world.ledger.recordOpened(session.id, session.fence, {
    reference,
    credentialId,
    openedAt,
    usableUntil,
    package: facts,
    parts,
  });
  world.emit({ type: 'session.opened', nip: session.nip, sessionId: session.id, kind: 'batch', reference });
  const waiting = parts.map((part) => ({ ...part, uploadedAt: null }));
  return {
    ...session,
    state: 'opened',
    reference,
    credentialId,
    openedAt,
    usableUntil,
    package: facts,
    parts: waiting,
  };
}

async function uploadParts(
  world: World,
  session: SendingSession,
  built: BuiltPackage,
  lost: AbortSignal,
): Promise<void> {
  const limit = pLimit(PARALLEL_UPLOADS);
  const failed = new AbortController();
  const signal = AbortSignal.any([lost, failed.signal]);
  const missing = session.parts.filter((part) => part.uploadedAt === null);
  // All are waited for, so that no upload reads a package that is being thrown away.
  const uploads = await Promise.allSettled(
    missing.map((part) =>
      limit(async () => {
        signal.throwIfAborted();
        await uploadWithRepeats(world, part, built, signal);
        await world.ledger.recordPartUploaded(session.id, session.fence, part.ordinal, world.clock());
      }).catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  if (uploads.some(({ status }) => status === 'rejected')) throw failed.signal.reason;
}

/** Putting a part twice does no harm, so a firewall's page or a cut connection is simply answered by repeating. */
async function uploadWithRepeats(
  world: World,
  { ordinal, sizeBytes, upload }: SessionPart,
  built: BuiltPackage,
  lost: AbortSignal,
): Promise<void> {
  const source = { sizeBytes, open: () => built.open(ordinal) };
  for (let tries = 1; ; tries += 1) {
    const facts = { part: ordinal, bytes: sizeBytes, attempt: tries };
    try {
      return await world.observe({ name: 'part.upload', facts }, () =>
        world.ksef.uploadPart(upload, source, lost),
      );
    } catch (error) {
      const passing = error instanceof KsefFault && error.treatment === 'retry';
      if (!passing || tries >= UPLOAD_TRIES || lost.aborted) throw error;
    }
  }
}

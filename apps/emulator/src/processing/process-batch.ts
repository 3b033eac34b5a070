import { rm } from 'node:fs/promises';
import { breathe } from '../background.ts';
import { strikeGuilty } from '../faults/guilty.ts';
import { strikeBatch, strikeEveryInvoice } from '../faults/troubles.ts';
import type { BatchSession, InvoiceRecord } from '../sessions/model.ts';
import { discardFiles } from '../storage/discard-files.ts';
import type { World } from '../world.ts';
import { assembleArchive } from './assemble.ts';
import { readContent } from './content.ts';
import type { PackedFile } from './intake.ts';
import { issueUpo } from './issue-upo.ts';
import { schemasOf } from './judge.ts';
import { createReadAhead } from './read-ahead.ts';
import { settleInvoice } from './register.ts';
import { SessionFailure } from './session-failure.ts';
import { unpack } from './unpack.ts';

const CHUNK_INVOICES = 200;
/** Smaller packages, of less than a thousand invoices, are read sooner than threads are started. */
const SHARED_BYTES_MIN = 300_000;

/** Works off a closed batch session: assemble, unpack, judge every invoice, issue the receipt. */
export async function processBatch(world: World, session: BatchSession): Promise<void> {
  const notBefore = world.background.wait(world.pace.batchMs);
  const status = await outcome(world, session);
  await notBefore;
  session.status = status;
  session.updatedAt = world.clock();
  await discardParts(world, session);
}

async function outcome(world: World, session: BatchSession): Promise<BatchSession['status']> {
  const forced = strikeBatch(world.troubles, session, 'batchClosed');
  if (forced !== null) return forced;
  try {
    const files = await unpackSession(world, session);
    const ruined = await strikeGuilty(world, session, files);
    if (ruined !== null) return ruined;
    await judgeAll(world, session, files);
    const late = strikeBatch(world.troubles, session, 'batchJudged');
    if (late !== null) return late;
    await issueUpo(world, session);
    return session.invoices.some((invoice) => invoice.verdict.code === 200) ? { code: 200 } : { code: 445 };
  } catch (error) {
    if (!(error instanceof SessionFailure)) return { code: 500, details: [String(error)] };
    return error.details.length > 0 ? { code: error.code, details: error.details } : { code: error.code };
  }
}

async function unpackSession(world: World, session: BatchSession): Promise<PackedFile[]> {
  const archiveFile = await assembleArchive(world, session);
  try {
    const maxFiles = world.testdata.sessionLimits(session.owner.context).batchSession.maxInvoices;
    const { compression, fileSize } = session.archive;
    const readAhead = fileSize < SHARED_BYTES_MIN ? null : createReadAhead(world.readers, session.form);
    const limits = { documents: world.documents, maxFiles, readAhead };
    const files = await unpack(archiveFile, compression, limits);
    await readAhead?.done();
    if (files.length === 0) throw new SessionFailure(440, ['Nie przesłano faktur']);
    return files;
  } finally {
    await rm(archiveFile, { force: true });
  }
}

async function judgeAll(world: World, session: BatchSession, files: PackedFile[]): Promise<void> {
  strikeEveryInvoice(world.troubles, session, files.length);
  // A restart may have come between: what was judged before it stays as it is.
  if (session.invoices.length === 0)
    session.invoices = files.map((file, place) => newRecord(world, session, file, place + 1));
  for (let start = 0; start < files.length; start += CHUNK_INVOICES) {
    const chunk = files.slice(start, start + CHUNK_INVOICES);
    const bytes = await unreadBytes(world, chunk);
    for (const [place, file] of chunk.entries()) {
      const record = session.invoices[start + place];
      if (record?.verdict.code === 150) await judgeFile(world, session, record, file, bytes[place] ?? null);
      await breathe();
    }
  }
}

function judgeFile(
  world: World,
  session: BatchSession,
  record: InvoiceRecord,
  file: PackedFile,
  bytes: Buffer | null,
): Promise<void> {
  const { invoicingDate } = record;
  const content = bytes === null ? file.content : readContent(bytes, session.form, schemasOf(world));
  const submission = { content, size: file.size, invoicingDate, offlineMode: session.offlineMode };
  return settleInvoice(world, session, record, submission, file.document ?? { offset: 0, length: 0 });
}

/** Of files that nobody has read yet. */
async function unreadBytes(world: World, files: PackedFile[]): Promise<(Buffer | null)[]> {
  const refs = files.map(({ content, document }) => (content === null ? document : null));
  const bytes = (await world.documents.readMany(refs.filter((ref) => ref !== null))).values();
  return refs.map((ref) => (ref === null ? null : (bytes.next().value ?? null)));
}

/** invoicingDate of a batch is the moment its session was opened, for every invoice in it. */
function newRecord(
  world: World,
  session: BatchSession,
  file: PackedFile,
  ordinalNumber: number,
): InvoiceRecord {
  return {
    ordinalNumber,
    referenceNumber: world.references('EE'),
    invoiceHash: file.hash,
    fileName: file.name,
    invoiceNumber: null,
    ksefNumber: null,
    sellerNip: null,
    issueDate: null,
    invoicingDate: session.createdAt,
    acquisitionDate: null,
    mode: null,
    verdict: { code: 150 },
    waiting: null,
  };
}

async function discardParts(world: World, session: BatchSession): Promise<void> {
  const files = [...session.stored.values()].map(({ file }) => file);
  session.stored.clear();
  await discardFiles(world, files);
}

import { rm } from 'node:fs/promises';
import { breathe } from '../background.ts';
import { strikeGuilty } from '../faults/guilty.ts';
import { strikeBatch, strikeEveryInvoice } from '../faults/troubles.ts';
import type { BatchSession, InvoiceRecord } from '../sessions/model.ts';
import { discardFiles } from '../storage/discard-files.ts';
import type { World } from '../world.ts';
import { assembleArchive } from './assemble.ts';
import { createIntake, type PackedFile } from './intake.ts';
import { issueUpo } from './issue-upo.ts';
import { schemasOf } from './judge.ts';
import { readHere } from './readers.ts';
import { createReading, type PackReader } from './reading.ts';
import { settleInvoice } from './register.ts';
import { SessionFailure } from './session-failure.ts';
import { unpack } from './unpack.ts';

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
    const files = await unpacked(world, session);
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

function unpacked(world: World, session: BatchSession): Promise<PackedFile[]> {
  const { readers } = world;
  return readers.areWorth(session.archive.fileSize)
    ? readers.inTurn(() => unpackSession(world, session, readers.byThreads(session.form)))
    : unpackSession(world, session, readHere(session.form, schemasOf(world)));
}

async function unpackSession(world: World, session: BatchSession, reader: PackReader): Promise<PackedFile[]> {
  const archiveFile = await assembleArchive(world, session);
  try {
    const maxFiles = world.testdata.sessionLimits(session.owner.context).batchSession.maxInvoices;
    const intake = createIntake(createReading(world.documents, reader), maxFiles);
    await unpack(archiveFile, session.archive.compression, intake);
    const files = await intake.done();
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
  for (const [place, file] of files.entries()) {
    const record = session.invoices[place];
    if (record?.verdict.code === 150) await judgeFile(world, session, record, file);
    await breathe();
  }
}

function judgeFile(
  world: World,
  session: BatchSession,
  record: InvoiceRecord,
  { content, size, document }: PackedFile,
): Promise<void> {
  const { invoicingDate } = record;
  const submission = { content, size, invoicingDate, offlineMode: session.offlineMode };
  return settleInvoice(world, session, record, submission, document ?? { offset: 0, length: 0 });
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

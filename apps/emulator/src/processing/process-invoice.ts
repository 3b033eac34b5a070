import { createDecipheriv, createHash } from 'node:crypto';
import { concludeOnline } from '../sessions/finish-online.ts';
import type { InvoiceRecord, OnlineSession, SentInvoice, Verdict } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { readContent } from './content.ts';
import { schemasOf } from './judge.ts';
import { settleInvoice } from './register.ts';

/** Works off one interactive invoice: decrypt, compare with what was declared, judge. */
export async function processInvoice(
  world: World,
  session: OnlineSession,
  record: InvoiceRecord,
  sent: SentInvoice,
): Promise<void> {
  record.verdict = { code: 150 };
  await world.background.wait(world.pace.invoiceMs);
  try {
    await judgeContent(world, session, record, sent);
  } catch (error) {
    record.verdict = { code: 500, details: [String(error)] };
  }
  record.waiting = null;
  session.updatedAt = world.clock();
  session.pending -= 1;
  concludeOnline(world, session);
}

async function judgeContent(
  world: World,
  session: OnlineSession,
  record: InvoiceRecord,
  sent: SentInvoice,
): Promise<void> {
  const bytes = decrypted(session, sent.encrypted);
  const refusal = bytes === null ? { code: 435 as const } : undeclared(bytes, sent);
  if (bytes === null || refusal !== null) {
    record.verdict = refusal ?? { code: 435 };
    return;
  }
  const document = await world.documents.append(bytes);
  const { invoicingDate } = record;
  const { offlineMode, hashOfCorrected } = sent;
  const isCorrection = hashOfCorrected !== null;
  const content = readContent(bytes, session.form, schemasOf(world));
  const submission = { content, size: bytes.length, invoicingDate, offlineMode, isCorrection };
  await settleInvoice(world, session, record, submission, document);
  if (record.verdict.code === 200 && isCorrection) world.memory.corrected.add(hashOfCorrected);
}

function decrypted(session: OnlineSession, encrypted: Buffer): Buffer | null {
  if (session.key === null) return null;
  try {
    const decipher = createDecipheriv('aes-256-cbc', session.key.bytes, session.key.initializationVector);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return null;
  }
}

/** The plain invoice must be the one whose size and hash were declared. */
function undeclared(bytes: Buffer, sent: SentInvoice): Verdict | null {
  if (bytes.length !== sent.size) return { code: 430, details: ['Nieprawidłowy rozmiar faktury.'] };
  const hash = createHash('sha256').update(bytes).digest('base64');
  return hash === sent.hash ? null : { code: 430, details: ['Nieprawidłowy skrót faktury.'] };
}

import { createHash } from 'node:crypto';
import { breathe } from '../background.ts';
import type { InvoiceRecord, Session, UpoPage } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { type UpoPlace, upoXml } from './upo-xml.ts';

const PAGE_DOCUMENTS = 10_000;

/** Makes the pages of a session's receipt over its accepted invoices. */
export async function issueUpo(world: World, session: Session): Promise<void> {
  const accepted = session.invoices.filter((invoice) => invoice.verdict.code === 200);
  const pages = Math.ceil(accepted.length / PAGE_DOCUMENTS);
  const issued: UpoPage[] = [];
  for (let page = 1; page <= pages; page += 1) {
    const start = (page - 1) * PAGE_DOCUMENTS;
    const documents = accepted.slice(start, start + PAGE_DOCUMENTS);
    const last = start + documents.length;
    const place = { page, pages, first: start + 1, last, total: accepted.length };
    issued.push(await issuePage(world, session, documents, place));
  }
  session.upoPages = issued;
}

async function issuePage(
  world: World,
  session: Session,
  documents: readonly InvoiceRecord[],
  place: UpoPlace,
): Promise<UpoPage> {
  const hash = createHash('sha256');
  const stretches: Buffer[] = [];
  for (const text of upoXml(session, documents, place)) {
    const stretch = Buffer.from(text);
    hash.update(stretch);
    stretches.push(stretch);
    await breathe();
  }
  const document = await world.documents.append(Buffer.concat(stretches));
  return { referenceNumber: world.references('EU'), document, hash: hash.digest('base64') };
}

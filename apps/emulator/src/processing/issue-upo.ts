import { createHash } from 'node:crypto';
import { breathe } from '../background.ts';
import type { Session, UpoPage } from '../sessions/model.ts';
import type { World } from '../world.ts';
import { upoXml } from './upo-xml.ts';

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
    const xml = Buffer.from(upoXml(session, documents, place));
    const hash = createHash('sha256').update(xml).digest('base64');
    const document = await world.documents.append(xml);
    issued.push({ referenceNumber: world.references('EU'), document, hash });
    await breathe();
  }
  session.upoPages = issued;
}

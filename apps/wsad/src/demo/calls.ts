/** How a seller's invoices are handed over: few in a JSON call, many in archives, as a backend in bulk does. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { DemoClient, SubmitAnswer } from './client.ts';
import type { DemoSeller } from './invoices.ts';

export interface DemoCall {
  readonly submit: (client: DemoClient) => Promise<SubmitAnswer>;
}

const JSON_INVOICES_MAX = 1_000;
/** Half of what one call may bring. */
const ARCHIVE_INVOICES_MAX = 10_000;

export async function callsOf(sellers: readonly DemoSeller[]): Promise<DemoCall[]> {
  const calls: DemoCall[] = [];
  for (const { nip, xmls } of sellers) {
    for (let from = 0; from < xmls.length; from += ARCHIVE_INVOICES_MAX) {
      calls.push(await callOf(nip, xmls.slice(from, from + ARCHIVE_INVOICES_MAX)));
    }
  }
  return calls;
}

async function callOf(nip: string, xmls: readonly string[]): Promise<DemoCall> {
  if (xmls.length <= JSON_INVOICES_MAX) return { submit: (client) => client.submit(nip, xmls) };
  const archive = await archiveOf(xmls);
  return { submit: (client) => client.submitArchive(nip, archive) };
}

async function archiveOf(xmls: readonly string[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [index, xml] of xmls.entries()) zip.addBuffer(Buffer.from(xml), `${index + 1}.xml`);
  zip.end();
  return await buffer(zip.outputStream);
}

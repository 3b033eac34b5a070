/** What the sellers of a run hand in, and what they were promised for it. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { makeInvoice } from '@wsad/samples';
import type { Client } from './client.ts';
import { RUN_DAY } from './clocks.ts';
import type { PlannedSeller, PlannedSubmission } from './plan.ts';

/** An invoice of a 202 that was not refused. */
export interface Promised {
  readonly nip: string;
  readonly sha256: string;
  readonly invoiceId: string;
  /** When the answer was there, by a clock that nothing moves. */
  readonly atMs: number;
}

/** Hands everything in at its time; `promised` grows with every answer. */
export async function handIn(
  client: Client,
  sellers: readonly PlannedSeller[],
  promised: Promised[],
): Promise<void> {
  const submissions = sellers.flatMap(({ nip, submissions }) =>
    submissions.map((submission, place) => ({ nip, submission, place })),
  );
  await Promise.all(
    submissions.map(async ({ nip, submission, place }) => {
      await delay(submission.atMs);
      const xmls = xmlsOf(nip, place, submission);
      await submit(client, nip, xmls, `${nip}-${place}`, submission.offline, promised);
      if (submission.again)
        await submit(client, nip, xmls, `${nip}-${place}-again`, submission.offline, promised);
    }),
  );
}

async function submit(
  client: Client,
  nip: string,
  xmls: readonly string[],
  key: string,
  offline: boolean,
  promised: Promised[],
): Promise<void> {
  const { invoices } = await client.submit(nip, xmls, key, offline);
  const expected = xmls.map(sha256Of);
  const answered = invoices.map(({ sha256 }) => sha256);
  if (answered.join() !== expected.join()) throw new Error(`the answer to ${key} is about other invoices`);
  const atMs = performance.now();
  for (const { id, sha256 } of invoices) if (id !== null) promised.push({ nip, sha256, invoiceId: id, atMs });
}

export function xmlsOf(nip: string, place: number, { invoices }: PlannedSubmission): string[] {
  return invoices.map(({ seed, bad }, position) => {
    const xml = makeInvoice({
      nip,
      number: `FV/${place + 1}/${position + 1}`,
      issueDate: RUN_DAY,
      lines: 2,
      seed,
    });
    return bad ? xml.replace(/<P_15>[^<]*<\/P_15>/, '<P_15>many</P_15>') : xml;
  });
}

/** Of all that may ever reach KSeF. */
export function hashesOf(sellers: readonly PlannedSeller[]): Set<string> {
  return new Set(
    sellers.flatMap(({ nip, submissions }) =>
      submissions.flatMap((submission, place) => xmlsOf(nip, place, submission).map(sha256Of)),
    ),
  );
}

function sha256Of(xml: string): string {
  return createHash('sha256').update(xml).digest('base64');
}

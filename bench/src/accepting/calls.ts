/** The calls that hand invoices in: as one archive, as one JSON text, as a call each. */

import { makeInvoice } from '@wsad/samples';
import { makeZip } from '@wsad/testkit/zip-maker';
import { Pool, request } from 'undici';
import { z } from 'zod';
import type { ApiProcess } from './api-process.ts';

export const NIP = '5265877635';
const DIFFERENT_INVOICES = 500;
const SERIAL = 'SERIAL-OF-THE-CALL';

const taken = z.object({ accepted: z.number(), refused: z.number() });

/** The seller may send, so that its invoices come out accepted and not held. */
export async function putCredentials(api: ApiProcess): Promise<void> {
  const answer = await fetch(`${api.url}/v1/sellers/${NIP}/credentials`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'ksefToken', token: 'token-of-the-bench' }),
  });
  if (!answer.ok) throw new Error(`the API answered ${answer.status} to credentials`);
}

/** Makes invoices that nobody has seen before: the numbers of every call are its own. */
export function newInvoices(series: string, lines?: number): (count: number) => Buffer[] {
  const issueDate = new Date().toISOString().slice(0, 10);
  const made = Array.from({ length: DIFFERENT_INVOICES }, (_, seed) =>
    makeInvoice({ nip: NIP, number: SERIAL, issueDate, seed, ...(lines !== undefined && { lines }) }),
  );
  let serial = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      serial += 1;
      return Buffer.from((made[serial % made.length] ?? '').replace(SERIAL, `${series}/${serial}`));
    });
}

export function zipOf(files: readonly Buffer[]): Buffer {
  return makeZip(files.map((data, index) => ({ name: `${index}.xml`, data })));
}

export function jsonOf(files: readonly Buffer[]): Buffer {
  return Buffer.from(JSON.stringify({ invoices: files.map((file) => ({ xml: file.toString() })) }));
}

/** Milliseconds from the first byte of the first call to the last 202. */
export async function submitAtOnce(
  api: ApiProcess,
  type: string,
  bodies: readonly Buffer[],
  invoicesEach: number,
  atOnce: number,
): Promise<number> {
  const startedAt = performance.now();
  const queue = bodies.values();
  const run = async () => {
    for (const body of queue) await submit(api, type, body, invoicesEach);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return performance.now() - startedAt;
}

/** Milliseconds from the first byte sent to the 202 read, all invoices accepted. */
export async function submit(api: ApiProcess, type: string, body: Buffer, invoices: number): Promise<number> {
  const startedAt = performance.now();
  const answer = await request(`${api.url}/v1/sellers/${NIP}/invoices`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': type },
    body,
  });
  const text = await answer.body.text();
  const elapsedMs = performance.now() - startedAt;
  refuseUnlessTaken(answer.statusCode, text, invoices);
  return elapsedMs;
}

/** Every invoice in a call of its own, `atOnce` of them under way. */
export async function submitEach(api: ApiProcess, files: readonly Buffer[], atOnce: number): Promise<number> {
  const pool = new Pool(api.url, { connections: atOnce });
  const startedAt = performance.now();
  const queue = files.values();
  const run = async () => {
    for (const body of queue) {
      const answer = await pool.request({
        method: 'POST',
        path: `/v1/sellers/${NIP}/invoices`,
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/xml' },
        body,
      });
      refuseUnlessTaken(answer.statusCode, await answer.body.text(), 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  const elapsedMs = performance.now() - startedAt;
  await pool.close();
  return elapsedMs;
}

function refuseUnlessTaken(status: number, text: string, invoices: number): void {
  if (status !== 202) throw new Error(`the API answered ${status}: ${text.slice(0, 300)}`);
  const { accepted } = taken.parse(JSON.parse(text));
  if (accepted !== invoices) throw new Error(`${accepted} of ${invoices} invoices were accepted`);
}

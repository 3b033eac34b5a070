/** UPO, KSeF's receipts: a session's page by its own address, an invoice's by its number. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UpoEntry } from '@wsad/domain';
import { headerOf, kindOf, looksLikeXml } from './bodies.ts';
import { type FaultContext, treatedAs, unreadableFault } from './faults.ts';
import { type Call, type Caller, contextOf } from './http.ts';
import type { Transfers } from './transfers.ts';
import { readUpoEntries } from './upo-entries.ts';
import type { Answer } from './wire.ts';
import { XmlRefused } from './xml-scanner.ts';

export interface Upo {
  readonly xml: Buffer;
  readonly sha256: string;
}

/**
 * A page of a session's UPO with its entries. What is no XML or has another hash than KSeF names is a fault `retry`;
 * a whole document that is no UPO v4-3 is a fault `stop`, since fetching it again changes nothing.
 */
export async function downloadUpo(transfers: Transfers, url: string): Promise<Upo & { entries: UpoEntry[] }> {
  const context: FaultContext = { operation: 'downloadUpo', unrepeatable: false, secrets: [url] };
  const upo = await wholeUpo(context, await transfers.download(url));
  return { ...upo, entries: await entriesOf(context, upo) };
}

/** One invoice's own UPO, checked to be about that invoice. */
export async function invoiceUpo(
  caller: Caller,
  nip: string,
  accessToken: string,
  reference: string,
  ksefNumber: string,
): Promise<Upo> {
  const session = encodeURIComponent(reference);
  const call: Call = {
    operation: 'invoiceUpo',
    nip,
    method: 'GET',
    path: `/sessions/${session}/invoices/ksef/${encodeURIComponent(ksefNumber)}/upo`,
    bearer: accessToken,
  };
  const upo = await wholeUpo(contextOf(call), await caller.answer(call));
  const entries = await entriesOf(contextOf(call), upo);
  if (entries.some((entry) => entry.ksefNumber === ksefNumber)) return upo;
  throw unreadableFault(contextOf(call), 200, 'the UPO is about another invoice');
}

async function wholeUpo(context: FaultContext, answer: Answer): Promise<Upo> {
  if (!looksLikeXml(answer)) throw unreadableFault(context, answer.status, `no UPO but ${kindOf(answer)}`);
  const sha256 = await hashOf(answer.body);
  const named = headerOf(answer, 'x-ms-meta-hash');
  if (named !== undefined && named !== sha256)
    throw unreadableFault(context, answer.status, 'the UPO has another hash than KSeF names');
  return { xml: answer.body, sha256 };
}

/** A page of 10,000 entries is several megabytes: so many at a time are hashed in a millisecond or two. */
const HASHED_AT_ONCE = 1_000_000;

async function hashOf(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    if (at > 0) await nextTurn();
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  if (bytes.length > HASHED_AT_ONCE) await nextTurn();
  return hash.digest('base64');
}

async function entriesOf(context: FaultContext, { xml }: Upo): Promise<UpoEntry[]> {
  try {
    return await readUpoEntries(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(xml));
  } catch (error) {
    if (!(error instanceof XmlRefused) && !(error instanceof TypeError)) throw error;
    const what = error instanceof XmlRefused ? error.message : 'bytes that are no UTF-8';
    throw treatedAs('stop', unreadableFault(context, 200, `no UPO that wsad can read: ${what}`));
  }
}

/** One look at one batch: hands it in unless it was, and places the files whose invoices have all come to an end. */
import { type Client, type Schemas, WsadProblem } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';
import { isArchive } from '../send/collect.ts';
import { type Faulty, faultyOf, refusedOf } from '../send/faulty.ts';
import { handIn } from '../send/hand-in.ts';
import {
  type BatchRecord,
  type FileAnswer,
  filesOf,
  place,
  readRecord,
  removeBatch,
  writeRecord,
} from './batch-folder.ts';

export interface Placed {
  readonly file: string;
  readonly outcome: 'sent' | 'refused';
  readonly path: string;
}

type Invoice = Schemas['InvoiceSummary'];

/** Each file as it is placed; the folder of the batch is gone after its last one. */
export async function* advance(
  client: Client,
  root: string,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<Placed> {
  const record = await readRecord(root, key);
  const files = await filesOf(root, key);
  if (record === null || files.length === 0) return await removeBatch(root, key);
  const handedIn = await answered(client, root, key, record, signal);
  if ('fault' in handedIn) {
    for (const { name } of files) yield await placed(root, key, name, 'refused', { error: handedIn.fault });
    return await removeBatch(root, key);
  }
  const { submissionId } = handedIn;
  const states = await statesOf(client, handedIn);
  for (const { name, invoices } of handedIn.files) {
    if (!files.some((file) => file.name === name)) continue;
    const stories = invoices.map((invoice) => storyOf(invoice, states));
    if (stories.some((story) => story === null)) continue;
    const outcome = stories.every((story) => story?.state === 'cleared') ? 'sent' : 'refused';
    yield await placed(root, key, name, outcome, { submissionId, invoices: stories });
  }
  if ((await filesOf(root, key)).length === 0) await removeBatch(root, key);
}

async function placed(
  root: string,
  key: string,
  name: string,
  outcome: Placed['outcome'],
  story: Readonly<Record<string, unknown>>,
): Promise<Placed> {
  return { file: name, outcome, path: await place(root, key, name, outcome, { outcome, ...story }) };
}

interface Fault {
  readonly code: string;
  readonly detail: string;
}

async function answered(
  client: Client,
  root: string,
  key: string,
  { call, answer }: BatchRecord,
  signal: AbortSignal,
): Promise<NonNullable<BatchRecord['answer']> | { fault: Fault }> {
  if (answer !== null) return answer;
  const files = await filesOf(root, key);
  try {
    const { nip, ...asked } = call;
    const options = { ...asked, idempotencyKey: key, signal };
    const { submissionId, invoices } = await handIn(client, nip, files, options);
    const fresh = { submissionId, files: perFile(files, invoices) };
    await writeRecord(root, key, { call, answer: fresh });
    return fresh;
  } catch (error) {
    if (!isAboutTheFiles(error)) throw error;
    return { fault: { code: error.code, detail: error.detail } };
  }
}

/** An archive is alone in its call, so all answers are about it; other files have one each, in the order given. */
function perFile(
  files: readonly { readonly name: string }[],
  invoices: readonly Schemas['SubmittedInvoice'][],
): FileAnswer[] {
  const [first] = files;
  if (first !== undefined && isArchive(first.name)) return [{ name: first.name, invoices }];
  return files.map(({ name }, index) => ({ name, invoices: invoices.slice(index, index + 1) }));
}

/** Of key and address no file is guilty, and what cannot be taken now can be taken later. */
function isAboutTheFiles(error: unknown): error is WsadProblem {
  const others = [401, 403, 404, 405, 409, 429];
  return (
    error instanceof WsadProblem &&
    error.instance !== null &&
    error.status < 500 &&
    !others.includes(error.status)
  );
}

async function statesOf(
  client: Client,
  { submissionId, files }: NonNullable<BatchRecord['answer']>,
): Promise<ReadonlyMap<string, Invoice>> {
  const states = new Map<string, Invoice>();
  if (files.every(({ invoices }) => invoices.every(({ id }) => id === null))) return states;
  const { byState } = await client.answered(
    client.api.GET('/v1/submissions/{id}', { params: { path: { id: submissionId } } }),
  );
  const { cleared = 0, rejected = 0, withdrawn = 0 } = byState;
  if (cleared + rejected + withdrawn === 0) return states;
  const page = (after: After) =>
    client.answered(
      client.api.GET('/v1/invoices', { params: { query: { submissionId, limit: 1000, ...after } } }),
    );
  for await (const invoice of allPages(page)) states.set(invoice.id, invoice);
  return states;
}

type Story = Faulty & { readonly ksefNumber: string | null };

/** Null while it is under way, or waits for a person. */
function storyOf(submitted: Schemas['SubmittedInvoice'], states: ReadonlyMap<string, Invoice>): Story | null {
  if (submitted.id === null) {
    const [refusal] = refusedOf({ submissionId: '', accepted: 0, refused: 1, invoices: [submitted] });
    return refusal === undefined ? null : { ...refusal, ksefNumber: null };
  }
  const invoice = states.get(submitted.id);
  if (invoice === undefined || !['cleared', 'rejected', 'withdrawn'].includes(invoice.state)) return null;
  return { ...faultyOf(invoice), ksefNumber: invoice.ksefNumber };
}

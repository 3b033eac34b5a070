/** Hands batch after batch in, and follows each while the next ones go. */
import { randomUUID } from 'node:crypto';
import type { Client, Schemas, SendOptions } from '@wsad/client';
import { type Failure, failureOf } from '../failure.ts';
import type { FoundFile } from './collect.ts';
import { type Faulty, refusedOf } from './faulty.ts';
import { handIn } from './hand-in.ts';
import { byStateOf, type Tally } from './tally.ts';

type Submission = Schemas['Submission'];

export interface Dispatch {
  readonly client: Client;
  readonly nip: string;
  readonly batches: readonly (readonly FoundFile[])[];
  readonly options: SendOptions;
  /** Not followed where null. */
  readonly timeoutMs: number | null;
  readonly onTally: (tally: Tally) => void;
}

export interface Dispatched {
  readonly submissionIds: readonly string[];
  readonly tally: Tally;
  readonly refused: readonly Faulty[];
  /** What stopped handing in or following; what went before it is told all the same. */
  readonly failure: Failure | null;
}

export async function dispatch(work: Dispatch): Promise<Dispatched> {
  const submissionIds: string[] = [];
  const refused: Faulty[] = [];
  const submissions = new Map<string, Pick<Submission, 'byState'>>();
  const filesTotal = work.batches.reduce((sum, batch) => sum + batch.length, 0);
  let tally: Tally = { files: 0, filesTotal, accepted: 0, refused: 0, byState: {}, receipts: 0 };
  const tell = (changed: Partial<Tally>): void => {
    tally = { ...tally, ...changed, byState: byStateOf(submissions.values()) };
    work.onTally(tally);
  };
  const followed: Promise<unknown>[] = [];
  const failures: Failure[] = [];
  const caught = (error: unknown): void => void failures.push(failureOf(error));
  tell({});
  for (const batch of work.batches) {
    const answer = await handIn(work.client, work.nip, batch, {
      ...work.options,
      idempotencyKey: randomUUID(),
    }).catch(caught);
    if (answer === undefined) break;
    submissionIds.push(answer.submissionId);
    refused.push(...refusedOf(answer));
    tell({
      files: tally.files + batch.length,
      accepted: tally.accepted + answer.accepted,
      refused: tally.refused + answer.refused,
    });
    const onProgress = (submission: Submission): void => {
      submissions.set(answer.submissionId, submission);
      tell({});
    };
    if (work.timeoutMs !== null && answer.accepted > 0)
      followed.push(follow(work, answer.submissionId, work.timeoutMs, onProgress).catch(caught));
  }
  await Promise.all(followed);
  return { submissionIds, tally, refused, failure: failures[0] ?? null };
}

async function follow(
  { client, options }: Dispatch,
  id: string,
  timeoutMs: number,
  onProgress: (submission: Submission) => void,
): Promise<void> {
  const { signal } = options;
  await client.wait(id, { timeoutMs, onProgress, ...(signal === undefined ? {} : { signal }) });
}

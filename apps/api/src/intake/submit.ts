import { isTaken, Problem } from '@wsad/domain';
import { observe } from '@wsad/telemetry';
import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { entriesOf } from './body.ts';
import { CALL_BYTES_MAX, CALL_INVOICES_MAX } from './call-budget.ts';
import { checkEntries } from './check-entries.ts';
import { checkRules } from './check-rules.ts';
import type { Entry } from './entry.ts';
import { KeptCall } from './kept-call.ts';
import {
  acceptCommand,
  fingerprintOf,
  type KeptEntry,
  lanesTouched,
  type SubmitRequest,
  type WholeCall,
  withCorrection,
} from './submission.ts';
import { type StoredAnswer, submitAnswer } from './submit-answer.ts';

/** Well within the time after which a silent call counts as crashed. */
const SIGN_OF_LIFE_MS = 2_000;

/** Takes the invoices of one call in: read, checked, made durable, answered; then the bell is rung. */
export async function submit(
  deps: ApiDeps,
  request: FastifyRequest,
  asked: SubmitRequest,
): Promise<StoredAnswer> {
  const limits = deps.callLimits ?? { bytesMax: CALL_BYTES_MAX, invoicesMax: CALL_INVOICES_MAX };
  const entries = entriesOf(request, limits);
  const leave = await deps.room.take(Number(request.headers['content-length'] ?? limits.bytesMax));
  const kept = new KeptCall({
    newId: () => deps.ledger.newId(deps.clock()),
    put: (stageId, invoices) => deps.ledger.stage(stageId, invoices),
    drop: (stageId) => deps.ledger.dropStaged(stageId),
  });
  try {
    return await takeIn(deps, request, asked, entries, kept);
  } finally {
    kept.drop();
    leave();
  }
}

async function takeIn(
  deps: ApiDeps,
  request: FastifyRequest,
  asked: SubmitRequest,
  unchecked: AsyncIterable<Entry>,
  kept: KeptCall,
): Promise<StoredAnswer> {
  const began = deps.clock();
  const call = await observe({ name: 'submission.check', of: { nip: asked.nip } }, () =>
    checkAll(deps, asked, unchecked, kept),
  );
  if (call.entries.length === 0) throw new Problem('NO_INVOICES');
  return await onceForKey(deps, asked, call.entries, async () =>
    acceptCall(deps, request, asked, call, began),
  );
}

async function checkAll(
  deps: ApiDeps,
  asked: SubmitRequest,
  unchecked: AsyncIterable<Entry>,
  kept: KeptCall,
): Promise<WholeCall> {
  await checkEntries(
    unchecked,
    checkRules(deps, asked),
    (files, given, deflated) => deps.checker.check(files, given, deflated),
    (checked) => kept.take(checked),
  );
  return withCorrection(await kept.whole(), asked.correctionOf);
}

async function acceptCall(
  deps: ApiDeps,
  request: FastifyRequest,
  asked: SubmitRequest,
  call: WholeCall,
  began: Date,
): Promise<StoredAnswer> {
  const now = deps.clock();
  const submissionId = deps.ledger.newId(now);
  const command = acceptCommand(submissionId, asked, call, now, deps.lingerMs);
  const accepting = {
    name: 'submission.accept',
    of: { nip: asked.nip },
    facts: { submissionId, invoices: command.invoices.length },
  } as const;
  const results = await observe(accepting, () => deps.ledger.accept(command));
  for (const lane of lanesTouched(command, results)) void deps.doorbell.dispatch(lane).catch(() => {});
  const taken = results.filter(isTaken).length;
  deps.telemetry.emit({
    type: 'submission.accepted',
    nip: asked.nip,
    submissionId,
    accepted: taken,
    refused: call.entries.length - taken,
    durationMs: deps.clock().getTime() - began.getTime(),
  });
  return submitAnswer(submissionId, call.entries, results, request.id);
}

/** With a key the work is done once, and every repetition gets the first answer. */
async function onceForKey(
  deps: ApiDeps,
  asked: SubmitRequest,
  entries: readonly KeptEntry[],
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const { actor, nip, idempotencyKey } = asked;
  if (idempotencyKey === null) return await work();
  const call = { scope: `${actor}/${nip}`, key: idempotencyKey };
  const requestHash = fingerprintOf(asked, entries);
  const begun = await deps.ledger.beginIdempotent({ ...call, requestHash, now: deps.clock() });
  if (begun.kind === 'answered') return { status: begun.status, body: begun.body };
  if (begun.kind === 'differs') throw new Problem('IDEMPOTENCY_KEY_REUSED');
  if (begun.kind === 'inProgress') throw new Problem('IDEMPOTENCY_KEY_IN_USE');
  const alive = setInterval(
    () => void deps.ledger.renewIdempotent({ ...call, now: deps.clock() }).catch(() => {}),
    SIGN_OF_LIFE_MS,
  );
  const answer = await work()
    .finally(() => clearInterval(alive))
    .catch(async (error: unknown) => {
      await deps.ledger.abortIdempotent(call).catch(() => {});
      throw error;
    });
  // What was accepted is durable: failing to keep the answer must not turn it into an error.
  await deps.ledger
    .finishIdempotent({ ...call, ...answer, now: deps.clock() })
    .catch(() => deps.ledger.abortIdempotent(call).catch(() => {}));
  return answer;
}

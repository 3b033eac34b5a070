/** wsad held: what waits for a person, and the ways out of it. */
import type { Schemas } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';

export interface HeldChoice {
  readonly nip?: string;
  readonly cause?: string;
}

export async function heldList({ client, screen }: Tools, { nip }: HeldChoice): Promise<Ending> {
  const groups: Schemas['HeldGroup'][] = [];
  const page = (after: After) =>
    client.answered(
      client.api.GET('/v1/held', {
        params: { query: { limit: 1000, ...(nip === undefined ? {} : { nip }), ...after } },
      }),
    );
  for await (const group of allPages(page)) groups.push(group);
  const rows = groups.map((group) => [
    group.nip,
    group.holdCause,
    String(group.invoices),
    group.oldestAt,
    [group.advice, group.holdDetail].filter(Boolean).join(' '),
  ]);
  const lines =
    rows.length === 0
      ? ['Nothing is held.']
      : [screen.table(['seller', 'cause', 'invoices', 'since', 'what to do'], rows)];
  const ending = rows.length === 0 ? 'done' : 'notAll';
  screen.tell({ ending, lines, json: { groups } });
  return ending;
}

/** Retried or withdrawn: the invoices named, or all that one cause holds at one seller, as many calls as it takes. */
export async function heldInBulk(
  { client, screen }: Tools,
  action: 'retry' | 'withdraw',
  ids: readonly string[],
  choice: HeldChoice,
): Promise<Ending> {
  const path = action === 'retry' ? '/v1/invoices/retry' : '/v1/invoices/withdraw';
  let done = 0;
  const refused: Schemas['BulkResult']['refused'] = [];
  for (const body of bodiesOf(ids, choice)) {
    for (let more = true; more; ) {
      const result = await client.answered(client.api.POST(path, { body }));
      done += result.done;
      refused.push(...result.refused);
      more = result.more && result.done > 0;
    }
  }
  const ending = refused.length === 0 ? 'done' : 'notAll';
  screen.tell({
    ending,
    lines: [
      `${action === 'retry' ? 'Back in line' : 'Withdrawn'}: ${done}`,
      ...refused.map(({ id, code }) => `${id}: ${code}`),
    ],
    json: { done, refused },
  });
  return ending;
}

const IDS_MAX = 1_000;

function bodiesOf(ids: readonly string[], { nip, cause }: HeldChoice): Schemas['HeldChoice'][] {
  if (ids.length === 0 && nip !== undefined && cause !== undefined)
    return [{ nip, holdCause: cause as Schemas['HeldGroup']['holdCause'] }];
  if (ids.length === 0 || nip !== undefined || cause !== undefined)
    throw new UsageError('Name invoices by their ids, or all of a cause by --nip and --cause.');
  return Array.from({ length: Math.ceil(ids.length / IDS_MAX) }, (_, index) => ({
    ids: ids.slice(index * IDS_MAX, (index + 1) * IDS_MAX),
  }));
}

export interface Resolution {
  readonly ksefNumber?: string;
  readonly rejected?: boolean;
}

export async function heldResolve(
  { client, screen }: Tools,
  id: string,
  { ksefNumber, rejected }: Resolution,
): Promise<Ending> {
  if ((ksefNumber === undefined) === (rejected !== true))
    throw new UsageError('Say what you found at KSeF: --ksef-number NUMBER or --rejected.');
  const invoice = await client.answered(
    client.api.POST('/v1/invoices/{id}/resolve', {
      params: { path: { id } },
      body: ksefNumber === undefined ? { rejected: true } : { ksefNumber },
    }),
  );
  const { state } = invoice;
  screen.tell({
    ending: 'done',
    lines: [`${id} is ${state}${invoice.ksefNumber === null ? '' : `: ${invoice.ksefNumber}`}`],
    json: { id, state, ksefNumber: invoice.ksefNumber },
  });
  return 'done';
}

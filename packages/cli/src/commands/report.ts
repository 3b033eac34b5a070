/** wsad report: the result list of one submission, on the screen or as a file. */
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { save } from '../save.ts';
import { type Faulty, settledBadly } from '../send/faulty.ts';
import { isAllCleared } from '../send/tally.ts';

export interface ReportFlags {
  readonly csv?: boolean;
  readonly xlsx?: boolean;
  readonly output?: string;
}

export async function report(tools: Tools, id: string, flags: ReportFlags): Promise<Ending> {
  if (flags.csv === true && flags.xlsx === true) throw new UsageError('Either --csv or --xlsx.');
  const isFile = flags.csv === true || flags.xlsx === true || flags.output !== undefined;
  return isFile ? await document(tools, id, flags) : await onScreen(tools, id);
}

async function document({ client, screen }: Tools, id: string, flags: ReportFlags): Promise<Ending> {
  const call = { params: { path: { id } }, parseAs: 'stream' } as const;
  const isWorkbook = flags.xlsx === true || (flags.csv !== true && /\.xlsx$/i.test(flags.output ?? ''));
  const stream = await client.answered(
    isWorkbook
      ? client.api.GET('/v1/submissions/{id}/report.xlsx', call)
      : client.api.GET('/v1/submissions/{id}/report.csv', call),
  );
  return await save(screen, stream, flags.output, { submission: id });
}

async function onScreen({ client, screen }: Tools, id: string): Promise<Ending> {
  const submission = await client.answered(
    client.api.GET('/v1/submissions/{id}', { params: { path: { id } } }),
  );
  const faulty: Faulty[] = [];
  for await (const one of settledBadly(client, id)) faulty.push(one);
  const { total, refused, byState, done } = submission;
  const rows = [...Object.entries(byState), ['refused', refused] as const].filter(([, count]) => count > 0);
  const ending = endingOf(done, isAllCleared({ accepted: total, refused, byState }));
  screen.tell({
    ending,
    lines: [
      screen.table(
        ['state', 'invoices'],
        rows.map(([state, count]) => [state, String(count)]),
      ),
      ...faulty.map(
        ({ invoiceNumber, fileName, state, reasons }) =>
          `${fileName ?? invoiceNumber ?? ''} ${state}: ${reasons.map(({ message }) => message).join('; ')}`,
      ),
    ],
    json: { ...submission, faulty },
  });
  return ending;
}

function endingOf(isDone: boolean, isWell: boolean): Ending {
  if (!isDone) return 'underWay';
  return isWell ? 'done' : 'notAll';
}

/** wsad upo: KSeF's receipt of an invoice, by our id or by its KSeF number. */
import type { Client } from '@wsad/client';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { save } from '../save.ts';

export interface UpoFlags {
  readonly output?: string;
  /** The receipt of this invoice alone, instead of the one of its whole session. */
  readonly single?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

const LOOK_EVERY_MS = 2_000;
const KSEF_NUMBER = /^\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}$/i;

export async function upo(tools: Tools, named: string, flags: UpoFlags): Promise<Ending> {
  const { client, screen, surroundings } = tools;
  const id = KSEF_NUMBER.test(named) ? await idOf(client, named) : named;
  const scope = flags.single === true ? 'invoice' : 'session';
  const until = surroundings.clock().getTime() + flags.timeout * 1000;
  for (;;) {
    const answer = await client.api.GET('/v1/invoices/{id}/upo', {
      params: { path: { id }, query: { scope } },
      parseAs: 'stream',
    });
    const body = await client.answered<unknown>(Promise.resolve(answer));
    if (answer.response.status === 200) return await save(screen, body, flags.output, { invoice: id });
    await answer.response.body?.cancel();
    if (surroundings.clock().getTime() >= until) return notYet(tools, id);
    await surroundings.pause(LOOK_EVERY_MS);
  }
}

async function idOf(client: Client, ksefNumber: string): Promise<string> {
  const { items } = await client.answered(
    client.api.GET('/v1/invoices', { params: { query: { ksefNumber: ksefNumber.toUpperCase() } } }),
  );
  const [invoice] = items;
  if (invoice === undefined) throw new UsageError(`There is no invoice with the KSeF number ${ksefNumber}.`);
  return invoice.id;
}

function notYet({ screen }: Tools, id: string): Ending {
  screen.complain({
    ending: 'underWay',
    code: 'UPO_PENDING',
    detail: `KSeF has not made the receipt of invoice ${id} yet.`,
    whatToDo: 'Ask again later.',
  });
  return 'underWay';
}

/** wsad status: is a seller ready, or how do all of them stand? */
import type { Schemas } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import type { Screen } from '../screen.ts';

export async function status(tools: Tools, nip: string | undefined): Promise<Ending> {
  return nip === undefined ? await statusOfAll(tools) : await statusOfOne(tools, nip);
}

async function statusOfOne({ client, screen }: Tools, nip: string): Promise<Ending> {
  const seller = await client.answered(
    client.api.GET('/v1/sellers/{nip}/status', { params: { path: { nip } } }),
  );
  const ending = seller.ready ? 'done' : 'notAll';
  screen.tell({ ending, lines: linesOf(screen, seller), json: seller });
  return ending;
}

function linesOf(screen: Screen, seller: Schemas['SellerStatus']): string[] {
  const { authentication, connection, ready, reason, pending, held, nextDispatchAt, nextDeadlineAt } = seller;
  const rows = [
    ['ready', ready ? screen.paint('green', 'yes') : screen.paint('red', 'no')],
    ['what to do', reason],
    ['login', [authentication.state, authentication.method].filter(Boolean).join(' by ')],
    ['login until', authentication.validUntil],
    ['permissions', authentication.permissions.join(', ')],
    ['last error', authentication.lastError],
    [
      'KSeF',
      connection.latencyMs === null ? connection.state : `${connection.state}, ${connection.latencyMs} ms`,
    ],
    ['waiting', String(pending)],
    ['held', String(held)],
    ['next sending', nextDispatchAt],
    ['next deadline', nextDeadlineAt],
  ];
  const known = rows.filter((row): row is [string, string] => (row[1] ?? '') !== '');
  return [screen.table(['seller', seller.nip], known)];
}

async function statusOfAll({ client, screen }: Tools): Promise<Ending> {
  const sellers: Schemas['SellerSummary'][] = [];
  const page = (after: After) =>
    client.answered(
      client.api.GET('/v1/sellers', {
        params: { query: { limit: 1000, ...after } },
      }),
    );
  for await (const seller of allPages(page)) sellers.push(seller);
  const rows = sellers.map(({ nip, ready, authentication, pending, held, reason }) => [
    nip,
    ready ? screen.paint('green', 'ready') : screen.paint('red', 'not ready'),
    authentication,
    String(pending),
    String(held),
    reason ?? '',
  ]);
  const ending = sellers.every(({ ready }) => ready) ? 'done' : 'notAll';
  screen.tell({
    ending,
    lines: [screen.table(['seller', '', 'login', 'waiting', 'held', 'what to do'], rows)],
    json: { sellers },
  });
  return ending;
}

/** wsad doctor: is everything there that sending needs, and if not, what is to be mended? */
import type { Client, Schemas } from '@wsad/client';
import { type After, allPages } from '../all-pages.ts';
import type { Tools } from '../command.ts';
import type { Ending } from '../exit-codes.ts';
import { type Failure, failureOf } from '../failure.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly words: string;
}

/** Dates in answers are whole seconds, and an answer takes its time: less than this says nothing. */
const CLOCK_OFF_MS_MAX = 5_000;

export async function doctor(tools: Tools): Promise<Ending> {
  const findings: Finding[] = [];
  let failure: Failure | null = null;
  try {
    for await (const finding of examine(tools)) findings.push(finding);
  } catch (error) {
    failure = failureOf(error);
    const words = [failure.detail, failure.whatToDo ?? ''].join(' ').trim();
    findings.push({ what: failure.ending === 'unreachable' ? 'API' : 'key', ok: false, words });
  }
  const isWell = findings.every(({ ok }) => ok);
  const ending: Ending = failure?.ending ?? (isWell ? 'done' : 'notAll');
  tell(tools, findings, ending, failure);
  return ending;
}

/** In the order in which one stands on the other: what comes after the first thing missing cannot be asked. */
async function* examine(tools: Tools): AsyncGenerator<Finding> {
  const { client, url } = tools;
  const { response } = await client.api.GET('/readyz');
  yield response.ok
    ? { what: 'API', ok: true, words: `answers at ${url}` }
    : { what: 'API', ok: false, words: `${url} answers ${response.status}: see its logs` };
  yield clock(response, tools.surroundings.clock());
  const who = await client.answered(client.api.GET('/v1/session'));
  yield { what: 'key', ok: true, words: `role ${who.role}, ${sellersOf(who)}` };
  yield await ksef(client);
  yield* sellers(client);
}

function clock({ headers }: Response, now: Date): Finding {
  const theirs = Date.parse(headers.get('date') ?? '');
  const offMs = Math.abs(theirs - now.getTime());
  if (Number.isNaN(theirs)) return { what: 'clock', ok: true, words: 'the answer has no date' };
  return offMs <= CLOCK_OFF_MS_MAX
    ? { what: 'clock', ok: true, words: 'agrees with that of the API' }
    : {
        what: 'clock',
        ok: false,
        words: `${Math.round(offMs / 1000)} s apart from that of the API: set both by NTP`,
      };
}

function sellersOf({ sellers }: Schemas['PageSession']): string {
  return sellers === 'all' ? 'all sellers' : `sellers ${sellers.join(', ')}`;
}

async function ksef(client: Client): Promise<Finding> {
  const { connection, paused } = await client.answered(client.api.GET('/v1/overview'));
  const { state, latencyMs } = connection;
  if (paused)
    return { what: 'KSeF', ok: false, words: 'sending is paused for all: resume it when it may go on' };
  const speed = latencyMs === null ? '' : `, ${latencyMs} ms`;
  if (state === 'down')
    return { what: 'KSeF', ok: false, words: 'cannot be reached; wsad sends by itself once it can' };
  return { what: 'KSeF', ok: true, words: `${state}${speed}` };
}

async function* sellers(client: Client): AsyncGenerator<Finding> {
  const page = (after: After) =>
    client.answered(client.api.GET('/v1/sellers', { params: { query: { limit: 1000, ...after } } }));
  let ready = 0;
  let all = 0;
  for await (const { nip, ready: isReady, reason } of allPages(page)) {
    all += 1;
    if (isReady) ready += 1;
    else yield { what: `seller ${nip}`, ok: false, words: reason ?? 'not ready' };
  }
  yield all === 0
    ? { what: 'sellers', ok: false, words: 'there is none: wsad login NIP --token FILE' }
    : { what: 'sellers', ok: ready === all, words: `${ready} of ${all} ready` };
}

function tell(
  { screen }: Tools,
  findings: readonly Finding[],
  ending: Ending,
  failure: Failure | null,
): void {
  const rows = findings.map(({ what, ok, words }) => [
    ok ? screen.paint('green', 'ok') : screen.paint('red', 'mend'),
    what,
    words,
  ]);
  screen.tell({
    ending,
    lines: [screen.table(['', 'what', 'found'], rows)],
    json: { findings },
    // For people the table has its words already.
    failure: screen.isJson ? failure : null,
  });
}
